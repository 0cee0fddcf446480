"""What one jurisdiction sends another: isolates without patients, and whom to call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from abscope.records.genomes import Letters

Precision = Literal["none", "year", "month", "day"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
DRUG_CLASSES = ("macrolides", "amikacin", "fluoroquinolones")
LONGEST_TEXT = 500
MOST_ISOLATES = 100_000
_SAMPLED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _plain(text: str | None) -> None:
    """Raise ValueError where a text is long, or holds signs that make a terminal do things."""
    if text is not None and (len(text) > LONGEST_TEXT or not text.isprintable()):
        raise ValueError(f"{text[:40]!r}: not a plain short text")


@dataclass(frozen=True, slots=True)
class Genome:
    """The reference isolates were called against. digest: as Reference.digest."""

    name: str
    digest: str
    length: int

    def __post_init__(self) -> None:
        _plain(self.name)
        if not re.fullmatch(r"[0-9a-f]{64}", self.digest) or not 0 < self.length < 2**30:
            raise ValueError(f"{self.name}: no reference has this digest or length")


@dataclass(frozen=True, slots=True)
class Details:
    """What may be said of an isolate besides its genotype. resistance: verdict by DRUG_CLASSES.

    sampled: 2022, 2022-10 or 2022-10-14, as the sender chose; None where it is kept or not known.
    """

    clone: str | None = None
    subspecies: str | None = None
    sequence_type: str | None = None
    resistance: Mapping[str, str] = field(default_factory=dict)
    sampled: str | None = None

    def __post_init__(self) -> None:
        for text in (self.clone, self.subspecies, self.sequence_type, *self.resistance.values()):
            _plain(text)
        if strange := set(self.resistance) - set(DRUG_CLASSES):
            raise ValueError(f"no drug class is called {sorted(strange)[0]!r}")
        if self.sampled is not None and not _SAMPLED.fullmatch(self.sampled):
            raise ValueError(f"{self.sampled!r} is no date")


@dataclass(frozen=True, slots=True, eq=False)
class SharedIsolate:
    """An isolate as what differs from its reference, under a name only its sender understands.

    genome: which of the bundle's. snps: positions of other bases, ascending. bases: those, of A C G T.
    missing: stretches without a base, (n, 2), start and end, ascending and apart.
    """

    code: str
    genome: int
    snps: NDArray[np.int64]
    bases: Letters
    missing: NDArray[np.int64]
    details: Details = Details()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-f]{4,64}", self.code):
            raise ValueError(f"{self.code[:80]!r} is no code")
        edges = self.missing.reshape(-1)
        if len(self.snps) != len(self.bases) or (np.diff(self.snps) <= 0).any():
            raise ValueError(f"{self.code}: its positions do not ascend")
        if (np.diff(edges) <= 0).any():
            raise ValueError(f"{self.code}: its stretches without a base overlap")
        if not np.isin(self.bases, list(b"ACGT")).all():
            raise ValueError(f"{self.code}: holds letters that are no bases")

    def fits(self, genome: Genome) -> bool:
        """Whether every position lies on the genome."""
        edges = self.missing.reshape(-1)
        ends = [*self.snps[:1], *self.snps[-1:], *edges[:1], *(edges[-1:] - 1)]
        return all(0 <= int(end) < genome.length for end in ends)

    def letters(self, sequence: Letters) -> Letters:
        """The isolate's letter at every position of its reference; `N` where it has none."""
        found = sequence.copy()
        found[self.snps] = self.bases
        for start, end in self.missing.tolist():
            found[start:end] = ord("N")
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Isolates of one sender. made: the day, ISO. contact: whom to call about any of them."""

    made: str
    organism: str
    jurisdiction: str
    contact: str
    precision: Precision
    genomes: tuple[Genome, ...]
    isolates: tuple[SharedIsolate, ...]

    def __post_init__(self) -> None:
        for text in (self.organism, self.jurisdiction, self.contact):
            _plain(text)
        if not self.contact.strip():
            raise ValueError("a bundle says whom to call")
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.made) or self.precision not in PRECISIONS:
            raise ValueError("the day or the precision of dates is not one")
        if len(self.isolates) > MOST_ISOLATES:
            raise ValueError(f"more than {MOST_ISOLATES} isolates")
        if len({one.code for one in self.isolates}) != len(self.isolates):
            raise ValueError("two isolates have one code")
        for one in self.isolates:
            if not 0 <= one.genome < len(self.genomes) or not one.fits(self.genomes[one.genome]):
                raise ValueError(f"{one.code}: lies outside its reference")

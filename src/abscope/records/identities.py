"""What an isolate is: species, subspecies, and what else is in the tube."""

from dataclasses import dataclass
from typing import Literal

Certainty = Literal["confident", "low", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """How an isolate compares with one known genome; shares run from 0 to 1.

    ani: average nucleotide identity over what both have, None where too few k-mers are shared to
    measure it; `error` its standard error. aligned: share of the known genome that the isolate has,
    None where positions are unknown. isolate_in_known, known_in_isolate: containment of k-mers, read
    errors and depth allowed for.
    """

    name: str
    species: str
    subspecies: str | None
    ani: float | None
    error: float | None
    aligned: float | None
    isolate_in_known: float
    known_in_isolate: float


@dataclass(frozen=True, slots=True)
class Foreign:
    """Sequence of another origin. species: None where nothing known explains it.

    share: of the isolate's sequence, a lower bound where a species is named.
    """

    species: str | None
    share: float
    evidence: str


@dataclass(frozen=True, slots=True)
class MarkerCheck:
    """What marker SNPs say of the subspecies.

    shares: for each subspecies the markers carried and read. subspecies: the one they name, None
    where they name none.
    """

    shares: tuple[tuple[str, int, int], ...]
    subspecies: str | None
    verdict: Certainty
    reason: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What an isolate is, and on what evidence.

    expected: whether it is of the organism asked for, None where it cannot be told. species, subspecies:
    None where none can be named. candidates: best first.
    """

    expected: bool | None
    species: str | None
    verdict: Certainty
    subspecies: str | None
    subspecies_verdict: Certainty
    candidates: tuple[Candidate, ...]
    foreign: tuple[Foreign, ...]
    reason: str
    warnings: tuple[str, ...] = ()

    @property
    def foreign_share(self) -> float:
        """Share of the isolate's sequence that is of another origin, at least."""
        return min(sum(one.share for one in self.foreign), 1.0)

"""Reference genomes and stretches of them.

Positions are 0-based and half-open, on the contigs laid end to end; sequences are ASCII letters.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Letters = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the reference, and why it is named."""

    start: int
    end: int
    reason: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not an interval: {self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Contig:
    """One sequence of a reference, and where it lies on the whole."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A genome that isolates are called against.

    sequence: upper-case ASCII letters, contigs laid end to end; other than ACGT is `N`.
    """

    name: str
    contigs: tuple[Contig, ...]
    sequence: Letters
    subspecies: str | None = None
    accession: str | None = None

    def __post_init__(self) -> None:
        if not self.contigs or self.contigs[-1].end != len(self.sequence):
            raise ValueError(f"{self.name}: contigs must cover the sequence")

    def __eq__(self, other: object) -> bool:
        """Same name, contigs and letters: so that what is made from a reference can be remembered."""
        return (
            isinstance(other, Reference)
            and (self.name, self.contigs) == (other.name, other.contigs)
            and bool(np.array_equal(self.sequence, other.sequence))
        )

    def __hash__(self) -> int:
        """Consistent with equality."""
        return hash((self.name, self.contigs))

    @property
    def digest(self) -> str:
        """SHA-256 of the contigs' names, lengths and letters."""
        table = "".join(f"{c.name}\t{c.end - c.start}\n" for c in self.contigs)
        return hashlib.sha256(table.encode() + self.sequence.tobytes()).hexdigest()

    def locate(self, position: int) -> tuple[str, int]:
        """Contig name and 0-based position within it."""
        for contig in self.contigs:
            if contig.start <= position < contig.end:
                return contig.name, position - contig.start
        raise ValueError(f"{position} lies outside {self.name}")


@dataclass(frozen=True, slots=True)
class Mask:
    """Stretches of one reference at which isolates are not compared."""

    reference: str
    length: int
    intervals: tuple[Interval, ...] = ()

    def hidden(self) -> NDArray[np.bool_]:
        """Whether each position is masked, shape (length,)."""
        flags = np.zeros(self.length, dtype=np.bool_)
        for interval in self.intervals:
            flags[interval.start : interval.end] = True
        return flags

    @property
    def unmasked(self) -> int:
        """How many positions isolates may be compared at."""
        return self.length - int(self.hidden().sum())

"""Many isolates of one reference, packed small: planes of bits, and differences from representatives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MEMBER = np.dtype(
    [("clone", "<u4"), ("missing", "<u4"), ("deltas", "<u8"), ("runs", "<u8")], align=True
)
"""One isolate: its representative, its positions without a base, and the ends of its stretches of
`deltas` and `runs`, which begin where those of the isolate before end."""

LONG = 0xFFFF


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Isolates called at the same positions, as bits (see population.packing).

    reference: what they were called against. ids: n names. length: positions. words: uint64
    (n or n + 1, 3, words). sites: int64 (length,), where the positions lie on the reference, ascending;
    None where they are its positions from the first to the last.
    """

    reference: str
    ids: tuple[str, ...]
    length: int
    words: NDArray[np.uint64]
    sites: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if self.words.ndim != 3 or self.words.shape[1] != 3 or len(self.words) < len(self.ids):
            raise ValueError("planes must be isolates by 3 by words")
        if self.words.shape[2] * 64 < self.length:
            raise ValueError("fewer bits than positions")
        if self.sites is not None and len(self.sites) != self.length:
            raise ValueError("every position needs its site")


@dataclass(frozen=True, slots=True, eq=False)
class Genotypes:
    """Isolates of one reference, each as what differs from a representative of its clone; lossless.

    length: positions. representatives: uint64 (c, 2, words), the two bits of a base at every
    position. members: MEMBER (n,), in the order the isolates came. deltas: uint16, where an isolate has
    another base: steps from one position to the next, times 4, plus the base's bits; `LONG` is a
    step of 16,383 to no base. runs: uint16, where it has none: the step from the end of one stretch to
    the start of the next, and its length, in turn; `LONG` is 65,535 and more to come.

    Arrays only ever grow at their ends, so that files can be appended to and mapped into memory.
    """

    length: int
    representatives: NDArray[np.uint64]
    members: NDArray[np.void]
    deltas: NDArray[np.uint16]
    runs: NDArray[np.uint16]

    def __post_init__(self) -> None:
        if not 0 < self.length < 2**30:
            raise ValueError("a genome has one position to 2 to the power of 30")
        if self.members.dtype != MEMBER:
            raise ValueError("members are not of this layout")
        ends = (0, 0) if not len(self.members) else self.members[["deltas", "runs"]][-1]
        if tuple(ends) != (len(self.deltas), len(self.runs)):
            raise ValueError("the last isolate's deltas or runs are not the last")

    def __len__(self) -> int:
        """How many isolates."""
        return len(self.members)

    @property
    def nbytes(self) -> int:
        """Bytes that are stored."""
        arrays = (self.representatives, self.members, self.deltas, self.runs)
        return sum(array.nbytes for array in arrays)


@dataclass(frozen=True, slots=True, eq=False)
class Addition:
    """What new isolates put at the ends of the arrays of Genotypes, in their layout.

    Clones and ends are those of the whole, old and new.
    """

    representatives: NDArray[np.uint64]
    members: NDArray[np.void]
    deltas: NDArray[np.uint16]
    runs: NDArray[np.uint16]

"""K-mer sketches: a fixed sample of a genome's k-mers, the same sample for every genome."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
_HASHES = 2**64


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """FracMinHash: the hashes of all canonical k-mers that fall in the lowest 1/`scaled`.

    hashes: uint64, ascending, each once. counts: how often each was seen, for reads; None for
    genomes. windows: stretch of the genome each lies in, int32, where positions are known. intact: share
    of k-mers that sequencing left as they are, 1 for assemblies.
    """

    hashes: Hashes
    ksize: int
    scaled: int
    seed: int = 42
    counts: NDArray[np.int64] | None = None
    windows: NDArray[np.int32] | None = None
    intact: float = 1.0

    def __post_init__(self) -> None:
        if self.ksize < 1 or self.scaled < 1 or not 0 < self.intact <= 1:
            raise ValueError("k and scaled are 1 or more, intact lies above 0 and at most at 1")
        if (self.hashes[1:] <= self.hashes[:-1]).any():
            raise ValueError("hashes must ascend, each once")
        for column in (self.counts, self.windows):
            if column is not None and len(column) != len(self.hashes):
                raise ValueError("one count and one window for each hash")

    @property
    def total(self) -> int:
        """K-mers sampled, as often as they were seen."""
        return len(self.hashes) if self.counts is None else int(self.counts.sum())

    @property
    def bases(self) -> int:
        """Estimated number of different k-mers, close to the genome's length for an assembly."""
        return len(self.hashes) * self.scaled

    def thinned(self, scaled: int) -> "Sketch":
        """The same sketch at a coarser sample. Raises ValueError for a finer one."""
        if scaled < self.scaled:
            raise ValueError(f"a sketch of 1/{self.scaled} cannot be made 1/{scaled}")
        if scaled == self.scaled:
            return self
        kept = int(np.searchsorted(self.hashes, np.uint64(round(_HASHES / scaled)), side="right"))
        return replace(
            self,
            hashes=self.hashes[:kept],
            scaled=scaled,
            counts=None if self.counts is None else self.counts[:kept],
            windows=None if self.windows is None else self.windows[:kept],
        )


@dataclass(frozen=True, slots=True, eq=False)
class KnownGenome:
    """A genome whose species is known, to hold an isolate against."""

    name: str
    species: str
    sketch: Sketch
    subspecies: str | None = None

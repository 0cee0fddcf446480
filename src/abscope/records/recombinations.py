"""Imported stretches of DNA in a clone, and what they take off the distance of every pair."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records.genomes import Interval
from abscope.records.populations import Distances
from abscope.records.remarks import LeftOut


@dataclass(frozen=True, slots=True)
class RecombinationBlock:
    """A stretch that came in on one branch: substitutions too dense for descent.

    start, end: 0-based, half-open, from its first substitution to its last. descendants: the isolates
    below the branch, by name; the tree's two sides cannot be told apart at its root, so the smaller
    side is meant there. expected: substitutions the rest of the branch would put into it. p_value:
    corrected for every stretch of every branch looked at. None: the program does not tell.
    """

    branch: str
    start: int
    end: int
    snps: int
    expected: float | None
    p_value: float | None
    descendants: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or not 0 < self.snps <= self.end - self.start:
            raise ValueError(f"not a block: {self.snps} SNPs in {self.start}-{self.end}")
        if not self.descendants:
            raise ValueError("a branch leads to somebody")

    @property
    def interval(self) -> Interval:
        """The stretch alone."""
        return Interval(self.start, self.end, f"recombination, {self.branch}")


@dataclass(frozen=True, slots=True, eq=False)
class Recombination:
    """What recombination did to one clone.

    raw: distances as they are. masked: each pair without the blocks on the path between its two
    isolates, in SNPs and in comparable sites. newick: the guide tree, in substitutions per genome
    outside blocks; inner nodes bear the names that blocks use. rounds: how often branches were scanned.
    stable: whether the tree without the blocks has the same branches. Both None: the program does not tell.
    """

    method: str
    reference: str
    length: int
    blocks: tuple[RecombinationBlock, ...]
    raw: Distances
    masked: Distances
    newick: str
    rounds: int | None
    stable: bool | None
    left_out: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        if self.raw.ids != self.masked.ids:
            raise ValueError("both matrices must be of the same isolates")
        if (self.masked.snps > self.raw.snps).any():
            raise ValueError("masking never adds a SNP")

    @property
    def ids(self) -> tuple[str, ...]:
        """Isolate names, in the order of the matrices."""
        return self.raw.ids

    @property
    def removed(self) -> NDArray[np.int64]:
        """SNPs that lie in blocks on each pair's path, int64 (n, n)."""
        return self.raw.snps - self.masked.snps

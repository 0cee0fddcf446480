"""Many isolates: distances with their denominators, trees, clusters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records.genomes import Mask
from abscope.records.remarks import LeftOut


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Pairwise SNPs, and the number of sites at which each pair could be compared.

    ids: n names. snps, comparable: int64 (n, n), symmetric; the diagonal of comparable is each
    isolate's own sites.
    """

    ids: tuple[str, ...]
    snps: NDArray[np.int64]
    comparable: NDArray[np.int64]

    def __post_init__(self) -> None:
        square = (len(self.ids),) * 2
        if self.snps.shape != square or self.comparable.shape != square:
            raise ValueError("both matrices must be ids by ids")
        if (self.snps != self.snps.T).any() or (self.comparable != self.comparable.T).any():
            raise ValueError("distances must be symmetric")
        if (self.snps > self.comparable).any():
            raise ValueError("more SNPs than sites compared")


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of isolates on one reference: branch lengths in substitutions per genome.

    newick carries support (0-100) as inner node labels where `support` names the method.
    """

    newick: str
    method: str
    rooting: str
    support: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Isolates joined by single linkage; members in alphabetical order."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Single-linkage groups of two or more at one level (SNPs).

    unresolved: pairs of isolates with too few comparable sites to say.
    """

    level: int
    groups: tuple[Cluster, ...]
    unresolved: tuple[tuple[str, str], ...] = ()

    def of(self, isolate: str) -> Cluster | None:
        """The cluster an isolate belongs to, or None."""
        return next((group for group in self.groups if isolate in group.members), None)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The isolates called against one reference, compared with each other and with nobody else."""

    reference: str
    subspecies: str | None
    raw: Distances
    masked: Distances
    mask: Mask
    tree: Tree | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Isolate names, in the order of the matrices."""
        return self.masked.ids


@dataclass(frozen=True, slots=True, eq=False)
class Relatedness:
    """Everything known about who is close to whom.

    clusters: one entry per level, tightest first. min_comparable: share of the unmasked reference a
    pair must have in common before its distance means anything.
    """

    comparisons: tuple[Comparison, ...]
    clusters: tuple[Clusters, ...]
    left_out: tuple[LeftOut, ...] = ()
    min_comparable: float = 0.5

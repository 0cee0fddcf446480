"""SNPs of pairs from wherever they come: distances, a list of pairs, a tree measured in SNPs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.population.pairs import resolved
from abscope.population.phylogeny import Phylogeny
from abscope.records import Comparison, Distances

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PairSnps:
    """SNPs of every pair, float32 (n, n), symmetric; NaN where a pair's distance cannot be told."""

    ids: tuple[str, ...]
    snps: Matrix

    def __post_init__(self) -> None:
        if self.snps.shape != (len(self.ids),) * 2 or len(set(self.ids)) != len(self.ids):
            raise ValueError("the matrix must be ids by ids, each named once")
        if not np.array_equal(self.snps, self.snps.T, equal_nan=True):
            raise ValueError("distances must be symmetric")

    def of(self, ids: tuple[str, ...]) -> Matrix:
        """The matrix of some of the isolates, in the order asked for. KeyError: no such isolate."""
        place = {name: row for row, name in enumerate(self.ids)}
        rows = [place[name] for name in ids]
        return self.snps[np.ix_(rows, rows)]


def of_distances(distances: Distances, usable: NDArray[np.bool_] | None = None) -> PairSnps:
    """SNPs of the pairs that are usable (bool (n, n)); without it, of those with a site in common."""
    told = distances.comparable > 0 if usable is None else usable
    return PairSnps(distances.ids, np.where(told, distances.snps, np.nan).astype(np.float32))


def of_comparisons(comparisons: Sequence[Comparison], *, min_comparable: float = 0.5) -> PairSnps:
    """SNPs outside the mask, of all references of a run; what two references part cannot be told.

    Raises DataError where two isolates bear one name.
    """
    return joined(
        [
            of_distances(one.masked, resolved(one, min_comparable=min_comparable))
            for one in comparisons
        ]
    )


def joined(parts: Sequence[PairSnps]) -> PairSnps:
    """Several sets as one; pairs across them cannot be told. Raises DataError for a name in two of them."""
    ids = tuple(name for part in parts for name in part.ids)
    if twice := sorted(name for name, times in Counter(ids).items() if times > 1):
        raise DataError(
            f"in more than one set of distances: {', '.join(twice)}",
            hint="give every isolate a name of its own",
        )
    snps = np.full((len(ids),) * 2, np.nan, dtype=np.float32)
    start = 0
    for part in parts:
        end = start + len(part.ids)
        snps[start:end, start:end] = part.snps
        start = end
    return PairSnps(ids, snps)


def of_pairs(pairs: Mapping[tuple[str, str], int | None]) -> PairSnps:
    """SNPs listed pair by pair, in either order or both; what is not listed cannot be told.

    Raises DataError naming every pair that is listed with two distances.
    """
    ids = tuple(sorted({name for pair in pairs for name in pair}))
    place = {name: row for row, name in enumerate(ids)}
    snps = np.full((len(ids),) * 2, np.nan, dtype=np.float32)
    np.fill_diagonal(snps, 0)
    twice = []
    for (one, two), count in pairs.items():
        if one == two or count is None:
            continue
        i, j = place[one], place[two]
        if not np.isnan(snps[i, j]) and snps[i, j] != count:
            twice.append(f"{one} and {two}: {snps[i, j]:.0f} and {count}")
        snps[i, j] = snps[j, i] = count
    if twice:
        raise DataError.collect(
            "pairs with two distances", twice, hint="list a pair once, or alike both ways"
        )
    return PairSnps(ids, snps)


def of_tree(tree: Phylogeny) -> PairSnps:
    """Path lengths between leaves, rounded: SNPs where the tree's branches are measured in SNPs.

    Raises DataError where no path reaches one SNP: such a tree is measured in substitutions per site.
    """
    leaves = tree.leaves
    apart = _between(tree)
    rows = list(leaves.values())
    found = apart[np.ix_(rows, rows)]
    if len(rows) > 1 and found.max() < 1:
        raise DataError(
            "no two leaves of the tree are one SNP apart: its branches are not measured in SNPs",
            hint="multiply the branch lengths by the sites of the alignment",
        )
    return PairSnps(tuple(leaves), np.rint(found).astype(np.float32))


def _between(tree: Phylogeny) -> NDArray[np.float64]:
    """Path length of every two nodes: a node is its branch farther from all that come before it."""
    size = len(tree.parents)
    apart = np.zeros((size, size))
    for node in range(1, size):
        row = apart[tree.parents[node], :node] + tree.lengths[node]
        apart[node, :node] = apart[:node, node] = row
    return apart

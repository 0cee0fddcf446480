"""Single-linkage clusters: isolates joined by a chain of pairs, each close enough.

Levels nest: whoever is together at a tight level is together at every looser one. Nobody is joined
across references, and no pair with too few comparable sites joins anybody.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from abscope.population.pairs import check_names, resolved
from abscope.records import Cluster, Clusters, Comparison

Pairs = tuple[tuple[str, str], ...]


def clusters(
    comparisons: Sequence[Comparison], levels: Iterable[int], *, min_comparable: float = 0.5
) -> tuple[Clusters, ...]:
    """Join isolates into groups of two or more at every level (SNPs), tightest first.

    Each level lists the pairs of one reference that have too few sites to say. Names hold within one
    run: level, then rank by size and first member (`c25-01`). Raises DataError where two isolates
    bear one name.
    """
    check_names(comparisons)
    usable = [resolved(one, min_comparable=min_comparable) for one in comparisons]
    unknown = sorted(
        pair for one, use in zip(comparisons, usable, strict=True) for pair in _pairs(one, ~use)
    )
    return tuple(
        Clusters(level, _at(comparisons, usable, level), tuple(unknown))
        for level in sorted(set(levels))
    )


def _pairs(comparison: Comparison, chosen: NDArray[np.bool_]) -> Pairs:
    first, second = np.nonzero(np.triu(chosen, 1))
    names = comparison.ids
    return tuple(
        (min(names[i], names[j]), max(names[i], names[j]))
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
    )


def _at(
    comparisons: Sequence[Comparison], usable: Sequence[NDArray[np.bool_]], level: int
) -> tuple[Cluster, ...]:
    groups = [
        group
        for one, use in zip(comparisons, usable, strict=True)
        for group in _joined(one.ids, use & (one.masked.snps <= level))
    ]
    ranked = sorted(groups, key=lambda members: (-len(members), members[0]))
    width = max(2, len(str(len(ranked))))
    return tuple(
        Cluster(f"c{level}-{rank:0{width}}", members) for rank, members in enumerate(ranked, 1)
    )


def _joined(names: Sequence[str], close: NDArray[np.bool_]) -> list[tuple[str, ...]]:
    if not names:
        return []
    count, label = connected_components(csr_array(close.astype(np.int8)), directed=False)
    members: list[list[str]] = [[] for _ in range(count)]
    for name, group in sorted(zip(names, label.tolist(), strict=True)):
        members[group].append(name)
    return [tuple(group) for group in members if len(group) > 1]

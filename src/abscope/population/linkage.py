"""Single linkage at every threshold at once: SNP addresses, and how long clusters hold.

Single-linkage clusters at any threshold are what remains of a minimum spanning tree of the resolved
pairs when its longer branches are cut (Gower and Ross 1969), so that one tree answers for all
thresholds.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

from abscope.population.pairs import check_names, resolved
from abscope.records import Clusters, Comparison
from abscope.records.linkages import Holding, Plateau

Branch = tuple[int, str, str]


def addresses(ids: Sequence[str], clusters: Sequence[Clusters]) -> dict[str, str]:
    """Every isolate's SNP address, as SnapperDB writes it: a number a level, loosest level first.

    Isolates with the same numbers up to a level are in one cluster there. Clusters of a level are
    numbered from 1, the largest first, then isolates alone by name: numbers hold within one run.
    """
    loosest_first = sorted(clusters, key=lambda one: -one.level)
    numbers = [_numbers(ids, one) for one in loosest_first]
    return {name: ".".join(str(level[name]) for level in numbers) for name in ids}


def _numbers(ids: Sequence[str], clusters: Clusters) -> dict[str, int]:
    found = {
        name: number for number, group in enumerate(clusters.groups, 1) for name in group.members
    }
    alone = sorted(set(ids) - found.keys())
    return found | {name: len(clusters.groups) + k for k, name in enumerate(alone, 1)}


def spanning_tree(
    comparisons: Sequence[Comparison], *, min_comparable: float = 0.5
) -> tuple[Branch, ...]:
    """The branches (SNPs, isolate, isolate) that join isolates first, shortest first.

    Only resolved pairs of one reference are branches. Raises DataError where two isolates bear one
    name.
    """
    check_names(comparisons)
    return tuple(sorted(branch for one in comparisons for branch in _tree(one, min_comparable)))


def _tree(comparison: Comparison, min_comparable: float) -> Iterator[Branch]:
    if not comparison.ids:
        return
    usable = resolved(comparison, min_comparable=min_comparable)
    # One is added, since a sparse array holds no zeros.
    weights = csr_array(np.triu(np.where(usable, comparison.masked.snps + 1, 0), 1))
    tree = minimum_spanning_tree(weights).tocoo()
    for i, j, weight in zip(tree.row.tolist(), tree.col.tolist(), tree.data.tolist(), strict=True):
        one, other = sorted((comparison.ids[i], comparison.ids[j]))
        yield round(weight) - 1, one, other


def stability(tree: Sequence[Branch]) -> tuple[Plateau, ...]:
    """The clusters at every threshold, in stretches of thresholds that give exactly the same ones."""
    group: dict[str, frozenset[str]] = {}
    sizes: Counter[int] = Counter()
    steps = [(0, Counter[int]())]
    for snps, one, other in tree:
        two = (group.get(name, frozenset((name,))) for name in (one, other))
        joined = _take(sizes, next(two)) | _take(sizes, next(two))
        sizes[len(joined)] += 1
        group |= dict.fromkeys(joined, joined)
        if steps[-1][0] == snps:
            steps[-1] = (snps, Counter(sizes))
        else:
            steps.append((snps, Counter(sizes)))
    highs = [*(low - 1 for low, _ in steps[1:]), None]
    return tuple(_plateau(low, high, at) for (low, at), high in zip(steps, highs, strict=True))


def _take(sizes: Counter[int], members: frozenset[str]) -> frozenset[str]:
    if len(members) > 1:
        sizes[len(members)] -= 1
    return members


def _plateau(low: int, high: int | None, sizes: Counter[int]) -> Plateau:
    held = +sizes
    clustered = sum(size * count for size, count in held.items())
    return Plateau(low, high, held.total(), clustered, max(held, default=0))


def holdings(
    clusters: Sequence[Clusters],
    comparisons: Sequence[Comparison],
    tree: Sequence[Branch],
    *,
    min_comparable: float = 0.5,
) -> tuple[Holding, ...]:
    """Every cluster of every level, with the thresholds at which it holds and its widest pair."""
    place = {name: (one, k) for one in comparisons for k, name in enumerate(one.ids)}
    usable = {id(one): resolved(one, min_comparable=min_comparable) for one in comparisons}
    found = []
    for level in clusters:
        for group in level.groups:
            comparison = place[group.members[0]][0]
            rows = [place[name][1] for name in group.members]
            pairs = np.ix_(rows, rows)
            told = usable[id(comparison)][pairs]
            np.fill_diagonal(told, True)
            widest = int(comparison.masked.snps[pairs][told].max())
            low, high = _span(frozenset(group.members), tree)
            missing = int((~told).sum()) // 2
            found.append(
                Holding(level.level, group.name, group.members, low, high, widest, missing)
            )
    return tuple(found)


def _span(members: frozenset[str], tree: Sequence[Branch]) -> tuple[int, int | None]:
    """From the longest branch within to just below the shortest that leaves."""
    within = max(snps for snps, one, other in tree if one in members and other in members)
    leaving = (snps for snps, one, other in tree if (one in members) != (other in members))
    first = min(leaving, default=None)
    return within, None if first is None else first - 1

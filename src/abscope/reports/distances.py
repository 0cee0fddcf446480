"""The distances between isolates as tables: a matrix for few, the nearest pairs for many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Comparison, Relatedness
from abscope.reports.roster import Pick, Roster

MATRIX_MOST = 40  # isolates; beyond that a table of numbers is not read
PAIRS_MOST = 500


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """One comparison in the order shown: relatives side by side.

    snps, comparable, snps_raw: int64 (n, n). unresolved: bool (n, n), pairs with too few sites.
    """

    reference: str
    ids: tuple[str, ...]
    snps: NDArray[np.int64]
    comparable: NDArray[np.int64]
    snps_raw: NDArray[np.int64]
    unresolved: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two isolates and everything known about their distance; `snps` is None if unresolved."""

    first: Pick
    second: Pick
    snps: int | None
    comparable: int
    snps_raw: int


def square(comparison: Comparison, relatedness: Relatedness, roster: Roster) -> Square:
    """Order the isolates: clusters first, then each after its nearest relative."""
    order = _order(comparison, roster)
    pick = np.ix_(order, order)
    ids = tuple(comparison.ids[i] for i in order)
    raw = [comparison.raw.ids.index(name) for name in ids]
    return Square(
        reference=comparison.reference,
        ids=ids,
        snps=comparison.masked.snps[pick],
        comparable=comparison.masked.comparable[pick],
        snps_raw=comparison.raw.snps[np.ix_(raw, raw)],
        unresolved=_unresolved(ids, relatedness),
    )


def pairs(square: Square, roster: Roster) -> tuple[PairRow, ...]:
    """Pairs, nearest first, unresolved ones last; at most PAIRS_MOST."""
    first, second = np.triu_indices(len(square.ids), 1)
    snps = np.where(square.unresolved, np.iinfo(np.int64).max, square.snps)[first, second]
    nearest = np.argsort(snps, kind="stable")[:PAIRS_MOST]
    return tuple(_pair(square, roster, int(first[k]), int(second[k])) for k in nearest)


def pair_count(n: int) -> int:
    """How many pairs n isolates make."""
    return n * (n - 1) // 2


def _pair(square: Square, roster: Roster, i: int, j: int) -> PairRow:
    return PairRow(
        first=roster.isolate(square.ids[i]),
        second=roster.isolate(square.ids[j]),
        snps=None if square.unresolved[i, j] else int(square.snps[i, j]),
        comparable=int(square.comparable[i, j]),
        snps_raw=int(square.snps_raw[i, j]),
    )


def _unresolved(ids: tuple[str, ...], relatedness: Relatedness) -> NDArray[np.bool_]:
    place = {name: i for i, name in enumerate(ids)}
    flags = np.zeros((len(ids), len(ids)), dtype=np.bool_)
    for level in relatedness.clusters:
        for first, second in level.unresolved:
            if first in place and second in place:
                flags[place[first], place[second]] = flags[place[second], place[first]] = True
    return flags


def _order(comparison: Comparison, roster: Roster) -> list[int]:
    """Walk to the nearest isolate not yet placed, clusters in their order first."""
    names = [group.name for group in roster.clusters.groups]
    groups = [roster.cluster_of.get(name) for name in comparison.ids]
    rank = [len(names) if group is None else names.index(group.name) for group in groups]
    left = sorted(range(len(rank)), key=lambda i: (rank[i], comparison.ids[i]))
    order = left[:1]
    left = left[1:]
    while left:
        near = comparison.masked.snps[order[-1]]
        nearest = min(left, key=lambda i: (rank[i], int(near[i]), comparison.ids[i]))
        order.append(nearest)
        left.remove(nearest)
    return order

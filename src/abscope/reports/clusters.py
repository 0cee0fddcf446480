"""Clusters at each level, with the numbers that say how tight and how far apart they are."""

from dataclasses import dataclass
from statistics import median

import numpy as np

from abscope.records import Cluster, Clusters, Comparison, Relatedness
from abscope.reports.roster import Roster, comparison_of


@dataclass(frozen=True, slots=True)
class Outside:
    """The isolate nearest to a cluster that is not in it."""

    isolate: str
    member: str
    snps: int
    comparable: int


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One cluster: its people, its distances (SNPs outside the mask), and what lies nearest.

    snps: every resolved pair within. comparable_min: fewest sites behind any of them.
    """

    cluster: Cluster
    cases: tuple[str, ...]
    reference: str
    subspecies: str | None
    snps: tuple[int, ...]
    pairs: int
    comparable_min: int | None
    nearest: Outside | None

    @property
    def median(self) -> float | None:
        """The middle distance within."""
        return median(self.snps) if self.snps else None


@dataclass(frozen=True, slots=True)
class LevelTable:
    """All clusters at one level, and the pairs about which nothing can be said.

    same_as: a level already shown, with exactly the same groups.
    """

    level: int
    rows: tuple[ClusterRow, ...]
    clustered: int
    unresolved: tuple[tuple[str, str], ...]
    same_as: int | None = None


def tables(relatedness: Relatedness, roster: Roster) -> tuple[LevelTable, ...]:
    """One table per level: the one that the report speaks of first, then tightest first."""
    first = roster.clusters
    seen: dict[frozenset[tuple[str, ...]], int] = {}
    found = []
    others = [level for level in relatedness.clusters if level.level != first.level]
    for level in (first, *others) if relatedness.clusters else ():
        groups = frozenset(group.members for group in level.groups)
        found.append(
            LevelTable(
                level=level.level,
                rows=rows(relatedness, level, roster),
                clustered=sum(len(group.members) for group in level.groups),
                unresolved=level.unresolved,
                same_as=seen.get(groups) if groups else None,
            )
        )
        seen.setdefault(groups, level.level)
    return tuple(found)


def rows(relatedness: Relatedness, level: Clusters, roster: Roster) -> tuple[ClusterRow, ...]:
    """Describe every cluster of one level."""
    unresolved = frozenset(frozenset(pair) for pair in level.unresolved)
    found = []
    for group in level.groups:
        comparison = comparison_of(relatedness.comparisons, group.members[0])
        if comparison is not None:
            found.append(_row(group, comparison, unresolved, roster))
    return tuple(found)


def _row(
    group: Cluster,
    comparison: Comparison,
    unresolved: frozenset[frozenset[str]],
    roster: Roster,
) -> ClusterRow:
    ids, distances = comparison.ids, comparison.masked
    inside = [i for i, name in enumerate(ids) if name in group.members]
    pairs = [(i, j) for i in inside for j in inside if i < j]
    resolved = [(i, j) for i, j in pairs if frozenset((ids[i], ids[j])) not in unresolved]
    return ClusterRow(
        cluster=group,
        cases=roster.cases_in(group),
        reference=comparison.reference,
        subspecies=comparison.subspecies,
        snps=tuple(int(distances.snps[pair]) for pair in resolved),
        pairs=len(pairs),
        comparable_min=min((int(distances.comparable[pair]) for pair in resolved), default=None),
        nearest=_nearest(comparison, inside, unresolved),
    )


def _nearest(
    comparison: Comparison, inside: list[int], unresolved: frozenset[frozenset[str]]
) -> Outside | None:
    ids, distances = comparison.ids, comparison.masked
    outside = [j for j in range(len(ids)) if j not in set(inside)]
    if not outside:
        return None
    snps = distances.snps[np.ix_(inside, outside)].astype(np.float64)
    for a, i in enumerate(inside):
        for b, j in enumerate(outside):
            if frozenset((ids[i], ids[j])) in unresolved:
                snps[a, b] = np.inf
    a, b = (int(k) for k in np.unravel_index(int(snps.argmin()), snps.shape))
    if np.isinf(snps[a, b]):
        return None
    i, j = inside[a], outside[b]
    return Outside(
        isolate=ids[j],
        member=ids[i],
        snps=int(distances.snps[i, j]),
        comparable=int(distances.comparable[i, j]),
    )

"""What the cases of a cluster share, next to cases that are not part of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from abscope import tables
from abscope.outbreak.two_by_two import TwoByTwo
from abscope.records import Cluster, Clusters, LineList, Linked


@dataclass(frozen=True, slots=True)
class Panel:
    """The cases of one cluster, and those it is compared with. A case counts once, however many isolates.

    members: cases with an isolate in the cluster. others: cases whose isolates were compared with the
    cluster and lie outside it. Cases without an isolate that could be compared are in neither.
    """

    cluster: str
    members: frozenset[str]
    others: frozenset[str]


def panels(
    linked: Linked, clusters: Clusters, *, uncompared: Collection[str] = ()
) -> Iterator[Panel]:
    """One panel for every cluster that holds a case. uncompared: isolates with too few sites for any."""
    owner = linked.matched
    for group in clusters.groups:
        members = _cases(owner, group.members)
        if members:
            unclear = {*uncompared, *_unresolved_with(group, clusters)}
            others = _cases(owner, set(owner["isolate_id"]) - unclear)
            yield Panel(group.name, members, others - members - _cases(owner, unclear))


def shared_exposures(
    linked: Linked,
    linelist: LineList,
    clusters: Clusters,
    *,
    uncompared: Collection[str] = (),
) -> pl.DataFrame:
    """Every exposure that a case of a cluster names, with the odds of it inside and outside.

    tables.SHARED_EXPOSURES; by cluster, most cases exposed first, then by p. Answers not known count
    on neither side. A comparison case is one with an isolate that lies outside the cluster.
    """
    known = answers(linelist)
    rows = [
        row
        for panel in panels(linked, clusters, uncompared=uncompared)
        for row in sorted(_rows(panel, known), key=_place)
    ]
    return tables.SHARED_EXPOSURES.check(tables.SHARED_EXPOSURES.frame(rows))


def answers(linelist: LineList) -> pl.DataFrame:
    """The answers that count: yes and no, to values that somebody names."""
    return linelist.exposures.filter(
        pl.col("value").is_not_null() & (pl.col("answer") != "unknown")
    )


def tally(known: pl.DataFrame, panel: Panel) -> pl.DataFrame:
    """Both sides' cases exposed and cases with an answer, for every kind and value a member names."""
    exposed = pl.col("answer") == "yes"
    member, other = (pl.col("case_id").is_in(list(side)) for side in (panel.members, panel.others))
    named = known.filter(member & exposed).select("kind", "value").unique()
    return (
        known.join(named, on=["kind", "value"], how="semi")
        .group_by("kind", "value")
        .agg(
            (member & exposed).sum().cast(pl.Int64).alias("members_exposed"),
            member.sum().cast(pl.Int64).alias("members_known"),
            (other & exposed).sum().cast(pl.Int64).alias("others_exposed"),
            other.sum().cast(pl.Int64).alias("others_known"),
        )
    )


def _cases(owner: pl.DataFrame, isolates: Collection[str]) -> frozenset[str]:
    return frozenset(owner.filter(pl.col("isolate_id").is_in(list(isolates)))["case_id"])


def _unresolved_with(group: Cluster, clusters: Clusters) -> Iterator[str]:
    for one, two in clusters.unresolved:
        if one in group.members:
            yield two
        elif two in group.members:
            yield one


def _rows(panel: Panel, known: pl.DataFrame) -> Iterator[dict[str, object]]:
    for row in tally(known, panel).iter_rows(named=True):
        table = TwoByTwo(
            row["members_exposed"],
            row["members_known"] - row["members_exposed"],
            row["others_exposed"],
            row["others_known"] - row["others_exposed"],
        )
        low, high = table.interval or (None, None)
        yield {
            **row,
            "cluster": panel.cluster,
            "members": len(panel.members),
            "others": len(panel.others),
            "odds_ratio": table.odds_ratio,
            "odds_ratio_low": low,
            "odds_ratio_high": high,
            "p_value": table.p_value,
        }


def _place(row: dict[str, object]) -> tuple[object, ...]:
    p = row["p_value"]
    return -int(str(row["members_exposed"])), 2.0 if p is None else p, row["kind"], row["value"]

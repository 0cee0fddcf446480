"""Which of a viewer's isolates the dashboard shows: all where they are few, else those that matter most."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from abscope.collection import schema
from abscope.collection.access import Viewer, scoped
from abscope.collection.case_imports import imports
from abscope.records import Cluster, Clusters, LeftOut
from abscope.web.held import Ask, Held

MOST = 150  # isolates on one page; a cluster can be looked at alone


@dataclass(frozen=True, slots=True)
class Known:
    """The viewer's isolates. keys: (reference, key of the profile) by name, in the order they came.

    clusters: each isolate's number by level. failed: those that could not be profiled.
    """

    keys: Mapping[str, tuple[str, str]]
    clusters: Mapping[str, Mapping[int, int]]
    failed: tuple[LeftOut, ...]


def known(connection: sa.Connection, viewer: Viewer) -> Known:
    """What the collection knows of the viewer's isolates; removed ones take no part."""
    table = schema.isolates
    query = scoped(viewer, table).where(table.c.removed.is_(None)).order_by(table.c.serial)
    rows = connection.execute(query).all()
    clusters: dict[str, dict[int, int]] = {}
    for row in connection.execute(scoped(viewer, schema.memberships)):
        clusters.setdefault(row.isolate_id, {})[row.level] = row.cluster
    return Known(
        {row.isolate_id: (row.reference, row.profile_key) for row in rows if row.failure is None},
        clusters,
        tuple(LeftOut(r.isolate_id, r.failure, r.hint or "") for r in rows if r.failure),
    )


def chosen(found: Known, level: int, with_case: Collection[str], cluster: str) -> list[str]:
    """At most MOST names: those with a case, then those near somebody, then the newest.

    cluster: LEVEL-NUMBER, and its isolates alone are wanted; empty for everybody.
    """
    named = {f"{at}-{number}" for own in found.clusters.values() for at, number in own.items()}
    names = list(found.keys)
    if cluster in named:
        at, number = map(int, cluster.split("-"))
        names = [name for name in names if found.clusters.get(name, {}).get(at) == number]
    size = Counter(own.get(level) for own in found.clusters.values())
    place = {name: rank for rank, name in enumerate(found.keys)}
    cases = set(with_case)

    def matters(name: str) -> tuple[bool, bool, int]:
        near = size[found.clusters.get(name, {}).get(level)] > 1
        return name not in cases, not near, -place[name]

    return sorted(sorted(names, key=matters)[:MOST], key=place.__getitem__)


def groups(found: Known, names: Collection[str], level: int) -> tuple[Cluster, ...]:
    """The clusters that two of the isolates are in, under their names for good."""
    members: dict[int, list[str]] = {}
    for name in sorted(names):
        number = found.clusters.get(name, {}).get(level)
        if number is not None:
            members.setdefault(number, []).append(name)
    many = [(number, own) for number, own in members.items() if len(own) > 1]
    ranked = sorted(many, key=lambda one: (-len(one[1]), one[0]))
    return tuple(Cluster(f"c{level}-{number}", tuple(own)) for number, own in ranked)


def clusters(
    found: Known,
    names: Collection[str],
    levels: Collection[int],
    unresolved: tuple[tuple[str, str], ...],
) -> tuple[Clusters, ...]:
    """Of every level, tightest first."""
    return tuple(
        Clusters(level, groups(found, names, level), unresolved) for level in sorted(levels)
    )


def state(connection: sa.Connection, held: Held, ask: Ask) -> tuple[object, ...]:
    """What a view depends on, short of its content: equal as long as nothing happened, on one day."""
    columns = (
        schema.log.c.entry,
        schema.ledger.c.entry,
        schema.acknowledgements.c.entry,
        schema.isolates.c.serial,
    )
    newest = [connection.execute(sa.select(sa.func.max(one))).scalar() for one in columns]
    tables = (schema.alerts, schema.isolates)
    many = [
        connection.execute(sa.select(sa.func.count()).select_from(one)).scalar() for one in tables
    ]
    failed = sa.select(sa.func.count()).where(schema.isolates.c.failure.is_not(None))
    held_cases = imports(held.must_desk().collection.folder)
    viewer = ask.viewer
    return (
        *newest,
        *many,
        connection.execute(failed).scalar(),
        tuple((one.number, one.undone) for one in held_cases),
        ask.now.date(),
        tuple(sorted(viewer.jurisdictions)),
        viewer.may("see cases"),
    )

"""A viewer's isolates, pairs and clusters a page at a time: counted and cut in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy as sa

from abscope.collection import schema
from abscope.collection.access import Viewer, own_isolates, scoped

T = TypeVar("T")
State = Literal["present", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a list are wanted: so many, after skipping so many."""

    limit: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some rows of a list, and how many it has in all."""

    rows: tuple[T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class IsolateView:
    """One of the viewer's isolates. clusters: its number at every level."""

    isolate_id: str
    reference: str | None
    jurisdiction: str
    removed: str | None
    failure: str | None
    clusters: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class PairView:
    """Two of the viewer's isolates within the widest level of each other."""

    isolate_1: str
    isolate_2: str
    snps: int
    comparable: int
    reference: str


@dataclass(frozen=True, slots=True)
class ClusterView:
    """The viewer's isolates in one cluster; others' are not counted."""

    level: int
    cluster: int
    isolates: tuple[str, ...]


def part(rows: Sequence[T], window: Window) -> Part[T]:
    """A part of rows that are at hand."""
    return Part(tuple(rows[window.offset : window.offset + window.limit]), len(rows))


def isolates(
    connection: sa.Connection,
    viewer: Viewer,
    window: Window,
    *,
    text: str = "",
    name: str | None = None,
    state: State | None = None,
) -> Part[IsolateView]:
    """The viewer's isolates in the order they came: with `text` in the name, or of one name or state."""
    table = schema.isolates
    query = scoped(viewer, table).where(*_STATES[state])
    if text:
        query = query.where(table.c.isolate_id.icontains(text, autoescape=True))
    if name is not None:
        query = query.where(table.c.isolate_id == name)
    total, rows = _cut(connection, query, window, (table.c.serial,))
    clusters = _clusters_of(connection, viewer, [row.isolate_id for row in rows])
    return Part(
        tuple(
            IsolateView(
                row.isolate_id,
                row.reference,
                row.jurisdiction,
                row.removed,
                row.failure,
                clusters.get(row.isolate_id, {}),
            )
            for row in rows
        ),
        total,
    )


_STATES: Mapping[State | None, tuple[sa.ColumnElement[bool], ...]] = {
    None: (),
    "present": (schema.isolates.c.genotype.is_not(None), schema.isolates.c.removed.is_(None)),
    "removed": (schema.isolates.c.removed.is_not(None),),
    "failed": (schema.isolates.c.failure.is_not(None),),
}


def _clusters_of(
    connection: sa.Connection, viewer: Viewer, names: Sequence[str]
) -> dict[str, dict[int, int]]:
    table = schema.memberships
    query = scoped(viewer, table).where(table.c.isolate_id.in_(names)).order_by(table.c.level)
    found: dict[str, dict[int, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.isolate_id, {})[row.level] = row.cluster
    return found


def pairs(
    connection: sa.Connection, viewer: Viewer, window: Window, *, within: int | None = None
) -> Part[PairView]:
    """Pairs of the viewer's isolates, closest first; removed isolates take no part.

    Joined, and not asked by two lists of names: a database would look each pair of names up.
    """
    table = schema.near_pairs
    present = scoped(viewer, schema.isolates).where(schema.isolates.c.removed.is_(None))
    one, two = present.subquery("one"), present.subquery("two")
    both = table.join(one, table.c.isolate_1 == one.c.isolate_id)
    both = both.join(two, table.c.isolate_2 == two.c.isolate_id)
    query = sa.select(table, one.c.reference).select_from(both)
    if within is not None:
        query = query.where(table.c.snps <= within)
    order = (table.c.snps, table.c.isolate_1, table.c.isolate_2)
    total, rows = _cut(connection, query, window, order)
    return Part(tuple(PairView(*row) for row in rows), total)


def clusters(
    connection: sa.Connection,
    viewer: Viewer,
    window: Window,
    *,
    level: int | None = None,
    least: int = 2,
) -> Part[ClusterView]:
    """Clusters with at least so many of the viewer's isolates: widest level first, then the largest."""
    mine = scoped(viewer, schema.memberships).subquery()
    count = sa.func.count()
    query = sa.select(mine.c.level, mine.c.cluster).group_by(mine.c.level, mine.c.cluster)
    query = query.having(count >= least)
    if level is not None:
        query = query.where(mine.c.level == level)
    order = (mine.c.level.desc(), count.desc(), mine.c.cluster)
    total, rows = _cut(connection, query, window, order)
    return Part(
        tuple(
            ClusterView(row[0], row[1], _members(connection, mine, row[0], row[1])) for row in rows
        ),
        total,
    )


def _members(
    connection: sa.Connection, mine: sa.Subquery, level: int, cluster: int
) -> tuple[str, ...]:
    query = sa.select(mine.c.isolate_id).where(mine.c.level == level, mine.c.cluster == cluster)
    return tuple(connection.execute(query.order_by(mine.c.isolate_id)).scalars())


def counts(connection: sa.Connection, viewer: Viewer) -> dict[str, object]:
    """How many isolates the viewer has, removed and failed, by reference; and clusters by level."""
    own = own_isolates(viewer)
    table = schema.isolates
    present = sa.select(table.c.reference, sa.func.count()).where(
        table.c.isolate_id.in_(own), *_STATES["present"]
    )
    by_reference = dict(
        sorted(tuple(row) for row in connection.execute(present.group_by(table.c.reference)))
    )
    mine = scoped(viewer, schema.memberships).subquery()
    levels = sa.select(mine.c.level, sa.func.count(sa.distinct(mine.c.cluster)))
    levels = levels.group_by(mine.c.level).order_by(mine.c.level)
    return {
        "isolates": sum(by_reference.values()),
        "by_reference": by_reference,
        "removed": _total(connection, own.where(*_STATES["removed"])),
        "failed": _total(connection, own.where(*_STATES["failed"])),
        "clusters": {row[0]: row[1] for row in connection.execute(levels)},
    }


def _cut(
    connection: sa.Connection,
    query: sa.Select,  # type: ignore[type-arg]
    window: Window,
    order: Sequence[sa.ColumnElement[Any]],
) -> tuple[int, Sequence[sa.Row]]:  # type: ignore[type-arg]
    cut = query.order_by(*order).limit(window.limit).offset(window.offset)
    return _total(connection, query), connection.execute(cut).all()


def _total(
    connection: sa.Connection,
    query: sa.Select,  # type: ignore[type-arg]
) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()

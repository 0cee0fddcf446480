"""Near pairs and clusters in the database: an isolate is placed, or withdrawn, level by level."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from abscope.collection.numbers import next_number
from abscope.collection.schema import isolates, memberships, near_pairs
from abscope.population import ledger
from abscope.records import Change, Entry

T = TypeVar("T")
_MOST = 500  # values in one question


@dataclass(frozen=True, slots=True)
class NearPair:
    """Somebody within the widest level of an isolate: SNPs, of so many comparable sites."""

    isolate_id: str
    snps: int
    comparable: int


def keep_pairs(connection: sa.Connection, isolate_id: str, near: Sequence[NearPair]) -> None:
    """Write an isolate's near pairs."""
    rows = [
        {
            "isolate_1": min(isolate_id, one.isolate_id),
            "isolate_2": max(isolate_id, one.isolate_id),
            "snps": one.snps,
            "comparable": one.comparable,
        }
        for one in near
    ]
    if rows:
        connection.execute(sa.insert(near_pairs), rows)


def pairs_of(connection: sa.Connection, isolate_id: str) -> tuple[NearPair, ...]:
    """An isolate's near pairs, nearest first; those with removed isolates too."""
    first, second = near_pairs.c.isolate_1, near_pairs.c.isolate_2
    columns = near_pairs.c.snps, near_pairs.c.comparable
    query = sa.union_all(
        sa.select(second.label("other"), *columns).where(first == isolate_id),
        sa.select(first.label("other"), *columns).where(second == isolate_id),
    )
    found = [NearPair(*row) for row in connection.execute(query)]
    return tuple(sorted(found, key=lambda one: (one.snps, -one.comparable, one.isolate_id)))


def place(
    connection: sa.Connection, isolate_id: str, near: Sequence[NearPair], levels: Sequence[int]
) -> tuple[tuple[Entry, ...], str]:
    """Put an isolate into its cluster at every level: what changed, and its SNP address."""
    entries: list[Entry] = []
    clusters: dict[int, int] = {}
    for level in sorted(levels):
        reached = _reached(connection, level, [n.isolate_id for n in near if n.snps <= level])
        fresh = 0 if reached else next_number(connection, f"clusters at {level}")
        change = ledger.admitted(level, isolate_id, reached, fresh=fresh)
        _absorb(connection, level, change)
        clusters[level] = change.placed[isolate_id]
        row = {"level": level, "isolate_id": isolate_id, "cluster": clusters[level]}
        connection.execute(sa.insert(memberships).values(row))
        entries += change.entries
    return tuple(entries), ledger.address(clusters)


def withdraw(connection: sa.Connection, isolate_id: str, level: int) -> tuple[Entry, ...]:
    """Take an isolate out of its cluster at one level; what it alone held together splits."""
    here = memberships.c.level == level
    mine = sa.and_(here, memberships.c.isolate_id == isolate_id)
    cluster = connection.execute(sa.select(memberships.c.cluster).where(mine)).scalar()
    if cluster is None:
        return ()
    connection.execute(sa.delete(memberships).where(mine))
    parts = _left(connection, level, isolate_id, cluster)
    fresh = next_number(connection, f"clusters at {level}", take=max(len(parts) - 1, 0))
    change = ledger.withdrawn(level, isolate_id, cluster, parts, fresh=fresh)
    for name, number in change.placed.items():
        other = sa.and_(here, memberships.c.isolate_id == name)
        connection.execute(sa.update(memberships).where(other).values(cluster=number))
    return change.entries


def address_of(connection: sa.Connection, isolate_id: str) -> str | None:
    """An isolate's SNP address, None where it is in no cluster: unknown, failed or removed."""
    query = sa.select(memberships.c.level, memberships.c.cluster).where(
        memberships.c.isolate_id == isolate_id
    )
    clusters = {row.level: row.cluster for row in connection.execute(query)}
    return ledger.address(clusters) if clusters else None


def _left(
    connection: sa.Connection, level: int, isolate_id: str, cluster: int
) -> tuple[tuple[str, ...], ...]:
    """The parts a cluster is in without an isolate that was taken out of it, oldest first.

    Those around it are nearly always near one another too; then what is left is one part, and nobody
    else need be looked at. One part is told by those around alone.
    """
    near = [one.isolate_id for one in pairs_of(connection, isolate_id) if one.snps <= level]
    around = _placed_among(connection, level, near)
    if _are_joined(connection, level, around):
        return (tuple(around),) if around else ()
    return ledger.parts_of(
        _members(connection, level, cluster), _pairs_within(connection, level, cluster)
    )


def _are_joined(connection: sa.Connection, level: int, names: Sequence[str]) -> bool:
    """Whether the pairs among the isolates themselves make one part of them."""
    waiting, apart = list(names[:1]), set(names[1:])
    while waiting and apart:
        near = pairs_of(connection, waiting.pop())
        found = {one.isolate_id for one in near if one.snps <= level} & apart
        apart -= found
        waiting += sorted(found)
    return not apart


def _placed_among(connection: sa.Connection, level: int, names: Sequence[str]) -> list[str]:
    """Those of the isolates that are in a cluster: the removed are not."""
    found: list[str] = []
    for some in batched(names):
        query = sa.select(memberships.c.isolate_id).where(
            memberships.c.level == level, memberships.c.isolate_id.in_(some)
        )
        found += connection.execute(query).scalars()
    return sorted(found)


def _reached(connection: sa.Connection, level: int, names: Sequence[str]) -> set[int]:
    found: set[int] = set()
    for some in batched(names):
        query = (
            sa.select(memberships.c.cluster)
            .where(memberships.c.level == level, memberships.c.isolate_id.in_(some))
            .distinct()
        )
        found |= set(connection.execute(query).scalars())
    return found


def _absorb(connection: sa.Connection, level: int, change: Change) -> None:
    for lost, kept in change.absorbed.items():
        theirs = sa.and_(memberships.c.level == level, memberships.c.cluster == lost)
        connection.execute(sa.update(memberships).where(theirs).values(cluster=kept))


def _members(connection: sa.Connection, level: int, cluster: int) -> list[str]:
    """A cluster's isolates, in the order they came to the collection."""
    query = (
        sa.select(memberships.c.isolate_id)
        .join(isolates, isolates.c.isolate_id == memberships.c.isolate_id)
        .where(memberships.c.level == level, memberships.c.cluster == cluster)
        .order_by(isolates.c.serial)
    )
    return list(connection.execute(query).scalars())


def _pairs_within(connection: sa.Connection, level: int, cluster: int) -> Iterator[tuple[str, str]]:
    one, two = memberships.alias(), memberships.alias()
    query = (
        sa.select(near_pairs.c.isolate_1, near_pairs.c.isolate_2)
        .join(one, sa.and_(one.c.isolate_id == near_pairs.c.isolate_1, one.c.level == level))
        .join(two, sa.and_(two.c.isolate_id == near_pairs.c.isolate_2, two.c.level == level))
        .where(one.c.cluster == cluster, two.c.cluster == cluster, near_pairs.c.snps <= level)
    )
    for row in connection.execute(query):
        yield row[0], row[1]


def batched(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one question may hold."""
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]

"""The log of a collection and the ledger of its clusters: what was done, when, by whom, and what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from abscope.collection.schema import ledger, log
from abscope.records import Entry


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something is done, by whom: UTC, ISO 8601 to the second."""

    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the log."""

    entry: int
    at: str
    actor: str
    verb: str
    subject: str
    detail: Mapping[str, object]


def note(
    connection: sa.Connection, stamp: Stamp, verb: str, subject: str, detail: Mapping[str, object]
) -> None:
    """Add a line to the log."""
    row = {"at": stamp.at, "actor": stamp.actor, "verb": verb, "subject": subject}
    connection.execute(sa.insert(log).values(**row, detail=dict(detail)))


def note_ledger(connection: sa.Connection, entries: Iterable[Entry], at: str) -> None:
    """Add what changed among the clusters to the ledger, in order."""
    rows = [
        {
            "at": at,
            "level": one.level,
            "verb": one.verb,
            "cluster": one.cluster,
            "other": one.other,
            "isolates": list(one.isolates),
        }
        for one in entries
    ]
    if rows:
        connection.execute(sa.insert(ledger), rows)


def read_log(connection: sa.Connection, *, since: str = "") -> tuple[Noted, ...]:
    """The log from `since` (ISO 8601) on, oldest first."""
    query = sa.select(log).where(log.c.at >= since).order_by(log.c.entry)
    return tuple(Noted(*row) for row in connection.execute(query))


def read_moves(connection: sa.Connection) -> tuple[Entry, ...]:
    """Every merge and split, oldest first: what a cluster's number means today."""
    query = sa.select(ledger).where(ledger.c.verb.in_(("merged", "split"))).order_by(ledger.c.entry)
    return tuple(
        Entry(row.level, row.verb, row.cluster, row.other, tuple(row.isolates))
        for row in connection.execute(query)
    )


def read_ledger(connection: sa.Connection, *, since: str = "") -> tuple[tuple[str, Entry], ...]:
    """The ledger from `since` on, oldest first: when, and what."""
    query = sa.select(ledger).where(ledger.c.at >= since).order_by(ledger.c.entry)
    return tuple(
        (row.at, Entry(row.level, row.verb, row.cluster, row.other, tuple(row.isolates)))
        for row in connection.execute(query)
    )

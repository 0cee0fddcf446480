"""The audit log: who did or saw what and when, append-only, each row's digest covering the row before.

digest = SHA-256 of the digest before and the row as canonical JSON. Whoever edits, drops, inserts or moves a
row breaks the chain at that row. Whoever cuts the end off, or writes the whole chain anew, leaves a sound
one: only a head kept elsewhere (`abscope audit head`, on paper or by e-mail) gives that away.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import sqlalchemy as sa

from abscope.collection import database
from abscope.collection.access import Viewer, scoped
from abscope.collection.database import writing
from abscope.collection.history import Stamp
from abscope.collection.schema import audit
from abscope.errors import UsageError

FIRST = "0" * 64  # the digest before the first row
_BATCH = 1_000
_HEAD = re.compile(r"(\d+):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Row:
    """One row. entry counts from 1 without a gap."""

    entry: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of an audit log, to be kept elsewhere: how many rows there were, and its digest."""

    entry: int
    digest: str

    def __str__(self) -> str:
        return f"{self.entry}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote. Raises UsageError."""
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise UsageError(
                f"{text.strip()[:80]!r} is no head of an audit log",
                hint="abscope audit head prints one: a number, a colon and 64 digits",
            )
        return cls(int(found[1]), found[2])


def append(
    connection: sa.Connection,
    stamp: Stamp,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> Head:
    """Add a row inside a transaction of `writing`, with which it is kept or lost; the new head.

    detail: JSON values.
    """
    last = head(connection)
    values = {
        "entry": last.entry + 1,
        "at": stamp.at,
        "actor": _plain(stamp.actor),
        "action": _plain(action),
        "subject": _plain(subject),
        "detail": json.loads(_plain(json.dumps(dict(detail or {}), allow_nan=False))),
    }
    made = Head(last.entry + 1, _digest(last.digest, values))
    connection.execute(sa.insert(audit).values(**values, digest=made.digest))
    return made


@contextmanager
def changing(
    engine: sa.Engine,
    stamp: Stamp,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> Iterator[sa.Connection]:
    """A transaction for a change: the change and its row in the log are both kept, or neither."""
    with writing(engine) as connection:
        append(connection, stamp, action, subject, detail)
        yield connection


@contextmanager
def reading(
    engine: sa.Engine,
    stamp: Stamp,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> Iterator[sa.Connection]:
    """A connection for reading identified data; that it is read is on the disk before it can be."""
    with writing(engine) as connection:
        append(connection, stamp, action, subject, detail)
    with database.reading(engine) as connection:
        yield connection


def head(connection: sa.Connection) -> Head:
    """The last row's number and digest; number 0 for an empty log."""
    query = sa.select(audit.c.entry, audit.c.digest).order_by(audit.c.entry.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Head(0, FIRST) if row is None else Head(*row)


def rows(
    connection: sa.Connection, viewer: Viewer, *, since: str = "", actor: str | None = None
) -> tuple[Row, ...]:
    """The log from `since` (ISO 8601) on, oldest first, of one actor or all; for administrators."""
    query = scoped(viewer, audit).where(audit.c.at >= since).order_by(audit.c.entry)
    if actor is not None:
        query = query.where(audit.c.actor == actor)
    return tuple(Row(*row) for row in connection.execute(query))


def problems(connection: sa.Connection, *, remembered: Head | None = None) -> Iterator[str]:
    """Every place at which the log is not what was written; nothing for a sound one.

    remembered: a head kept elsewhere, without which a log that was cut short looks sound.
    """
    query = sa.select(audit).order_by(audit.c.entry).execution_options(yield_per=_BATCH)
    told = (Row(*row) for row in connection.execute(query))
    yield from broken(told, remembered=remembered)


def broken(told: Iterable[Row], *, remembered: Head | None = None) -> Iterator[str]:
    """The same of rows in their order, from the database or an exported copy."""
    entry, digest = 0, FIRST
    for row in told:
        if row.entry != entry + 1:
            yield f"entry {entry + 1}: missing; the next is {row.entry}"
        if row.digest != _digest(digest, _values(row)):
            yield f"entry {row.entry}: is not what was written after entry {entry}"
        entry, digest = row.entry, row.digest
        if remembered is not None and entry == remembered.entry and digest != remembered.digest:
            yield f"entry {entry}: its digest is not the one remembered"
    if remembered is not None and entry < remembered.entry:
        yield f"entries {entry + 1} to {remembered.entry}: were cut off the end"


def _values(row: Row) -> Mapping[str, object]:
    return {name: getattr(row, name) for name in Row.__dataclass_fields__ if name != "digest"}


def _digest(before: str, values: Mapping[str, object]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def _plain(text: str) -> str:
    """A text every database gives back as it got it: no NUL, no half letters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()

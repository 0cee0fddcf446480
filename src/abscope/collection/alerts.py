"""Alerts kept: raised once, delivered once through every channel, and answered for good.

A delivery is claimed before it is tried and settled after. One that was cut short between the two, by a
power cut, is tried again once its claim has grown old; what is sent carries the alert's key, by which a
receiver, and our own files, know it again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from abscope.collection.access import Viewer, scoped
from abscope.collection.database import writing
from abscope.collection.history import Stamp
from abscope.collection.schema import acknowledgements, alerts, deliveries
from abscope.collection.views import hiding
from abscope.errors import DataError
from abscope.records import Alert
from abscope.tools.channels import Channel

_MOST = 500  # keys in one question
_TITLE, _RATE = "title", "expected_false_a_year"
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_CLAIM = timedelta(minutes=10)
_CLAIMED = "being sent"
LATER = ""  # the channel of an alert that was noticed when adding: a look chooses who is told


def record(
    connection: sa.Connection, found: Iterable[Alert], channels: Sequence[str] = ()
) -> tuple[Alert, ...]:
    """Keep the alerts that were never raised before, to be delivered through every channel: those kept."""
    every = list({one.key: one for one in found}.values())
    known = set(_known(connection, [one.key for one in every]))
    new = [one for one in every if one.key not in known]
    if new:
        connection.execute(sa.insert(alerts), [_row(one) for one in new])
        waiting = [
            {"alert": one.key, "channel": name, "attempts": 0} for one in new for name in channels
        ]
        if waiting:
            connection.execute(sa.insert(deliveries), waiting)
    return tuple(new)


def address(connection: sa.Connection, ways: Sequence[Channel]) -> None:
    """Hand what was noticed when adding to the channels that take it; to none, where there are none."""
    waiting = deliveries.c.channel == LATER
    query = sa.select(deliveries.c.alert).where(waiting)
    keys = list(connection.execute(query).scalars())
    rows = [
        {"alert": one.key, "channel": way.name, "attempts": 0}
        for one in by_keys(connection, keys)
        for way in ways
        if way.takes(one)
    ]
    connection.execute(sa.delete(deliveries).where(waiting))
    if rows:
        connection.execute(sa.insert(deliveries), rows)


def _known(connection: sa.Connection, keys: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(keys), _MOST):
        some = alerts.c.alert.in_(keys[start : start + _MOST])
        yield from connection.execute(sa.select(alerts.c.alert).where(some)).scalars()


def _row(one: Alert) -> dict[str, object]:
    return {
        "alert": one.key,
        "day": one.day.isoformat(),
        "rule": one.rule,
        "subject": one.subject,
        "severity": one.severity,
        "reason": one.reason,
        "evidence": {**one.evidence, _TITLE: one.title, _RATE: one.false_a_year},
        "jurisdiction": one.jurisdiction,
    }


def _alert(row: sa.Row) -> Alert:  # type: ignore[type-arg]
    evidence = dict(row.evidence)
    title, rate = str(evidence.pop(_TITLE, row.rule)), evidence.pop(_RATE, None)
    return Alert(
        row.rule,
        row.subject,
        row.severity,
        title,
        row.reason,
        evidence,
        date.fromisoformat(row.day),
        row.jurisdiction,
        rate,
    )


def by_keys(connection: sa.Connection, keys: Sequence[str]) -> tuple[Alert, ...]:
    """The alerts of those keys, in their order."""
    rows: dict[str, sa.Row] = {}  # type: ignore[type-arg]
    for start in range(0, len(keys), _MOST):
        query = sa.select(alerts).where(alerts.c.alert.in_(keys[start : start + _MOST]))
        rows |= {row.alert: row for row in connection.execute(query)}
    return tuple(_alert(rows[key]) for key in keys if key in rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is due."""

    alert: Alert
    channel: str
    attempts: int


def due(connection: sa.Connection, now: str) -> tuple[Waiting, ...]:
    """Deliveries to be tried now, oldest alerts first: never tried, failed a while ago, or cut short.

    After a failure one waits a minute, then twice as long each time, six hours at most.
    """
    query = (
        sa.select(alerts, deliveries.c.channel, deliveries.c.attempts, deliveries.c.last_error)
        .join(deliveries, deliveries.c.alert == alerts.c.alert)
        .where(deliveries.c.delivered.is_(None), deliveries.c.channel != LATER)
        .order_by(alerts.c.day, alerts.c.alert, deliveries.c.channel)
    )
    return tuple(
        Waiting(_alert(row), row.channel, row.attempts)
        for row in connection.execute(query)
        if _ripe(row.attempts, row.last_error, now)
    )


def _ripe(attempts: int, last_error: str | None, now: str) -> bool:
    if not attempts or last_error is None:
        return True
    when, _, said = last_error.partition(" ")
    wait = (
        _CLAIM if said == _CLAIMED else min(_FIRST_WAIT * 2 ** min(attempts - 1, 20), _LONGEST_WAIT)
    )
    return datetime.fromisoformat(now) - datetime.fromisoformat(when) >= wait  # fmt: skip


def claim(engine: sa.Engine, one: Waiting, now: str) -> bool:
    """Take a delivery, so that no other process does; False where another was quicker."""
    mine = sa.and_(
        deliveries.c.alert == one.alert.key,
        deliveries.c.channel == one.channel,
        deliveries.c.attempts == one.attempts,
        deliveries.c.delivered.is_(None),
    )
    values = {"attempts": one.attempts + 1, "last_error": f"{now} {_CLAIMED}"}
    with writing(engine) as connection:
        return bool(connection.execute(sa.update(deliveries).where(mine).values(values)).rowcount)


def settle(engine: sa.Engine, one: Waiting, now: str, *, error: str | None = None) -> None:
    """Say that a claimed delivery was made, or why it was not."""
    mine = sa.and_(deliveries.c.alert == one.alert.key, deliveries.c.channel == one.channel)
    values: dict[str, str | None] = {"delivered": now, "last_error": None}
    if error is not None:
        values = {"delivered": None, "last_error": f"{now} {error}"}
    with writing(engine) as connection:
        connection.execute(sa.update(deliveries).where(mine).values(values))


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert as it is kept: delivered by how many channels; answers: when, who, in what words.

    key: what it is answered by; names of others' isolates are not in the rest.
    """

    key: str
    alert: Alert
    delivered: int
    channels: int
    answers: tuple[tuple[str, str, str], ...]


def kept(connection: sa.Connection, viewer: Viewer, *, since: str = "") -> tuple[Kept, ...]:
    """The viewer's alerts from the day `since` on, newest first, without names of others' isolates."""
    query = scoped(viewer, alerts).where(alerts.c.day >= since)
    rows = connection.execute(query.order_by(alerts.c.day.desc(), alerts.c.alert)).all()
    told: dict[str, list[tuple[str, str, str]]] = {}
    ordered = scoped(viewer, acknowledgements).order_by(acknowledgements.c.entry)
    for row in connection.execute(ordered):
        told.setdefault(row.alert, []).append((row.at, row.actor, row.note))
    counted: dict[str, list[bool]] = {}
    for row in connection.execute(scoped(viewer, deliveries)):
        counted.setdefault(row.alert, []).append(row.delivered is not None)
    texts = [[row.subject, row.reason, row.evidence] for row in rows]
    notes = [[note for _, _, note in answers] for answers in told.values()]
    without = hiding(connection, viewer, [texts, notes])
    return tuple(
        Kept(
            row.alert,
            _shown(_alert(row), without),
            sum(counted.get(row.alert, [])),
            len(counted.get(row.alert, [])),
            tuple((at, actor, str(without(note))) for at, actor, note in told.get(row.alert, [])),
        )
        for row in rows
    )


def shown(connection: sa.Connection, viewer: Viewer, alert: Alert) -> Alert:
    """An alert without the names of others' isolates, under the key it had."""
    texts = [alert.subject, alert.reason, dict(alert.evidence)]
    return _shown(alert, hiding(connection, viewer, texts))


def _shown(alert: Alert, without: Callable[[Any], Any]) -> Alert:
    evidence = {str(without(name)): without(value) for name, value in alert.evidence.items()}
    subject, reason = str(without(alert.subject)), str(without(alert.reason))
    told = replace(alert, subject=subject, reason=reason, evidence=evidence)
    return alert if told == alert else replace(told, sealed=alert.key)


def acknowledge(
    connection: sa.Connection, viewer: Viewer, key: str, *, note: str, stamp: Stamp
) -> str:
    """Write down that somebody has taken an alert on; a beginning of its key will do. Returns the key.

    Nothing is overwritten: further answers are added. Raises AccessError where the role does not allow it,
    DataError where the viewer has no such alert, or several begin so.
    """
    viewer.must("acknowledge")
    mine = scoped(viewer, alerts).where(alerts.c.alert.startswith(key, autoescape=True))
    found = connection.execute(mine).all() if key else []
    if len(found) != 1:
        what = "no alert" if not found else f"{len(found)} alerts"
        raise DataError(f"{key!r}: {what} of that key", hint="abscope alerts lists them")
    values = {"alert": found[0].alert, "at": stamp.at, "actor": stamp.actor, "note": note}
    connection.execute(sa.insert(acknowledgements).values(values))
    return str(found[0].alert)

"""Lists of a collection, as the API answers them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

import polars as pl
import sqlalchemy as sa

from abscope.collection import alerts as alert_store
from abscope.collection import audit, paged, views
from abscope.collection.access import Viewer
from abscope.collection.alerts import Kept
from abscope.collection.case_views import own_cases
from abscope.collection.database import reading
from abscope.collection.history import Noted
from abscope.collection.paged import IsolateView, Part, Window, part
from abscope.errors import AccessError
from abscope.records import Entry, LineList
from abscope.tables import CASES, EXPOSURES
from abscope.web.answers import (
    Acknowledgement,
    Alert,
    Case,
    Cluster,
    Elsewhere,
    Exposure,
    Isolate,
    LedgerEntry,
    LogEntry,
    Neighbour,
    OneCase,
    OneIsolate,
    Pair,
)
from abscope.web.held import Ask, Asked, Held, NotHeldError, Reader


def isolates(held: Held, ask: Ask, asked: Asked) -> Part[Isolate]:
    """In the order they came."""
    with _open(held) as connection:
        found = paged.isolates(
            connection, ask.viewer, asked.window, text=asked.text, state=asked.state
        )
    return Part(tuple(Isolate(**_isolate(one)) for one in found.rows), found.total)


def isolate(held: Held, ask: Ask, isolate_id: str) -> OneIsolate:
    """One of the viewer's isolates. Raises NotHeldError where there is none of that name."""
    with _open(held) as connection:
        others = _others(connection, ask.viewer, isolate_id)
        found = paged.isolates(connection, ask.viewer, Window(1), name=isolate_id)
    return OneIsolate(**_isolate(found.rows[0]), quality=None, elsewhere=others)


def neighbours(
    held: Held, ask: Ask, isolate_id: str, asked: Asked
) -> tuple[Part[Neighbour], list[Elsewhere]]:
    """Who is near an isolate, nearest first, and whom to call elsewhere."""
    with _open(held) as connection:
        others = _others(connection, ask.viewer, isolate_id)
        near, _ = views.near(connection, ask.viewer, isolate_id)
    wanted = [one for one in near if asked.within is None or one.snps <= asked.within]
    found = part(wanted, asked.window)
    return Part(tuple(Neighbour(**asdict(one)) for one in found.rows), found.total), others


def pairs(held: Held, ask: Ask, asked: Asked) -> Part[Pair]:
    """Closest first."""
    with _open(held) as connection:
        found = paged.pairs(connection, ask.viewer, asked.window, within=asked.within)
    return Part(tuple(Pair(**asdict(one), verdict="compared") for one in found.rows), found.total)


def clusters(held: Held, ask: Ask, asked: Asked) -> Part[Cluster]:
    """Widest level first, then the largest."""
    with _open(held) as connection:
        found = paged.clusters(
            connection, ask.viewer, asked.window, level=asked.level, least=asked.least
        )
    return Part(tuple(_cluster(one) for one in found.rows), found.total)


def ledger(held: Held, ask: Ask, asked: Asked) -> Part[LedgerEntry]:
    """Oldest first."""
    with _open(held) as connection:
        found = part(views.ledger(connection, ask.viewer, since=asked.since), asked.window)
    return Part(tuple(_entry(at, one) for at, one in found.rows), found.total)


def log(held: Held, ask: Ask, asked: Asked) -> Part[LogEntry]:
    """Oldest first."""
    with _open(held) as connection:
        told: Sequence[Noted] = views.log(connection, ask.viewer, since=asked.since)
    found = part(told, asked.window)
    return Part(tuple(LogEntry(**asdict(one)) for one in found.rows), found.total)


def alerts(held: Held, ask: Ask, asked: Asked) -> Part[Alert]:
    """Newest first."""
    with _open(held) as connection:
        told = alert_store.kept(connection, ask.viewer, since=asked.since)
    found = part(told, asked.window)
    return Part(tuple(_alert(one) for one in found.rows), found.total)


def answer(held: Held, ask: Ask, alert: str, note: str) -> None:
    """Take an alert on. Raises NotHeldError where the viewer has none of that key, AccessError."""
    ask.viewer.must("acknowledge")
    with _open(held) as connection:
        known = {one.key for one in alert_store.kept(connection, ask.viewer)}
    if alert not in known:
        raise NotHeldError(f"{alert}: no such alert", hint="the list of alerts has yours")
    engine = held.must_desk().collection.engine
    with audit.changing(engine, ask.stamp, "acknowledge", alert) as connection:
        alert_store.acknowledge(connection, ask.viewer, alert, note=note, stamp=ask.stamp)


def cases(held: Held, ask: Ask, asked: Asked) -> Part[Any]:
    """In the line list's order; that they were read is in the audit log."""
    linelist = _line_list(held, ask, "cases")
    wanted = linelist.cases
    if asked.text:
        wanted = wanted.filter(pl.col("case_id").str.contains(asked.text, literal=True))
    rows = case_rows(wanted.slice(asked.window.offset, asked.window.limit))
    return Part(tuple(Case(**row) for row in rows), len(wanted))


def case(held: Held, ask: Ask, case_id: str) -> Any:
    """One case and its exposures. Raises NotHeldError."""
    linelist = _line_list(held, ask, case_id)
    mine = pl.col("case_id") == case_id
    rows = case_rows(linelist.cases.filter(mine))
    if not rows:
        raise no_case(case_id)
    said = [Exposure(**row) for row in linelist.exposures.filter(mine).to_dicts()]
    return OneCase(case=Case(**rows[0]), exposures=said)


def case_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of tables.CASES with days as ISO 8601 writes them."""
    return frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d")).to_dicts()


def no_case(case_id: str) -> NotHeldError:
    """That there is no such case, or it is not theirs: which, is not told."""
    return NotHeldError(f"{case_id}: no such case", hint="the list of cases has those you may see")


def counts(held: Held, ask: Ask) -> dict[str, Any]:
    """How much there is."""
    with _open(held) as connection:
        return paged.counts(connection, ask.viewer)


READERS: Mapping[str, Reader] = {
    "isolates": isolates,
    "pairs": pairs,
    "clusters": clusters,
    "ledger": ledger,
    "log": log,
    "alerts": alerts,
    "cases": cases,
}


def _open(held: Held) -> AbstractContextManager[sa.Connection]:
    return reading(held.must_desk().collection.engine)


def _others(connection: sa.Connection, viewer: Viewer, isolate_id: str) -> list[Elsewhere]:
    try:
        found = views.elsewhere(connection, viewer, isolate_id)
    except AccessError as error:
        raise NotHeldError(error.message, hint=error.hint) from error
    return [Elsewhere(**asdict(one)) for one in found]


def _line_list(held: Held, ask: Ask, subject: str) -> LineList:
    ask.viewer.must("see cases")
    collection = held.must_desk().collection
    with audit.reading(collection.engine, ask.stamp, "see cases", subject) as connection:
        found = own_cases(connection, ask.viewer, collection.folder, today=ask.now.date())
    return found or LineList(CASES.frame(), EXPOSURES.frame())


def _isolate(one: IsolateView) -> dict[str, Any]:
    state = "failed" if one.failure else "removed" if one.removed else "present"
    return {
        **asdict(one),
        "state": state,
        "jurisdiction": one.jurisdiction or None,
        "clusters": {str(level): str(number) for level, number in one.clusters.items()},
    }


def _cluster(one: paged.ClusterView) -> Cluster:
    names = list(one.isolates)
    return Cluster(level=one.level, cluster=str(one.cluster), size=len(names), isolates=names)


def _entry(at: str, one: Entry) -> LedgerEntry:
    return LedgerEntry(at=at, **asdict(one), sentence=one.sentence)


def _alert(one: Kept) -> Alert:
    alert = one.alert
    return Alert(
        alert=one.key,
        day=alert.day.isoformat(),
        rule=alert.rule,
        severity=alert.severity,
        subject=alert.subject,
        title=alert.title,
        reason=alert.reason,
        evidence=dict(alert.evidence),
        jurisdiction=alert.jurisdiction or None,
        false_a_year=alert.false_a_year,
        delivered=one.delivered,
        channels=one.channels,
        answers=[Acknowledgement(at=at, actor=who, note=note) for at, who, note in one.answers],
    )

"""When things happened to whom."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from abscope import tables
from abscope.outbreak.reporting_delay import Delays, delays

_EVENTS = ("exposure", "onset", "collection", "treatment")


def events(cases: pl.DataFrame) -> pl.DataFrame:
    """The dated events of every case, in order of date; tables.CASE_EVENTS. Undated cases have none."""
    dated = cases.select("case_id", *(pl.col(f"date_{event}").alias(event) for event in _EVENTS))
    long = dated.unpivot(
        on=_EVENTS, index="case_id", variable_name="event", value_name="date"
    ).drop_nulls("date")
    return tables.CASE_EVENTS.check(long.sort("date", "case_id", "event"))


UNITS = ("day", "week", "month")
_CASE = ("confirmed", "probable", "suspect")
_TOO_EARLY = 0.1  # below this share, cases to come are anybody's guess; judgement
_OVER = timedelta(days=90)
_COMPLETE = 0.9  # below this a period is drawn as not yet complete; judgement


def curve(cases: pl.DataFrame, today: date, unit: str = "week") -> pl.DataFrame:
    """Cases by onset, every period from the first to today's; tables.EPI_CURVE.

    An outbreak that ended more than 90 days ago ends with its last case. Weeks begin on Mondays.
    `complete` is the share of a period's cases known by now, from the delays between onset and report
    (where there is none, specimen); null with fewer than ten of them. Where less than a tenth is known,
    no number is expected from it. Cases without an onset are not in it: `undated` names them.
    """
    known = _cases(cases).drop_nulls("date_onset").filter(pl.col("date_onset") <= today)
    if not len(known):
        return tables.EPI_CURVE.frame()
    waits = delays(list(_reported(known)), today)
    counted = Counter(
        (_first(row["date_onset"], unit), row["status"] or "unclassified")
        for row in known.iter_rows(named=True)
    )
    onsets = known["date_onset"].to_list()
    end = today if today - max(onsets) <= _OVER else max(onsets)
    rows = [
        _period(first, unit, counted, waits, today=today)
        for first in _periods(min(onsets), end, unit)
    ]
    return tables.EPI_CURVE.check(tables.EPI_CURVE.frame(rows))


def undated(cases: pl.DataFrame) -> list[str]:
    """Cases without an onset, which no curve can show."""
    return _cases(cases).filter(pl.col("date_onset").is_null())["case_id"].to_list()


def is_complete(share: float | None) -> bool:
    """Whether a period can be read as it stands."""
    return share is not None and share >= _COMPLETE


def _cases(cases: pl.DataFrame) -> pl.DataFrame:
    return cases.filter(pl.col("status").is_null() | (pl.col("status") != "not a case"))


def _reported(known: pl.DataFrame) -> Iterator[tuple[date, date]]:
    column = "date_report" if known["date_report"].null_count() < len(known) else "date_collection"
    return known.select("date_onset", column).drop_nulls().iter_rows()


def _period(
    first: date, unit: str, counted: Counter[tuple[date, str]], waits: Delays | None, *, today: date
) -> dict[str, object]:
    last = min(_next(first, unit) - timedelta(days=1), today)
    number = {status: counted[first, status] for status in (*_CASE, "unclassified")}
    total = sum(number.values())
    share = waits.known(first, last, today) if waits else None
    expected = total / share if share and share >= _TOO_EARLY else None
    return {
        "first": first,
        "last": last,
        **number,
        "cases": total,
        "complete": share,
        "expected": expected,
    }


def _periods(first: date, end: date, unit: str) -> Iterator[date]:
    at = _first(first, unit)
    while at <= end:
        yield at
        at = _next(at, unit)


def _first(day: date, unit: str) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _next(first: date, unit: str) -> date:
    if unit == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if unit == "week" else 1)

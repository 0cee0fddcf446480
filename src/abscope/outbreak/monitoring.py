"""Which tests patients on treatment need, and which are due.

Tests by drug as in PMC8375621, table 6; blood count, liver tests and metabolic panel weekly on intravenous
drugs, and every one to three months on oral ones (here: 60 days). Intervals of the other tests are judgement.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from abscope.records.followup import Task

_MACROLIDE = ("audiogram", "liver tests", "ECG")
_AMINOGLYCOSIDE = ("audiogram", "kidney function", "electrolytes", "vestibular symptoms")
TESTS: Mapping[str, tuple[str, ...]] = {
    "azithromycin": _MACROLIDE,
    "clarithromycin": _MACROLIDE,
    "clofazimine": ("liver tests", "ECG", "skin"),
    "linezolid": ("blood count", "neuropathy", "vision"),
    "tedizolid": ("blood count", "neuropathy", "vision"),
    "amikacin": _AMINOGLYCOSIDE,
    "tobramycin": _AMINOGLYCOSIDE,
    "cefoxitin": ("blood count",),
    "imipenem": ("blood count", "kidney function", "rash"),
    "tigecycline": ("liver tests", "amylase or lipase", "nausea"),
    "moxifloxacin": ("ECG",),
    "trimethoprim-sulfamethoxazole": ("blood count",),
}
"""Tests by drug; tedizolid as linezolid, of its class."""

INTRAVENOUS = frozenset({"amikacin", "tobramycin", "cefoxitin", "imipenem", "tigecycline"})
_PANEL = ("blood count", "liver tests", "metabolic panel")
_BLOOD = frozenset({*_PANEL, "kidney function", "electrolytes", "amylase or lipase"})
WEEKLY, ORAL, OTHER = 7, 60, 30  # days


def monitoring_due(
    treatments: pl.DataFrame, monitoring: pl.DataFrame, today: date
) -> Iterator[Task]:
    """The tests that patients on treatment need by today or have missed, the longest overdue first.

    treatments: tables.TREATMENTS; monitoring: tables.followup.MONITORING. A drug without a first day is
    taken to be given now, and its tests are due at once, as nobody can tell when they were.
    """
    done: dict[tuple[str, str], date] = {}
    for case, test, day in monitoring.select("case_id", "test", "date").iter_rows():
        key = (case, test.casefold())
        done[key] = max(day, done.get(key, day))
    for case, drugs in _in_care(treatments, today).items():
        for test, (days, since) in _needed(drugs).items():
            last = done.get((case, test.casefold()))
            due = last + timedelta(days) if last else since
            if due is None or due <= today:
                yield Task("monitoring", case, due, _sentence(test, days, last, drugs))


def in_care(treatments: pl.DataFrame, today: date) -> dict[str, tuple[str, ...]]:
    """The drugs that each patient is on."""
    return {case: tuple(drugs) for case, drugs in _in_care(treatments, today).items()}


def _in_care(treatments: pl.DataFrame, today: date) -> dict[str, dict[str, date | None]]:
    given = treatments.filter(
        (pl.col("given") == "yes")
        & (pl.col("date_start").is_null() | (pl.col("date_start") <= today))
        & (pl.col("date_end").is_null() | (pl.col("date_end") >= today))
    )
    found: dict[str, dict[str, date | None]] = {}
    for case, drug, start in given.select("case_id", "treatment", "date_start").iter_rows():
        if drug.casefold() in TESTS:
            found.setdefault(case, {})[drug.casefold()] = start
    return found


def _needed(drugs: Mapping[str, date | None]) -> dict[str, tuple[int, date | None]]:
    """Every test the drugs call for: its interval in days, and since when it is needed."""
    intravenous = any(drug in INTRAVENOUS for drug in drugs)
    tests = dict.fromkeys(_PANEL) | {test: None for drug in drugs for test in TESTS[drug]}
    starts = [start for start in drugs.values() if start]
    since = min(starts) if len(starts) == len(drugs) else None
    return {test: (_interval(test, intravenous=intravenous), since) for test in tests}


def _interval(test: str, *, intravenous: bool) -> int:
    if test in _BLOOD:
        return WEEKLY if intravenous else ORAL
    return OTHER


def _sentence(
    test: str, days: int, last: date | None, drugs: Sequence[str] | Mapping[str, object]
) -> str:
    when = f"last on {last}" if last else "none on record"
    return f"{test}: due every {days} days on {', '.join(drugs)}; {when}."

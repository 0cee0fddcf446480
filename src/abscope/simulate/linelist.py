"""The line list as it reaches an investigator: answers missing, dates misremembered, words mistyped.

Nobody is ever lost: rows, their order, case and isolate names stay. Every change is recorded.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from abscope.simulate.patients import DATES, EXPOSURES, HEADINGS

_NEVER = ("case_id", "isolate_id")
_UNKNOWN = "unknown"

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Degradation:
    """How often an answer suffers, per cell.

    missing: exposures and dates not known (half left empty, half `unknown`). recall: dates of exposure
    or onset off by up to three weeks, never past what came after. typing: words mistyped.
    """

    missing: float = 0.12
    recall: float = 0.15
    typing: float = 0.02

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.missing, self.recall, self.typing)):
            raise ValueError("missing, recall and typing are shares")


@dataclass(frozen=True, slots=True, eq=False)
class Degraded:
    """What the investigator gets, and every cell that is not the truth.

    cases: columns HEADINGS. changes: case_id, heading, true, written, reason.
    """

    cases: pl.DataFrame
    changes: pl.DataFrame


def degraded(
    truth: pl.DataFrame,
    how: Degradation,
    *,
    spared: Collection[str] = (),
    rng: np.random.Generator,
) -> Degraded:
    """Degrade a line list; the rows of `spared` cases stay as they are."""
    rows: list[Row] = []
    changes: list[tuple[str | None, ...]] = []
    for row in truth.iter_rows(named=True):
        written = dict(row)
        reasons = {} if row["case_id"] in spared else _degrade(written, how, rng)
        rows.append(written)
        changes += [(row["case_id"], h, row[h], written[h], why) for h, why in reasons.items()]
    schema = dict.fromkeys(("case_id", "heading", "true", "written", "reason"), pl.String)
    return Degraded(
        pl.DataFrame(rows, schema=truth.schema),
        pl.DataFrame(changes, schema=schema, orient="row"),
    )


def _degrade(row: Row, how: Degradation, rng: np.random.Generator) -> dict[str, str]:
    """Change a row in place, last heading first; return the reason for each heading changed."""
    reasons = {}
    for heading in reversed(HEADINGS):
        value = row[heading]
        if heading not in _NEVER and value is not None:
            row[heading], reason = _answer(row, heading, how, rng)
            if row[heading] != value:
                reasons[heading] = reason
    return reasons


def _answer(
    row: Row, heading: str, how: Degradation, rng: np.random.Generator
) -> tuple[str | None, str]:
    """Return what is written for a cell, and why it may not be the truth."""
    value, luck = row[heading] or "", rng.random(3)
    if heading in EXPOSURES + DATES and luck[0] < how.missing:
        return (None if luck[1] < 0.5 else _UNKNOWN), "missing"
    if heading in ("date_exposure", "date_onset") and luck[0] < how.missing + how.recall:
        return _recalled(row, heading, rng), "recall"
    if heading in EXPOSURES and luck[2] < how.typing and len(value) > 4:
        return _mistyped(value, rng), "typing"
    return value, "as it is"


def _recalled(row: Row, heading: str, rng: np.random.Generator) -> str:
    """Shift a date by up to three weeks, not past any later event as it is written."""
    day = date.fromisoformat(row[heading] or "")
    shifted = (day + timedelta(days=int(rng.integers(-21, 22)))).isoformat()
    later = [row[name] or "" for name in DATES[DATES.index(heading) + 1 :]]
    return min([shifted, *(text for text in later if text and text != _UNKNOWN)])


def _mistyped(value: str, rng: np.random.Generator) -> str:
    """Swap two neighbours, drop a letter, or change the case, as hurried hands do."""
    at, kind = int(rng.integers(1, len(value) - 1)), int(rng.integers(3))
    if kind == 0:
        return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    if kind == 1:
        return value[:at] + value[at + 1 :]
    return value.upper() if value != value.upper() else value.lower()

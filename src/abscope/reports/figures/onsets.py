"""The epidemic curve with a box a case: by onset and status, periods not yet complete shaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import polars as pl

from abscope.outbreak.epicurve import curve, is_complete
from abscope.reports.cases import DATES, CaseRow
from abscope.reports.figures.calendar import MONTHS
from abscope.reports.roster import Pick

WIDTH, LEFT, RIGHT, TOP, HIGH = 980, 52, 966, 14, 210
STATUSES = ("confirmed", "probable", "suspect", "unclassified")
_WEEKS_MOST = 60
_BOX_MOST = 26.0
_ONSET = [name for name, _ in DATES].index("date_onset")


@dataclass(frozen=True, slots=True)
class Box:
    """One case."""

    x: float
    y: float
    width: float
    height: float
    status: str
    pick: Pick


@dataclass(frozen=True, slots=True)
class Onsets:
    """Everything to draw, in pixels.

    shades: left edge and width of periods not yet complete. to_come: x, y, width and height of what is
    still to be reported. curve: tables.EPI_CURVE, the same as a table.
    """

    unit: str
    boxes: tuple[Box, ...]
    shades: tuple[tuple[float, float], ...]
    to_come: tuple[tuple[float, float, float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    steps: tuple[tuple[float, int], ...]
    statuses: tuple[str, ...]
    curve: pl.DataFrame
    undated: tuple[Pick, ...]
    floor: float
    deep: float


def onsets(cases: pl.DataFrame, rows: Sequence[CaseRow], today: date | None) -> Onsets | None:
    """None where no case has an onset. Without a day of the report, the last date written is taken."""
    known = [row for row in rows if row.status != "not a case" and row.dates[_ONSET]]
    if not known:
        return None
    end = today or max(day for row in rows for day in row.dates if day)
    first = min(day for row in known if (day := row.dates[_ONSET]))
    unit = "week" if (end - first).days <= 7 * _WEEKS_MOST else "month"
    periods = curve(cases, end, unit)
    if not len(periods):
        return None
    width = (RIGHT - LEFT) / len(periods)
    tall = max(1.0, *periods["cases"].to_list(), *periods["expected"].fill_null(0).to_list())
    high = min(_BOX_MOST, HIGH / ceil(tall))
    deep = round(high * (ceil(tall) + 0.4), 1)
    boxes = tuple(_boxes(periods, known, width, high, floor=TOP + deep))
    present = {box.status for box in boxes}
    return Onsets(
        unit=unit,
        boxes=boxes,
        shades=tuple(_shades(periods, width)),
        to_come=tuple(_to_come(periods, width, high, floor=TOP + deep)),
        ticks=tuple(_ticks(periods["first"].to_list(), width, unit)),
        steps=tuple(_steps(tall, high, floor=TOP + deep)),
        statuses=tuple(status for status in STATUSES if status in present),
        curve=periods,
        undated=tuple(
            row.pick for row in rows if row.status != "not a case" and not row.dates[_ONSET]
        ),
        floor=TOP + deep,
        deep=deep,
    )


def _boxes(
    periods: pl.DataFrame, known: Sequence[CaseRow], width: float, high: float, *, floor: float
) -> Iterator[Box]:
    """Cases of a period stacked, the surest lowest, in the line list's order."""
    gap = 1 if width > 6 else 0
    for k, (first, last) in enumerate(periods.select("first", "last").iter_rows()):
        own = [row for row in known if (day := row.dates[_ONSET]) and first <= day <= last]
        own.sort(key=lambda row: STATUSES.index(row.status or "unclassified"))
        for place, row in enumerate(own, 1):
            yield Box(
                x=round(LEFT + k * width + gap, 1),
                y=round(floor - place * high, 1),
                width=round(max(width - 2 * gap, 1), 1),
                height=round(max(high - 1, 1), 1),
                status=row.status or "unclassified",
                pick=row.pick,
            )


def _shades(periods: pl.DataFrame, width: float) -> Iterator[tuple[float, float]]:
    for k, share in enumerate(periods["complete"].to_list()):
        if share is not None and not is_complete(share):
            yield round(LEFT + k * width, 1), round(width, 1)


def _to_come(
    periods: pl.DataFrame, width: float, high: float, *, floor: float
) -> Iterator[tuple[float, float, float, float]]:
    for k, row in enumerate(periods.iter_rows(named=True)):
        if row["expected"] is not None and not is_complete(row["complete"]):
            more = (row["expected"] - row["cases"]) * high
            if more >= 1:
                top = floor - row["cases"] * high - more
                yield (
                    round(LEFT + k * width + 1, 1),
                    round(top, 1),
                    round(width - 2, 1),
                    round(more, 1),
                )


def _ticks(firsts: Sequence[date], width: float, unit: str) -> Iterator[tuple[float, str]]:
    step = max(1, ceil(74 / width))
    for k in range(0, len(firsts), step):
        day = firsts[k]
        text = day.isoformat() if unit == "week" else f"{MONTHS[day.month - 1]} {day.year}"
        if k == 0 or LEFT + k * width < WIDTH - 30:
            yield round(LEFT + k * width, 1), text


def _steps(tall: float, high: float, *, floor: float) -> Iterator[tuple[float, int]]:
    """Heights of whole numbers of cases, no closer than their labels need."""
    step = next(s for n in range(6) for s in (10**n, 2 * 10**n, 5 * 10**n) if s * high >= 18)
    for number in range(0, ceil(tall) + 1, step):
        yield round(floor - number * high, 1), number

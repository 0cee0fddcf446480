"""When isolates were sampled: a table of names and dates, as a day, month, year or decimal year.

A date that names no day is the whole month or year it names, and is used so.
"""

import re
from calendar import isleap
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats import written_dates
from abscope.formats.headings import match
from abscope.formats.spreadsheet import read
from abscope.formats.written_dates import Order
from abscope.population.root_to_tip import Span
from abscope.records import LeftOut

_NAMES: Mapping[str, Sequence[str]] = {
    "isolate_id": ("isolate_id", "isolate", "sample", "name", "strain", "accession", "taxon", "node_name"),
    "date": ("date", "sample_date", "collection_date", "date_collected", "sampling date", "year"),
}  # fmt: skip
_HINT = "a table with the columns isolate_id and date (2014-03-05, 2014-03, 2014 or 2014.178)"
_DECIMAL = re.compile(r"(19|20)\d{2}\.(\d|\d{3,})")  # of two figures it may be a month


def sampling_dates(path: Path) -> tuple[dict[str, Span], tuple[LeftOut, ...]]:
    """Each isolate's date as decimal years from when to when, and whose date cannot be used.

    Raises FormatError where a column is missing or an isolate has two dates.
    """
    heading, *rows = read(path).rows
    columns = {name: at[0] for name, at in match(heading.cells, _NAMES).items()}
    if missing := [name for name in _NAMES if name not in columns]:
        raise FormatError(f"{path.name}: no column {', '.join(missing)}", hint=_HINT)
    cells = [
        (row.number, row.cell(columns["isolate_id"]), row.cell(columns["date"])) for row in rows
    ]
    order = written_dates.order_of([text for _, _, text in cells])
    found: dict[str, Span] = {}
    unusable, problems = [], []
    for number, name, text in cells:
        span = span_of(text, order=order)
        if span is None:
            unusable.append(LeftOut(name, _why(text, order)))
        elif found.setdefault(name, span) != span:
            problems.append(f"row {number}: {name} has another date above")
    if problems:
        raise FormatError.collect(path.name, problems, hint="one date an isolate")
    return found, tuple(unusable)


def _why(text: str, order: Order | None) -> str:
    if not text:
        return "no date"
    if written_dates.has_two_readings(text):
        return written_dates.read(text, order=order).remark
    return f"no date in {text!r}"


def span_of(text: str, *, order: Order | None = None) -> Span | None:
    """First and last moment a date stands for, decimal years; None where it cannot be told."""
    bare = text.strip()
    if _DECIMAL.fullmatch(bare):
        return float(bare), float(bare)
    written = written_dates.read(bare, order=order)
    first, last = (written.day, written.day) if written.day else written.between or (None, None)
    if first is None or last is None or last == date.max:
        return None
    return decimal_year(first), decimal_year(last + timedelta(days=1))


def decimal_year(day: date) -> float:
    """A day's beginning, in years."""
    return day.year + (day.timetuple().tm_yday - 1) / (365 + isleap(day.year))

"""One line per case: travel and care, procedure, onset, culture, treatment, today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from abscope.records import LineList
from abscope.reports.cases import CaseRow
from abscope.reports.figures import symbols
from abscope.reports.figures.calendar import Calendar
from abscope.reports.figures.chart import short
from abscope.reports.roster import Pick

WIDTH, LEFT, RIGHT, TOP, ROW = 980, 214, 962, 26, 22
KEY = (
    ("travel", "Travel and care abroad or at home"),
    ("exposure", "Exposure"),
    ("onset", "Onset"),
    ("culture", "Specimen, culture positive or not said"),
    ("negative", "Culture negative"),
    ("treatment", "Treatment; pale where its end is not known"),
    ("death", "Death"),
)
_MARKS = {
    "exposure": symbols.diamond,
    "onset": symbols.disc,
    "culture": symbols.triangle,
    "negative": symbols.triangle,
    "treatment": symbols.square,
    "death": symbols.cross,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, or from one day to another (last: None where not known)."""

    sort: str
    first: date
    last: date | None
    says: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn of an event, and what a pointer resting on it is told."""

    sort: str
    path: str
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """One case: its height, its name cut to fit, the note beside it, and its events."""

    y: float
    pick: Pick
    name: str
    note: str
    spans: tuple[Shape, ...]
    marks: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything to draw, in pixels. more: what is drawn of a case beside the dates of the line list."""

    height: float
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    today: float | None
    key: tuple[tuple[str, str, str], ...]
    more: Mapping[str, tuple[str, ...]]


def timeline(
    cases: Sequence[CaseRow], linelist: LineList | None = None, today: date | None = None
) -> Timeline | None:
    """Cases from top to bottom as they come; None where nobody has a date."""
    told = _beside(linelist)
    found = {row.pick.name: list(_own(row)) for row in cases}
    for name, events in found.items():
        events += [one for one in told.get(name, ()) if not _hidden(one, events)]
    days = [day for many in found.values() for one in many for day in (one.first, one.last) if day]
    if not days:
        return None
    days += [today] if today else []
    margin = timedelta(days=max(3, (max(days) - min(days)).days // 60))
    calendar = Calendar(min(days) - margin, max(days) + margin, LEFT, RIGHT)
    shown = [row for row in cases if found[row.pick.name]]
    end = today or calendar.last
    lines = tuple(
        _line(row, found[row.pick.name], k, calendar, end=end) for k, row in enumerate(shown)
    )
    drawn = {shape.sort for line in lines for shape in (*line.spans, *line.marks)}
    key = tuple((sort, says, _sample(sort)) for sort, says in KEY if sort in drawn)
    at = calendar.x(today) if today else None
    more = {row.pick.name: _more(row, found[row.pick.name]) for row in shown}
    return Timeline(TOP + ROW * len(lines) + 30, lines, calendar.ticks, at, key, more)


def _own(row: CaseRow) -> Iterator[Event]:
    """What the line list's own columns say."""
    dates = dict(zip(("exposure", "onset", "culture", "treatment"), row.dates, strict=True))
    words = {
        "exposure": "exposure",
        "onset": "onset",
        "culture": "specimen",
        "treatment": "treatment",
    }
    for sort, day in dates.items():
        if day is not None:
            last = row.until.get(sort) if sort in row.until else day
            yield Event(sort, day, last, f"{words[sort]} {_span(day, last)}")
    if row.death is not None:
        yield Event("death", row.death, row.death, f"death {row.death}")


def _more(row: CaseRow, events: list[Event]) -> tuple[str, ...]:
    """In words and by day: care, cultures and treatments of their own tables, whatever lasted, death."""
    plain = [one for one in _own(row) if one.last == one.first and one.sort != "death"]
    rest = sorted((one for one in events if one not in plain), key=lambda one: one.first)
    return tuple(dict.fromkeys(one.says for one in rest))


def _beside(linelist: LineList | None) -> Mapping[str, list[Event]]:
    """Episodes of care, specimens and treatments of their own tables, by case."""
    found: dict[str, list[Event]] = {}
    if linelist is None:
        return found
    for row in linelist.episodes.iter_rows(named=True):
        if row["date_first"] is not None:
            where = ", ".join(str(row[k]) for k in ("clinic", "city", "country") if row[k])
            says = (
                f"{row['procedure'] or 'care'} {_span(row['date_first'], row['date_last'])} {where}"
            )
            event = Event("travel", row["date_first"], row["date_last"], says.strip())
            found.setdefault(row["case_id"], []).append(event)
    for row in linelist.specimens.iter_rows(named=True):
        if row["case_id"] is not None and row["date_last"] is not None:
            sort = "negative" if row["result"] == "negative" else "culture"
            says = f"{row['material'] or 'specimen'} {row['date_last']}: {row['result'] or 'result not said'}"
            event = Event(sort, row["date_last"], row["date_last"], says)
            found.setdefault(row["case_id"], []).append(event)
    for row in linelist.treatments.iter_rows(named=True):
        if row["date_start"] is not None and row["given"] == "yes":
            says = f"{row['treatment']} {_span(row['date_start'], row['date_end'])}"
            event = Event("treatment", row["date_start"], row["date_end"], says)
            found.setdefault(row["case_id"], []).append(event)
    return found


def _span(first: date, last: date | None) -> str:
    return str(first) if last == first else f"{first} to {last or 'not known'}"


def _line(row: CaseRow, events: list[Event], k: int, calendar: Calendar, *, end: date) -> Line:
    """Of marks that lie close together the earliest is on top."""
    y = TOP + ROW * (k + 0.5)
    marked = [one for one in events if one.sort in _MARKS]
    marked.sort(key=lambda one: one.first, reverse=True)
    return Line(
        y=y,
        pick=row.pick,
        name=short(row.pick.name, 14),
        note=short(_note(row), 13),
        spans=tuple(_bar(one, y, calendar, end) for one in events if _long(one)),
        marks=tuple(
            Shape(one.sort, _MARKS[one.sort](calendar.x(one.first), y), one.says) for one in marked
        ),
    )


def _note(row: CaseRow) -> str:
    """The case's cluster, or the lack of an isolate."""
    groups = ", ".join(cluster.name for cluster in row.clusters)
    return groups or ("no isolate" if row.missing else "")


def _hidden(event: Event, others: list[Event]) -> bool:
    """Whether a visit of a day would lie under the mark of that day's exposure."""
    under = ("exposure", event.first)
    return event.last == event.first and under in {(one.sort, one.first) for one in others}


def _long(event: Event) -> bool:
    return event.sort == "travel" or event.last != event.first


def _bar(event: Event, y: float, calendar: Calendar, end: date) -> Shape:
    """A span; one whose end is not known is short, drawn as open, and over by `end`."""
    short_one = timedelta(days=max(14, (calendar.last - calendar.first).days // 20))
    last = event.last or min(event.first + short_one, end)
    x = calendar.x(event.first)
    width = max(calendar.x(min(last, calendar.last)) - x, 3)
    sort = event.sort if event.last else f"{event.sort} open"
    return Shape(sort, f"M{x:.1f} {y - 4:.1f}h{width:.1f}v8h-{width:.1f}z", event.says)


def _sample(sort: str) -> str:
    return _MARKS[sort](9, 9) if sort in _MARKS else "M1 5h16v8h-16z"

"""One row of a line list: what it says, and what cannot be right in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from abscope.formats import written_dates
from abscope.formats.exposure_answers import is_known
from abscope.formats.headings import plain
from abscope.formats.line_list_columns import DATES, Columns
from abscope.formats.spreadsheet import Row
from abscope.outbreak import plausible
from abscope.records import Problem

_STATUS = {
    "confirmed": ("confirmed", "confirmed case"),
    "probable": ("probable", "probable case"),
    "suspect": ("suspect", "suspected", "suspect case", "suspected case", "possible"),
    "not a case": ("not a case", "noncase", "ruled out", "discarded", "control"),
}
_STATUS_OF = {plain(word): status for status, words in _STATUS.items() for word in words}
_AGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(y|yr|yrs|years?|m|mo|months?)?", re.IGNORECASE)
_OLDEST = 120
_NO_ISOLATE = frozenset({"no", "none", "not sequenced", "no isolate", "lost"})

Remark = tuple[str, str]  # what is odd, and what to do


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row, read. answers: kind and cell as written, for every kind there is a column of."""

    row: int
    case_id: str
    isolates: tuple[str, ...]
    fields: dict[str, object]
    answers: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...] = ()


def read(row: Row, columns: Columns, file: str, *, today: date | None = None) -> CaseRow:
    """The row's case. A value that cannot be right becomes null, with a problem; the case stays."""
    where = f"{file}, row {row.number}"
    texts = {field: row.cell(place) for field, place in columns.single.items()}
    texts = {field: text if is_known(text) else "" for field, text in texts.items()}
    age, odd_age = _age(texts.get("age", ""))
    status, odd_status = _status(texts.get("status", ""))
    dates, odd_dates = _dates({field: texts.get(field, "") for field in DATES}, today)
    texts_only = {f: text or None for f, text in texts.items() if f not in (*DATES, "case_id")}
    remarks = [("", _surplus(row, columns)), ("age", odd_age), ("status", odd_status), *odd_dates]
    return CaseRow(
        row=row.number,
        case_id=texts.get("case_id", ""),
        isolates=tuple(dict.fromkeys(_isolates(row, columns))),
        fields={**texts_only, "age": age, "status": status, **dates},
        answers=tuple(_answers(row, columns)),
        problems=tuple(
            Problem(_place(where, field, columns), *odd) for field, odd in remarks if odd
        ),
    )


def _place(where: str, field: str, columns: Columns) -> str:
    return f"{where}, {columns.words[columns.single[field]]}" if field else where


def _surplus(row: Row, columns: Columns) -> Remark | None:
    extra = [cell for cell in row.cells[len(columns.words) :] if cell]
    if not extra:
        return None
    return (
        f"there are more cells than headings: {', '.join(extra)[:60]}",
        "put double quotes around a cell that contains the separator",
    )


def _isolates(row: Row, columns: Columns) -> Iterator[str]:
    for place in columns.isolates:
        for part in re.split(r"[;,]", row.cell(place)):
            name = part.strip()
            if is_known(name) and name.casefold() not in _NO_ISOLATE:
                yield name


def _answers(row: Row, columns: Columns) -> Iterator[tuple[str, str]]:
    for kind, places in columns.kinds.items():
        yield kind, "; ".join(row.cell(place) for place in places if row.cell(place))


def _age(text: str) -> tuple[float | None, Remark | None]:
    """Years, from `34`, `34 y` or `8 months`."""
    if not text:
        return None, None
    found = _AGE.fullmatch(text)
    if found is None:
        return None, (f"{text!r} is not a number; it is not used", "write years as one number")
    years = float(found[1].replace(",", "."))
    if (found[2] or "y").lower().startswith("m"):
        years /= 12
    if years > _OLDEST:
        return None, (f"{text!r} is above {_OLDEST} years; it is not used", "check the age")
    return years, None


def _status(text: str) -> tuple[str | None, Remark | None]:
    known = _STATUS_OF.get(plain(text))
    if known or not text:
        return known, None
    return None, (f"{text!r} is not known; it is not used", f"write {', '.join(_STATUS)}")


def _dates(
    texts: dict[str, str], today: date | None
) -> tuple[dict[str, date | None], list[tuple[str, Remark]]]:
    """Every date that can be read and does not contradict the others; remarks with their field."""
    written = {f: written_dates.read(text, today=today) for f, text in texts.items() if text}
    remarks = [(f, (one.remark, one.remedy)) for f, one in written.items() if one.remark]
    dates = {field: written[field].day if field in written else None for field in texts}
    wrong = plausible.contradictory(dates)
    for what in dict.fromkeys(wrong.values()):
        aside = " and ".join(field for field in wrong if wrong[field] == what)
        remarks.append(("", (f"{what}: {aside} not used", "correct the date that is wrong")))
    kept = {field: None if field in wrong else day for field, day in dates.items()}
    remarks += [("", (what, "check both dates")) for what in plausible.odd(kept)]
    return kept, remarks

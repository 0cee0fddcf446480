"""One row of a line list: what it says, and what cannot be right in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from abscope.formats import line_list_values as values
from abscope.formats.exposure_answers import is_known
from abscope.formats.line_list_columns import Columns
from abscope.formats.line_list_headings import SINGLE, SPECIMEN
from abscope.formats.line_list_tags import Tag
from abscope.formats.line_list_values import Remark
from abscope.formats.spreadsheet import Row
from abscope.formats.written_dates import Order
from abscope.records import Problem

DATES = tuple(field for field in SINGLE if field.startswith("date_"))
_NO_ISOLATE = frozenset({"no", "none", "not sequenced", "no isolate", "lost"})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row, read.

    answers: tag and cell as written, for every column about exposures, symptoms or treatments.
    specimens: what the row says of the patient's specimen, by column of tables.SPECIMENS.
    """

    row: int
    case_id: str
    isolates: tuple[str, ...]
    fields: dict[str, object]
    answers: tuple[tuple[Tag, str], ...]
    specimens: tuple[Mapping[str, object], ...] = ()
    problems: tuple[Problem, ...] = ()


def read(
    row: Row,
    columns: Columns,
    file: str,
    *,
    today: date | None = None,
    orders: Mapping[str, Order] | None = None,
) -> CaseRow:
    """The row's case. A value that cannot be right becomes null, with a problem; the case stays."""
    texts = {field: columns.text(row, columns.place(field)) for field in SINGLE}
    texts = {field: text if is_known(text) else "" for field, text in texts.items()}
    age, odd_age = values.age(texts["age"])
    status, odd_status = values.status(texts["status"])
    dates, odd_dates = values.dates({f: texts[f] for f in DATES}, today, orders or {})
    texts_only = {f: text or None for f, text in texts.items() if f not in (*DATES, "case_id")}
    specimen, odd_result = _specimen(row, columns)
    remarks = [("", _surplus(row, columns)), ("age", odd_age), ("status", odd_status), *odd_dates]
    remarks += [("specimen.result", odd_result), values.age_and_birth(age, dates) or ("", None)]
    where = f"{file}, row {row.number}"
    return CaseRow(
        row=row.number,
        case_id=texts["case_id"],
        isolates=tuple(dict.fromkeys(_isolates(row, columns))),
        fields={**texts_only, "age": age, "status": status, **dates},
        answers=tuple(_answers(row, columns)),
        specimens=specimen,
        problems=tuple(
            Problem(f"{where}, {columns.label(field)}" if field else where, *odd)
            for field, odd in remarks
            if odd
        ),
    )


def _surplus(row: Row, columns: Columns) -> Remark | None:
    extra = [cell for cell in row.cells[len(columns.words) :] if cell]
    if not extra:
        return None
    return (
        f"there are more cells than headings: {', '.join(extra)[:60]}",
        "put double quotes around a cell that contains the separator",
    )


def _isolates(row: Row, columns: Columns) -> Iterator[str]:
    for place in columns.places("isolate_id"):
        for part in re.split(r"[;,]", columns.text(row, place)):
            name = part.strip()
            if is_known(name) and name.casefold() not in _NO_ISOLATE:
                yield name


def _answers(row: Row, columns: Columns) -> Iterator[tuple[Tag, str]]:
    for name in (*columns.kinds, *(n for n in ("symptom", "treatment") if columns.places(n))):
        cells = (columns.text(row, place) for place in columns.places(name))
        yield Tag(name), "; ".join(cell for cell in cells if cell)
    for place, tag in columns.asked:
        yield tag, columns.text(row, place)


def _specimen(row: Row, columns: Columns) -> tuple[tuple[Mapping[str, object], ...], Remark | None]:
    """The specimen the row tells of, if it does."""
    texts = {f: columns.text(row, columns.place(f"specimen.{f}")) for f in SPECIMEN}
    result, odd = values.result(texts["result"])
    known = {field: text if is_known(text) else None for field, text in texts.items()}
    found = {**known, "result": result}
    return ((found,) if any(found.values()) else ()), odd

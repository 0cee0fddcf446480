"""Tables of follow-up as people keep them: attempts to reach facilities, tests done on patients."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from abscope.errors import TableError
from abscope.formats import headings, spreadsheet, written_dates
from abscope.records import Problem
from abscope.tables.followup import CONTACTS, MONITORING
from abscope.tables.table import Column, Table

_CONTACTS = {
    "facility": ("facility", "clinic", "hospital", "laboratory", "supplier", "who"),
    "date": ("date", "day", "contacted", "date_contact"),
    "about": ("about", "topic", "question", "subject"),
    "channel": ("channel", "method", "how", "means"),
    "language": ("language",),
    "reply": ("reply", "answer", "response", "result"),
    "by": ("by", "staff", "person"),
    "note": ("note", "notes", "comment"),
}
_MONITORING = {
    "case_id": ("case_id", "case", "patient", "patient_id", "id"),
    "test": ("test", "what", "examination"),
    "date": ("date", "day", "done"),
}
_SILENCE = {"", "no", "no answer", "no reply", "silent", "pending", "nothing"}


def contacts(path: Path) -> tuple[pl.DataFrame, list[Problem]]:
    """A contact log; tables.followup.CONTACTS. An empty reply is none: silence."""
    return _read(path, CONTACTS, _CONTACTS)


def monitoring(path: Path) -> tuple[pl.DataFrame, list[Problem]]:
    """Tests done; tables.followup.MONITORING."""
    return _read(path, MONITORING, _MONITORING)


def _read(
    path: Path, table: Table, names: Mapping[str, Sequence[str]]
) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows that can be used, and every one that cannot, with the reason.

    Raises TableError where a required column is missing.
    """
    sheet = spreadsheet.read(path)
    head, *rows = sheet.rows
    at = {field: found[0] for field, found in headings.match(head.cells, names).items()}
    required = [c.name for c in table.columns if c.required and c.name not in at]
    if required:
        raise TableError.collect(
            sheet.name,
            [f"there is no column {name!r}" for name in required],
            hint=f"columns: {', '.join(names)}",
        )
    kept, problems = [], list(sheet.problems)
    for row in rows:
        cells = {field: row.cell(column).strip() for field, column in at.items()}
        values = {c.name: _value(c, cells.get(c.name, "")) for c in table.columns}
        wrong = [
            c for c in table.columns if values[c.name] is None and (c.required or cells.get(c.name))
        ]
        problems += [
            Problem(f"{sheet.name}, row {row.number}", _fault(c, cells.get(c.name, "")), _remedy(c))
            for c in wrong
        ]
        if not any(c.required for c in wrong):
            kept.append(values)
    return table.check(table.frame(kept)), problems


def _value(column: Column, text: str) -> object:
    if column.type == pl.Date:
        return written_dates.read(text).day if text else None
    if not column.one_of:
        return text or None
    word = text.casefold()
    if column.name == "reply" and word in _SILENCE:
        return "none"
    return word if word in column.one_of else "other" if word and "other" in column.one_of else None


def _fault(column: Column, text: str) -> str:
    used = "; this row is not used" if column.required else "; it was left out"
    return (
        f"{column.name} {text!r} cannot be read{used}" if text else f"{column.name} is empty{used}"
    )


def _remedy(column: Column) -> str:
    if column.one_of:
        return f"one of: {', '.join(column.one_of)}"
    return "write dates as 2022-10-14" if column.type == pl.Date else "fill it in"

"""A line list, as CSV, TSV or .xlsx, into cases and exposures: nobody lost, every oddity reported."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

import polars as pl

from abscope import tables
from abscope.errors import TableError
from abscope.formats import (
    exposure_answers,
    exposure_list,
    line_list_columns,
    line_list_row,
    spreadsheet,
)
from abscope.formats.exposure_answers import Said
from abscope.formats.line_list_columns import Columns
from abscope.formats.line_list_row import CaseRow
from abscope.formats.spreadsheet import Row, Sheet
from abscope.records import LineList, Problem

_TITLE_ROWS = 10  # the headings may stand below a title, but not further down than this


def read(path: Path, *, exposures: Path | None = None, today: date | None = None) -> LineList:
    """The cases of a line list and what they were exposed to, with every problem found in it.

    Every row that is not blank is a case. A value that cannot be right (a day that does not exist, an
    age of 340, an onset before the exposure) becomes null and is reported with file, row and remedy;
    `today` makes later dates such values. exposures: a file of one row per case, kind and value.
    Raises FormatError where a file is no table, TableError where it has no heading of ours or no rows.
    """
    sheet = spreadsheet.read(path)
    columns, rows, above = _below_headings(sheet)
    found = [line_list_row.read(row, columns, sheet.name, today=today) for row in rows]
    cases, naming = _named(found, sheet.name)
    names = {case.case_id for case in cases}
    more, listing = exposure_list.read(exposures, names) if exposures else ([], [])
    said, spelling = exposure_answers.one_spelling([*_said(cases), *more], sheet.name)
    reading = (problem for case in found for problem in case.problems)
    remarks = line_list_columns.remarks(columns, sheet.name)
    problems = chain(sheet.problems, above, remarks, reading, naming, listing, spelling)
    return LineList(_frame(cases), exposure_answers.table(said), tuple(problems))


def _below_headings(sheet: Sheet) -> tuple[Columns, list[Row], list[Problem]]:
    """The columns, the rows below them, and a remark where text stands above them."""
    top = [row for row in sheet.rows[:_TITLE_ROWS] if not row.cells[0].startswith("#")]
    head = next((row for row in top if line_list_columns.find(row.cells).used), None)
    if head is None:
        raise TableError.collect(
            sheet.name,
            [
                f"row {row.number}: no heading is known: {', '.join(row.cells)[:120]}"
                for row in top[:1]
            ],
            hint="the first row holds headings such as case_id, isolate_id, date_onset, clinic, product",
        )
    rows = [row for row in sheet.rows if row.number > head.number]
    if not rows:
        raise TableError.collect(
            sheet.name, ["there are headings, but no cases below"], hint="add one row per case"
        )
    skipped = [str(row.number) for row in top if row.number < head.number]
    what = f"the headings are in row {head.number}; row {', '.join(skipped)} above was not read"
    above = [Problem(sheet.name, what, "nothing to do, unless a case stands there")]
    return line_list_columns.find(head.cells), rows, above if skipped else []


def _named(found: list[CaseRow], file: str) -> tuple[list[CaseRow], list[Problem]]:
    """Every case under a name of its own; rows are joined only where they tell of one patient's isolates."""
    cases: dict[str, CaseRow] = {}
    problems = []
    taken = {case.case_id for case in found}
    for case in found:
        twin = cases.get(case.case_id)
        if twin is not None and _further_isolate(twin, case):
            cases[twin.case_id] = _joined(twin, case)
            remark = (
                f"is case {case.case_id!r} of row {twin.row} with another isolate: one case",
                "if they are two patients, give each an id of its own",
            )
        else:
            own, remark = _own_name(case, twin, taken)
            taken.add(own)
            cases[own] = replace(case, case_id=own)
        problems += [Problem(f"{file}, row {case.row}", *remark)] if remark[0] else []
    return list(cases.values()), problems


def _own_name(case: CaseRow, twin: CaseRow | None, taken: set[str]) -> tuple[str, tuple[str, str]]:
    if not case.case_id:
        own = _free(f"row-{case.row}", taken)
        return own, (f"has no case_id; it is called {own!r}", "give the case an id")
    if twin is None:
        return case.case_id, ("", "")
    own = _free(f"{case.case_id}#2", taken)
    return own, (
        f"case_id {case.case_id!r} is that of row {twin.row} too; this row is called {own!r}",
        "give each case an id of its own, or remove the row if it was entered twice",
    )


def _free(name: str, taken: set[str]) -> str:
    stem, number = name.rsplit("#", 1)[0], 2
    while name in taken:
        name, number = f"{stem}#{number}", number + 1
    return name


def _further_isolate(one: CaseRow, other: CaseRow) -> bool:
    """Whether two rows with one id name different isolates and agree in all else but their date."""
    if not one.isolates or not other.isolates or set(one.isolates) & set(other.isolates):
        return False
    pairs = [(one.fields[f], other.fields[f]) for f in one.fields if f != "date_collection"]
    pairs += [(a[1], b[1]) for a, b in zip(one.answers, other.answers, strict=True)]
    blank = (None, "")
    return all(first == second or first in blank or second in blank for first, second in pairs)


def _joined(one: CaseRow, other: CaseRow) -> CaseRow:
    """Both rows as one case; of two collection dates, the earlier."""
    fields = {f: other.fields[f] if value is None else value for f, value in one.fields.items()}
    collected = (case.fields.get("date_collection") for case in (one, other))
    fields["date_collection"] = min(
        (day for day in collected if isinstance(day, date)), default=None
    )
    answers = tuple(
        (kind, text or further)
        for (kind, text), (_, further) in zip(one.answers, other.answers, strict=True)
    )
    return replace(one, isolates=one.isolates + other.isolates, answers=answers, fields=fields)


def _said(cases: list[CaseRow]) -> Iterator[Said]:
    cells = [(case, kind, text) for case in cases for kind, text in case.answers]
    plain_words = {kind for _, kind, text in cells if not exposure_answers.is_coded(text)}
    for case, kind, text in cells:
        for value, answer in exposure_answers.cell(text, coded=kind not in plain_words):
            yield Said(case.case_id, kind, value, answer)


def _frame(cases: list[CaseRow]) -> pl.DataFrame:
    rows = [
        {
            "case_id": case.case_id,
            "isolate_ids": list(case.isolates),
            "row": case.row,
            **case.fields,
        }
        for case in cases
    ]
    return tables.CASES.check(tables.CASES.frame(rows))

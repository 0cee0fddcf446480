"""A line list, as CSV, TSV or .xlsx, into cases and all that is recorded of them: nobody lost."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from abscope.formats import (
    case_file,
    exposure_answers,
    exposure_list,
    heading_rows,
    line_list_columns,
    line_list_frames,
    line_list_row,
    specimen_list,
)
from abscope.formats.case_file import CaseFile
from abscope.formats.line_list_mapping import LineListMapping
from abscope.formats.line_list_row import CaseRow
from abscope.outbreak import twins
from abscope.records import LineList, Problem, Twins


@dataclass(frozen=True, slots=True)
class Beside:
    """Files that belong to a line list.

    exposures: one row per case, kind and value. specimens: one row per sample, patients' or not.
    mapping: what its columns hold. dictionary: a REDCap project's.
    """

    exposures: Path | None = None
    specimens: Path | None = None
    mapping: Path | None = None
    dictionary: Path | None = None


def read(
    path: Path,
    *,
    exposures: Path | None = None,
    today: date | None = None,
    beside: Beside | None = None,
) -> LineList:
    """The cases of a line list and what is recorded of them, with every problem found in it.

    Every row that is not blank is a case. A value that cannot be right (a day that does not exist, an
    age of 340, an onset before the exposure) becomes null and is reported with file, row and remedy;
    `today` makes later dates such values. Raises FormatError where a file is no table, TableError where
    it has no heading of ours or no rows.
    """
    return read_several([(path, beside or Beside(exposures))], today=today)


def read_several(files: Sequence[tuple[Path, Beside]], *, today: date | None = None) -> LineList:
    """What several files say together: a case of a later file takes the place of one before.

    A case that a later file does not name stays. Raises FormatError, TableError as `read`.
    """
    cases: dict[str, CaseRow] = {}
    parts = []
    for path, beside in files:
        part = _part(path, beside, today)
        parts.append(part)
        for case in part.cases:
            name = case.case_id if _is_named(case) else _free_of_others(case, cases)
            cases[name] = replace(case, case_id=name)
    return _line_list(list(cases.values()), parts, [beside for _, beside in files], today)


@dataclass(frozen=True, slots=True)
class _Part:
    """One file, read."""

    cases: list[CaseRow]
    source: CaseFile
    problems: list[Problem]


def _part(path: Path, beside: Beside, today: date | None) -> _Part:
    source = case_file.read(path, dictionary=beside.dictionary)
    mapping = LineListMapping.read(beside.mapping) if beside.mapping else LineListMapping()
    columns, rows, above = heading_rows.below(source.sheet, mapping)
    name, orders = source.sheet.name, mapping.orders(columns)
    found = [line_list_row.read(row, columns, name, today=today, orders=orders) for row in rows]
    cases, naming = _named(found, name)
    remarks = chain(
        source.problems,
        above,
        line_list_columns.remarks(columns, name),
        (problem for case in found for problem in case.problems),
        naming,
    )
    return _Part(cases, source, list(remarks))


def _line_list(
    cases: list[CaseRow], parts: Sequence[_Part], besides: Sequence[Beside], today: date | None
) -> LineList:
    names = {case.case_id for case in cases}
    name = parts[-1].source.sheet.name
    remarks = [problem for part in parts for problem in part.problems]
    said = list(line_list_frames.said(cases))
    for path in (beside.exposures for beside in besides if beside.exposures):
        more, listing = exposure_list.read(path, names)
        said += more
        remarks += listing
    unified, spelling = exposure_answers.one_spelling(said, name)
    sheets = [
        *(sheet for part in parts for sheet in part.source.specimens),
        *(sheet for beside in besides for sheet in specimen_list.sheets(beside.specimens)),
    ]
    own = line_list_frames.specimens(cases)
    samples = specimen_list.gathered(own, sheets, names, today=today)
    frame, exposed = line_list_frames.cases(cases), exposure_answers.table(unified)
    doubles = twins.propose(frame, exposed)
    return LineList(
        frame,
        exposed,
        (*remarks, *spelling, *samples.problems, *_proposed(doubles, name)),
        responses=line_list_frames.responses(cases),
        episodes=line_list_frames.episodes(cases),
        specimens=samples.frame,
        symptoms=line_list_frames.symptoms(cases),
        treatments=line_list_frames.treatments(cases),
        twins=doubles,
    )


def _is_named(case: CaseRow) -> bool:
    """Whether the file gave the case its id, and not this program for want of one."""
    return not re.fullmatch(r"row-\d+(#\d+)?|.*#\d+", case.case_id)


def _free_of_others(case: CaseRow, cases: dict[str, CaseRow]) -> str:
    """A made-up id belongs to one file only: of another file it names somebody else, or the same row."""
    known = cases.get(case.case_id)
    if known is None or (known.fields, known.answers) == (case.fields, case.answers):
        return case.case_id
    return _free(f"{case.case_id}#2", set(cases))


def _proposed(doubles: Iterable[Twins], name: str) -> Iterator[Problem]:
    for one in doubles:
        yield Problem(
            f"{name}, cases {one.case_1} and {one.case_2}",
            f"may be one patient: {one.reason}; both were kept",
            "if they are, give both rows one case_id or one patient_id; if not, leave them",
        )


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
        (tag, text or further)
        for (tag, text), (_, further) in zip(one.answers, other.answers, strict=True)
    )
    return replace(
        one,
        isolates=one.isolates + other.isolates,
        answers=answers,
        fields=fields,
        specimens=one.specimens + other.specimens,
    )

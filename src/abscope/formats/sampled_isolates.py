"""Whose isolates are, of which clone, from where and when: the table beside distances, in any spelling.

Columns: `isolate_id`, `patient`, `clone` (a name, none, cannot tell), `subspecies`, `country`, `date` or
`year`, `linked_group` (household, outbreak). Only the first is needed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats.headings import match
from abscope.formats.spreadsheet import read
from abscope.records import Problem, SampledIsolate, stratum_of

_NAMES: Mapping[str, Sequence[str]] = {
    "isolate_id": (
        "isolate_id",
        "isolate",
        "sample",
        "sample_id",
        "strain",
        "accession",
        "label",
        "name",
    ),
    "patient": ("patient", "patient_id", "case_id", "case", "host_id"),
    "clone": ("clone", "dcc", "lineage", "cluster", "fastbaps cluster"),
    "subspecies": ("subspecies", "subsp"),
    "country": ("country", "residence_country", "geo_loc_name_country"),
    "date": ("date", "date_collection", "collection_date", "sample_date", "year"),
    "linked_group": ("linked_group", "household", "outbreak", "outbreak_id", "group"),
}
_OF_CASES: Mapping[str, Sequence[str]] = {"case": ("case_id", "case")}
_UNKNOWN = frozenset({"", "?", "-", "na", "n/a", "np", "unknown", "not present", "not known"})
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}")
WHOLE = "all isolates"


@dataclass(frozen=True, slots=True)
class SampledIsolates:
    """The rows of a table, and what was supposed where it does not say."""

    isolates: tuple[SampledIsolate, ...]
    problems: tuple[Problem, ...]


def read_isolates(*paths: Path) -> SampledIsolates:
    """Isolates of one table or several, CSV, TSV or workbook; what two tell, the first decides.

    Without a column of patients each isolate is supposed to be another patient's; without one of clones
    all are of one stratum. Cases of a line list that have no isolate are passed over. Raises FormatError
    where no column names the isolate, or a row of another table names none, or one twice.
    """
    told: dict[str, dict[str, str | None]] = {}
    columns: set[str] = set()
    problems: list[Problem] = []
    for path in paths:
        cells = _cells(path)
        for name, row in cells.items():
            known = told.setdefault(name, {})
            known |= {field: text for field, text in row.items() if known.get(field) is None}
        columns |= {field for row in cells.values() for field in row}
        problems += _odd_dates(path.name, cells)
    isolates = tuple(_isolate(name, row, columns) for name, row in told.items())
    return SampledIsolates(isolates, (*problems, *_supposed(paths[0].name, columns)))


def _cells(path: Path) -> dict[str, dict[str, str | None]]:
    """Every isolate's cells by our name of the column; None: not known."""
    heading, *rows = read(path).rows
    columns = {name: at[0] for name, at in match(heading.cells, _NAMES).items()}
    if "isolate_id" not in columns:
        raise FormatError(
            f"{path.name}: no column isolate_id", hint="docs/background.md names them"
        )
    at = columns.pop("isolate_id")
    if match(heading.cells, _OF_CASES):  # a line list: cases without an isolate are no part of this
        rows = [row for row in rows if row.cell(at)]
    names = [row.cell(at) for row in rows]
    faults = [
        f"row {row.number}: no isolate" for row, name in zip(rows, names, strict=True) if not name
    ]
    faults += [f"{name}: is there twice" for name, times in Counter(names).items() if times > 1]
    if faults:
        raise FormatError.collect(path.name, faults, hint="one row an isolate")
    return {
        name: {field: known_cell(row.cell(column)) for field, column in columns.items()}
        for row, name in zip(rows, names, strict=True)
    }


def known_cell(cell: str) -> str | None:
    """What a cell says; None for the ways to write that it is not known."""
    return None if cell.casefold() in _UNKNOWN else cell


def unnamed(ids: Sequence[str]) -> SampledIsolates:
    """Isolates of which nothing else is known: each another patient's, all of one stratum."""
    what = "each isolate is supposed to be another patient's, all of one clone"
    problem = Problem("no table of isolates", what, "give one with --isolates")
    return SampledIsolates(tuple(SampledIsolate(i, i, WHOLE) for i in ids), (problem,))


def _isolate(name: str, row: Mapping[str, str | None], columns: Collection[str]) -> SampledIsolate:
    date = _DATE.match(row.get("date") or "")
    return SampledIsolate(
        name,
        row.get("patient") if "patient" in columns else name,
        stratum_of(row.get("clone"), row.get("subspecies")) if "clone" in columns else WHOLE,
        row.get("country"),
        date[0] if date else None,
        row.get("linked_group"),
    )


def _odd_dates(file: str, cells: Mapping[str, Mapping[str, str | None]]) -> Iterator[Problem]:
    dates = [date for row in cells.values() if (date := row.get("date"))]
    if odd := [date for date in dates if not _DATE.match(date)]:
        what = f"{len(odd)} dates cannot be read, e.g. {odd[0]!r}"
        yield Problem(file, what, "write 2012, 2012-05 or 2012-05-03")


def _supposed(file: str, columns: Collection[str]) -> Iterator[Problem]:
    if "patient" not in columns:
        what = "no column of patients: each isolate is supposed to be another patient's"
        yield Problem(file, what, "second isolates of a patient make a background too close")
    if "clone" not in columns:
        yield Problem(
            file, "no column of clones: all are taken for one stratum", "add a column clone"
        )

"""Whose isolates are, of which clone, from where and when: the table beside distances, in any spelling.

Columns: `isolate_id`, `patient`, `clone` (a name, none, cannot tell), `subspecies`, `country`, `date` or
`year`, `linked_group` (household, outbreak). Only the first is needed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats.headings import match
from abscope.formats.spreadsheet import Row, read
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
_UNKNOWN = frozenset({"", "?", "-", "na", "n/a", "np", "unknown", "not present", "not known"})
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}")
WHOLE = "all isolates"


@dataclass(frozen=True, slots=True)
class SampledIsolates:
    """The rows of a table, and what was supposed where it does not say."""

    isolates: tuple[SampledIsolate, ...]
    problems: tuple[Problem, ...]


def read_isolates(path: Path) -> SampledIsolates:
    """Isolates of a table, CSV, TSV or workbook.

    Without a column of patients each isolate is supposed to be another patient's; without one of clones
    all are of one stratum. Raises FormatError where no column names the isolate, or a row names none, or
    one twice.
    """
    heading, *rows = read(path).rows
    columns = {name: at[0] for name, at in match(heading.cells, _NAMES).items()}
    if "isolate_id" not in columns:
        raise FormatError(
            f"{path.name}: no column isolate_id", hint="docs/background.md names them"
        )
    found = [_isolate(row, columns) for row in rows]
    names = [one.isolate_id for one in found]
    faults = [
        f"row {row.number}: no isolate" for row, name in zip(rows, names, strict=True) if not name
    ]
    faults += [
        f"{name}: is there twice" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if faults:
        raise FormatError.collect(path.name, faults, hint="one row an isolate")
    return SampledIsolates(tuple(found), tuple(_supposed(path.name, columns, rows)))


def unnamed(ids: Sequence[str]) -> SampledIsolates:
    """Isolates of which nothing else is known: each another patient's, all of one stratum."""
    what = "each isolate is supposed to be another patient's, all of one clone"
    problem = Problem("no table of isolates", what, "give one with --isolates")
    return SampledIsolates(tuple(SampledIsolate(i, i, WHOLE) for i in ids), (problem,))


def _isolate(row: Row, columns: Mapping[str, int]) -> SampledIsolate:
    def cell(name: str) -> str | None:
        text = row.cell(columns.get(name))
        return None if text.casefold() in _UNKNOWN else text

    name = cell("isolate_id") or ""
    stratum = stratum_of(cell("clone"), cell("subspecies")) if "clone" in columns else WHOLE
    date = _DATE.match(cell("date") or "")
    return SampledIsolate(
        name,
        cell("patient") if "patient" in columns else name,
        stratum,
        cell("country"),
        date[0] if date else None,
        cell("linked_group"),
    )


def _supposed(file: str, columns: Mapping[str, int], rows: Sequence[Row]) -> Iterator[Problem]:
    if "patient" not in columns:
        what = "no column of patients: each isolate is supposed to be another patient's"
        yield Problem(file, what, "second isolates of a patient make a background too close")
    if "clone" not in columns:
        yield Problem(
            file, "no column of clones: all are taken for one stratum", "add a column clone"
        )
    if "date" in columns:
        unread = [r for r in rows if (c := r.cell(columns["date"])) and not _DATE.match(c)]
        odd = [r for r in unread if r.cell(columns["date"]).casefold() not in _UNKNOWN]
        if odd:
            what = f"{len(odd)} dates cannot be read, e.g. {odd[0].cell(columns['date'])!r}"
            yield Problem(file, what, "write 2012, 2012-05 or 2012-05-03")

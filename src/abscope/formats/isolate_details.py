"""What may be told of isolates besides their genotype: types as `abscope type` writes them, and dates."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats import written_dates
from abscope.formats.headings import match
from abscope.formats.spreadsheet import read
from abscope.records.bundles import DRUG_CLASSES, Details, Precision

_NAMES: Mapping[str, Sequence[str]] = {
    "isolate_id": ("isolate_id", "isolate", "sample", "name", "strain"),
    "clone": ("clone", "dcc"),
    "subspecies": ("subspecies",),
    "sequence_type": ("st", "sequence_type"),
    "date": ("date", "date_collection", "collection_date", "sample_date", "year"),
    **{name: (name,) for name in DRUG_CLASSES},
}
_WHOLE = {"year": 4, "month": 7, "day": 10}  # letters of an ISO date


def read_details(paths: Sequence[Path], *, precision: Precision) -> dict[str, Details]:
    """Each isolate's details by name, from one table or several; what two tell, the first decides.

    Other columns, patients' among them, are not looked at. Raises FormatError where no column names the
    isolate.
    """
    told: dict[str, dict[str, str]] = {}
    for path in paths:
        for name, cells in _cells(path):
            known = told.setdefault(name, {})
            known |= {field: text for field, text in cells.items() if text and field not in known}
    return {name: _details(cells, precision) for name, cells in told.items()}


def _cells(path: Path) -> list[tuple[str, dict[str, str]]]:
    heading, *rows = read(path).rows
    columns = {name: at[0] for name, at in match(heading.cells, _NAMES).items()}
    if "isolate_id" not in columns:
        raise FormatError(
            f"{path.name}: no column isolate_id", hint="docs/sharing.md names the columns"
        )
    cells = [{name: row.cell(at) for name, at in columns.items()} for row in rows]
    return [(row.pop("isolate_id"), row) for row in cells]


def _details(cells: Mapping[str, str], precision: Precision) -> Details:
    try:
        return Details(
            clone=cells.get("clone"),
            subspecies=cells.get("subspecies"),
            sequence_type=cells.get("sequence_type"),
            resistance={name: cells[name] for name in DRUG_CLASSES if name in cells},
            sampled=sampled(cells.get("date", ""), precision),
        )
    except ValueError as error:
        raise FormatError(str(error), hint="shorten the cell") from error


def sampled(text: str, precision: Precision) -> str | None:
    """A date no finer than `precision`; None where it cannot be told, or is not to be.

    What names a month where days may be told stays a month.
    """
    if precision == "none" or not text:
        return None
    written = written_dates.read(text)
    span = (written.day, written.day) if written.day else written.between
    if span is None:
        return None
    first, last = (_iso(day, precision) for day in span)
    shared = [
        first[:length]
        for length in _WHOLE.values()
        if length <= len(first) and first[:length] == last[:length]
    ]
    return shared[-1] if shared else None


def _iso(day: date, precision: Precision) -> str:
    return day.isoformat()[: _WHOLE[precision]]

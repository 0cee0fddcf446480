"""How likely each case is linked, as a table: case_id, weight."""

from collections.abc import Collection
from pathlib import Path

from abscope.errors import TableError
from abscope.formats import headings, spreadsheet
from abscope.formats.line_list_headings import CASE_ID

_NAMES = {
    "case_id": CASE_ID,
    "weight": ("weight", "probability", "chance", "linked", "posterior", "p"),
}


def read(path: Path, case_ids: Collection[str]) -> dict[str, float]:
    """The chance that each case is linked, 0 for a comparison patient.

    Cases that are not in the table take no part. Raises TableError listing every row that will not do.
    """
    sheet = spreadsheet.read(path)
    head, *rows = sheet.rows
    at = {field: found[0] for field, found in headings.match(head.cells, _NAMES).items()}
    if missing := [name for name in _NAMES if name not in at]:
        faults = [f"there is no column {name!r}" for name in missing]
        raise TableError.collect(sheet.name, faults, hint="columns: case_id, weight")
    found: dict[str, float] = {}
    problems = []
    for row in rows:
        case, text = row.cell(at["case_id"]), row.cell(at["weight"])
        weight = _chance(text)
        if case not in case_ids:
            problems.append(f"row {row.number}: case {case!r} is not in the line list")
        elif case in found:
            problems.append(f"row {row.number}: case {case!r} stands twice")
        elif weight is None:
            problems.append(f"row {row.number}: {text!r} is no chance between 0 and 1")
        else:
            found[case] = weight
    if problems:
        raise TableError.collect(sheet.name, problems, hint="0.98 linked, 0 comparison patient")
    return found


def _chance(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None

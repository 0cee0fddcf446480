"""MICs a laboratory brings: one row an isolate and drug, CSV, TSV or workbook.

Columns: `isolate_id` (or sample), `drug`, `mic` (mg/L: 16, ≤0.25, >64); `day` of reading where it matters.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats.headings import match
from abscope.formats.spreadsheet import Row, read
from abscope.isolate.mic import Mic, parse

_NAMES: Mapping[str, Sequence[str]] = {
    "isolate_id": ("isolate_id", "isolate", "sample", "strain"),
    "drug": ("drug", "antibiotic", "agent", "antimicrobial"),
    "mic": ("mic", "mic_mg_l", "mic (mg/L)", "measurement"),
    "day": ("day", "read_day", "day of reading"),
}
_NEEDED = ("isolate_id", "drug", "mic")
_HINT = "columns isolate_id, drug, mic and day; drugs by the names of the organism's drugs.tsv"


@dataclass(frozen=True, slots=True)
class Measured:
    """One isolate's MIC of one drug. day: of incubation, None where it is not given."""

    isolate_id: str
    drug: str
    mic: Mic
    day: int | None = None


def read_mics(path: Path, drugs: Collection[str]) -> tuple[Measured, ...]:
    """All MICs of a table. drugs: names known.

    Raises FormatError listing every row that cannot be understood.
    """
    heading, *rows = read(path).rows
    columns = {name: at[0] for name, at in match(heading.cells, _NAMES).items()}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise FormatError(f"{path.name}: no column {', '.join(missing)}", hint=_HINT)
    known = {drug.casefold(): drug for drug in drugs}
    found, problems = [], []
    for row in rows:
        try:
            found.append(_measured(row, columns, known))
        except ValueError as error:
            problems.append(f"row {row.number}: {error}")
    if problems:
        raise FormatError.collect(path.name, problems, hint=_HINT)
    return tuple(found)


def _measured(row: Row, columns: Mapping[str, int], known: Mapping[str, str]) -> Measured:
    isolate, drug, mic = (row.cell(columns[name]) for name in _NEEDED)
    day = row.cell(columns.get("day"))
    if not isolate:
        raise ValueError("names no isolate")
    if drug.casefold() not in known:
        raise ValueError(f"{drug!r} is not a drug of this organism")
    if day and not day.isdecimal():
        raise ValueError(f"day {day!r} is not a number of days")
    return Measured(isolate, known[drug.casefold()], parse(mic), int(day) if day else None)

"""Reading a table of an organism folder: every fault of every row, none of them fatal.

Tables are tab-separated UTF-8 with one header line. A line that starts with `#` is a comment. An empty
cell is unknown.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abscope.records import Problem

Value = object
Parser = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table: how a cell is read, and what it means."""

    name: str
    parse: Parser
    meaning: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: its place in the file, and its values by column."""

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's rows that hold, and everything wrong with the others."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


def text(cell: str) -> str:
    """Any words."""
    return cell


def whole(cell: str) -> int:
    """A whole number, 0 or more."""
    if not re.fullmatch(r"[0-9][0-9_]*", cell):
        raise ValueError(f"{cell!r} is not a whole number")
    return int(cell)


def number(cell: str) -> float:
    """A number above 0."""
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a number") from None
    if not 0 < value < float("inf"):
        raise ValueError(f"{cell!r} must be above 0")
    return value


def share(cell: str) -> float:
    """A share, from 0 to 1."""
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a number") from None
    if not 0 <= value <= 1:
        raise ValueError(f"{cell!r} is no share: it must lie between 0 and 1")
    return value


def several(cell: str) -> tuple[str, ...]:
    """Words separated by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def one_of(*allowed: str) -> Parser:
    """One of a few words."""

    def parse(cell: str) -> str:
        if cell not in allowed:
            raise ValueError(f"{cell!r} is not one of {', '.join(allowed)}")
        return cell

    return parse


_NAMES_NOTHING = re.compile(r"(tbd|todo|unknown|none|n/?a|\?+|-+|xxx)", re.IGNORECASE)


def source(cell: str) -> str:
    """Where the row comes from: a paper, a DOI, an accession or a named public source."""
    if len(cell) < 6 or _NAMES_NOTHING.fullmatch(cell):
        raise ValueError(f"{cell!r} names no source")
    return cell


def read_sheet(path: Path, fields: Sequence[Field]) -> Sheet:
    """Read one table, keeping the rows that hold and naming every fault of the others."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        return Sheet(problems=(Problem(path.name, f"not UTF-8: {error.reason}", "save as UTF-8"),))
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not numbered:
        return Sheet(problems=(Problem(path.name, "is empty", "the first line names the columns"),))
    header = [name.strip() for name in numbered[0][1].split("\t")]
    problems = list(_header_problems(path.name, header, fields))
    if problems:
        return Sheet(problems=tuple(problems))
    rows = []
    for line, content in numbered[1:]:
        values, faults = _row(content.split("\t"), header, fields)
        problems += [Problem(f"{path.name} line {line}", fault, _SEE) for fault in faults]
        if not faults:
            rows.append(Row(line, values))
    return Sheet(tuple(rows), tuple(problems))


_SEE = "docs/organism-folder.md describes every column"


def _header_problems(name: str, header: list[str], fields: Sequence[Field]) -> Iterator[Problem]:
    known = [field.name for field in fields]
    for missing in (name for name in known if name not in header):
        yield Problem(name, f"column {missing} is missing", _SEE)
    for other in (name for name in header if name not in known):
        yield Problem(name, f"unknown column {other!r}", _SEE)
    for twice in sorted({column for column in header if header.count(column) > 1}):
        yield Problem(name, f"column {twice} is there twice", _SEE)


def _row(
    cells: list[str], header: list[str], fields: Sequence[Field]
) -> tuple[dict[str, Value], list[str]]:
    if len(cells) != len(header):
        return {}, [f"holds {len(cells)} cells, the header {len(header)}"]
    values: dict[str, Value] = {}
    faults = []
    given = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    for field in fields:
        cell = given[field.name]
        if not cell:
            values[field.name] = () if field.parse is several else None
            faults += [f"{field.name}: is empty"] if field.required else []
            continue
        try:
            values[field.name] = field.parse(cell)
        except ValueError as error:
            faults.append(f"{field.name}: {error}")
    return values, faults

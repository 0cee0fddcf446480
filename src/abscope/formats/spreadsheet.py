"""Rows of a table as people save them: comma, tab or semicolon, any usual encoding, or .xlsx."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

from abscope.errors import FormatError
from abscope.formats.expansion import check_workbook
from abscope.records import Problem

_MOST_CELLS = 50_000_000
SEPARATORS = "\t,;"  # where two are equally frequent, the first wins


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: its number as a spreadsheet shows it (from 1), cells trimmed."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """The text in a column, empty where the row is shorter or there is no such column."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table, blank ones left out, and what was odd about the file."""

    name: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


def read(path: Path) -> Sheet:
    """All rows of a delimited text file or of a workbook's first sheet.

    Raises FormatError where there is no such file, or it is empty or not a table.
    """
    raw = contents(path)
    if raw[:2] == b"PK":
        return _workbook(path)
    text, problems = _decoded(path.name, raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = tuple(_rows(_records(path.name, text)))
    if not rows:
        raise FormatError(f"{path.name}: the file is empty", hint="save the table again")
    return Sheet(path.name, rows, (*problems, *_broken_lines(path.name, rows)))


def contents(path: Path) -> bytes:
    """A file's bytes. Raises FormatError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FormatError(f"{path}: no such file", hint="check the path") from error
    except OSError as error:
        raise FormatError(
            f"{path}: cannot be read ({error.strerror})", hint="give a file you may read"
        ) from error


def _decoded(name: str, raw: bytes) -> tuple[str, list[Problem]]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):  # what Excel calls "Unicode text"
        return raw.decode("utf-16", "replace"), []
    if b"\0" in raw:
        raise FormatError(f"{name}: is not text", hint="save the table as CSV, UTF-8")
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        odd = Problem(
            name,
            f"line {line} is not UTF-8; the file was read as Western European (latin-1)",
            "check letters with accents, or save the table as CSV, UTF-8",
        )
        return raw.decode("latin-1"), [odd]


def _records(name: str, text: str) -> list[list[str]]:
    separator = _separator(text)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise FormatError(
                f"{name}: a quoted cell is never closed, and swallows all rows after it",
                hint='look for a single double quote (") in the file and remove it',
            ) from error
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise FormatError(f"{name}: {error}", hint="save the table again as CSV") from error


def _separator(text: str) -> str:
    """The separator most frequent in the first line that holds one and is not a comment."""
    for line in text.split("\n"):
        bare = re.sub(r'"[^"]*"', "", line)
        if not bare.lstrip().startswith("#") and any(sign in bare for sign in SEPARATORS):
            return max(SEPARATORS, key=bare.count)
    return ","


def _rows(records: Iterable[Iterable[str]]) -> Iterator[Row]:
    for number, record in enumerate(records, start=1):
        cells = tuple(cell.replace("\N{NO-BREAK SPACE}", " ").strip() for cell in record)
        if any(cells):
            yield Row(number, cells)


def _broken_lines(name: str, rows: Iterable[Row]) -> Iterator[Problem]:
    for row in rows:
        for cell in row.cells:
            if lines := cell.count("\n"):
                yield Problem(
                    f"{name}, row {row.number}",
                    f"one quoted cell runs over {lines + 1} lines: {cell.splitlines()[0][:30]!r} ...",
                    "if rows are missing below it, look for a stray double quote",
                )


def _opened(path: Path) -> Any:
    try:
        openpyxl = import_module("openpyxl")
    except ImportError as error:
        raise FormatError(
            f"{path.name}: is an Excel workbook, and openpyxl, which reads them, is not installed",
            hint="save the sheet as CSV (UTF-8), or: pip install openpyxl",
        ) from error
    check_workbook(path)
    try:
        with path.open("rb") as file:
            return openpyxl.load_workbook(file, data_only=True)
    except Exception as error:  # openpyxl raises whatever a damaged archive makes it meet
        raise FormatError(
            f"{path.name}: is no readable Excel workbook ({error})", hint="save it as CSV (UTF-8)"
        ) from error


def _workbook(path: Path) -> Sheet:
    first, *others = _opened(path).worksheets
    if first.max_row * first.max_column > _MOST_CELLS:
        raise FormatError(
            f"{path.name}: sheet {first.title!r} reaches to row {first.max_row:,}, column "
            f"{first.max_column:,}",
            hint="delete stray cells far from the table, or save it as CSV (UTF-8)",
        )
    rows = tuple(_rows([_shown(cell) for cell in row] for row in first.iter_rows(values_only=True)))
    if not rows:
        raise FormatError(
            f"{path.name}: sheet {first.title!r} is empty", hint="put the table on the first sheet"
        )
    unread = [sheet.title for sheet in others if sheet.max_row > 1]
    odd = Problem(
        path.name,
        f"only the first sheet ({first.title}) was read, not {', '.join(unread)}",
        "save the sheet you mean as a file of its own",
    )
    return Sheet(path.name, rows, (odd,) if unread else ())


def _shown(value: object) -> str:
    """A workbook's value as text: whole numbers without a fraction, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

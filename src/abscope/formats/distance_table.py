"""Square distance tables, as snp-dists writes them.

A distance that cannot be told is `NA`, never a number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.errors import FormatError
from abscope.formats import spreadsheet
from abscope.formats.spreadsheet import Row
from abscope.records import Distances
from abscope.records.cells import safe_cell

UNTOLD = "NA"
_WHOLE = re.compile(r"[0-9]+(\.0*)?")


def matrix(distances: Distances, usable: NDArray[np.bool_] | None = None) -> str:
    """Return the SNPs of every pair as a square table, names in the first row and column.

    usable: whether each pair has enough comparable sites, (n, n); all have without.
    """
    known = np.ones(distances.snps.shape, dtype=np.bool_) if usable is None else usable.copy()
    np.fill_diagonal(known, True)
    lines = [["abscope", *map(safe_cell, distances.ids)]]
    for name, row, told in zip(distances.ids, distances.snps, known, strict=True):
        lines.append([safe_cell(name), *np.where(told, row.astype(str), UNTOLD).tolist()])
    return "".join("\t".join(line) + "\n" for line in lines)


def read(path: Path) -> dict[tuple[str, str], int | None]:
    """SNPs of every ordered pair of a square table, tab- or comma-separated; None where untold.

    A lower triangle will do. Raises FormatError where the file cannot be read or names an isolate
    twice, or listing every row that is too long, too short or holds no whole number.
    """
    heading, *rows = spreadsheet.read(path).rows
    names = heading.cells[1:]
    problems = [f"column {name}: {times} of this name" for name, times in _repeated(names)]
    problems += [
        f"row {name}: {times} of this name" for name, times in _repeated(r.cell(0) for r in rows)
    ]
    found: dict[tuple[str, str], int | None] = {}
    is_whole = not _is_triangle(rows)
    for row in rows:
        name, *cells = row.cells
        try:
            if is_whole and len(cells) != len(names):
                raise ValueError(f"{len(cells)} distances under {len(names)} names")
            found |= {(name, n): _snps(cell) for n, cell in zip(names, cells, strict=False)}
        except ValueError as error:
            problems.append(f"row {row.number} ({name}): {error}")
    if problems:
        raise FormatError.collect(path.name, problems, hint="names, then one whole number a pair")
    return found


def _is_triangle(rows: Sequence[Row]) -> bool:
    """Whether every row ends on the diagonal, or just before it."""
    return all(place <= len(row.cells) <= place + 1 for place, row in enumerate(rows, 1))


def _repeated(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((name, times) for name, times in Counter(names).items() if times > 1)


def _snps(cell: str) -> int | None:
    """A whole number, which other programs write 12.0; None where it cannot be told."""
    if cell.casefold() in {"na", "nan", "", "-"}:
        return None
    if not _WHOLE.fullmatch(cell):
        raise ValueError(f"{cell!r} is no whole number")
    return int(cell.split(".", maxsplit=1)[0])

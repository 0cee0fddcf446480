"""Square distance tables, as snp-dists writes them.

A distance that cannot be told is `NA`, never a number.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.errors import FormatError
from abscope.formats.spreadsheet import contents
from abscope.records import Distances
from abscope.records.cells import safe_cell

UNTOLD = "NA"


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

    Raises FormatError where the file cannot be read, or listing every line that is too long or short
    or holds no whole number.
    """
    text = contents(path).decode("utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise FormatError(f"{path.name}: the file is empty", hint="write the table again")
    between = "\t" if "\t" in lines[0] else ","
    _, *names = lines[0].split(between)
    found: dict[tuple[str, str], int | None] = {}
    problems = []
    for number, line in enumerate(lines[1:], 2):
        name, *cells = line.split(between)
        try:
            found |= {(name, n): _snps(cell) for n, cell in zip(names, cells, strict=True)}
        except ValueError as error:
            problems.append(f"line {number} ({name}): {error}")
    if problems:
        raise FormatError.collect(path.name, problems, hint="names, then one whole number a pair")
    return found


def _snps(cell: str) -> int | None:
    return None if cell.strip() in {UNTOLD, "", "-"} else int(cell)

"""Backgrounds as `abscope background --table` writes them: a row a stratum and distance.

Columns: stratum, snps (0, 1, 2 ... without a gap), patients, pairs, share, lower, upper. A table of
another pipeline may leave lower and upper out: then the upper bound is the share, and at least what the
number of patients leaves open (about 3/n).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from abscope.errors import FormatError
from abscope.formats.headings import match
from abscope.formats.spreadsheet import Row
from abscope.formats.spreadsheet import read as rows_of
from abscope.records import Background

_NAMES: Mapping[str, Sequence[str]] = {
    name: (name,) for name in ("stratum", "snps", "patients", "pairs", "share", "lower", "upper")
} | {"stratum": ("stratum", "clone", "lineage"), "share": ("share", "fraction")}
_NEEDED = ("stratum", "snps", "patients", "share")


def read_backgrounds(path: Path) -> dict[str, Background]:
    """The backgrounds of a table, by stratum.

    Raises FormatError listing every stratum whose rows are not numbers, leave a distance out, or fall.
    """
    heading, *rows = rows_of(path).rows
    columns = {name: at[0] for name, at in match(heading.cells, _NAMES).items()}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise FormatError(
            f"{path.name}: no column {', '.join(missing)}",
            hint="abscope background --table writes such a table",
        )
    strata: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        strata[row.cell(columns["stratum"])].append(row)
    found, problems = {}, []
    for stratum, own in strata.items():
        try:
            found[stratum] = _background(stratum, own, columns)
        except ValueError as error:
            problems.append(f"{stratum}: {error}")
    if problems:
        raise FormatError.collect(
            path.name, problems, hint="one row a stratum and distance, from 0 up"
        )
    return found


def _background(stratum: str, rows: Sequence[Row], columns: Mapping[str, int]) -> Background:
    def values(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([float(row.cell(columns[name])) for row in rows])

    if (values("snps") != np.arange(len(rows))).any():
        raise ValueError("distances are not 0, 1, 2, ... in order")
    patients, share = int(values("patients")[0]), values("share")
    pairs = int(values("pairs")[0]) if "pairs" in columns else patients * (patients - 1) // 2
    unseen = 1 - 0.05 ** (1 / patients) if patients else 1.0
    lower = values("lower") if "lower" in columns else np.zeros(len(rows))
    upper = values("upper") if "upper" in columns else np.maximum(share, unseen)
    return Background(stratum, patients, pairs, share, lower, upper)

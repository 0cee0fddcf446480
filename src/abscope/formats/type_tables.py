"""What tables tell of isolates beside distances: clone, how they were handled, resistance markers.

`types.tsv` and `resistance.tsv` as `abscope type` writes them; the first may have columns `run`, `plate`,
`batch`, `extraction`, `reagent` of one's own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from abscope.formats import spreadsheet
from abscope.formats.headings import match
from abscope.formats.sampled_isolates import WHOLE, known_cell, read_isolates
from abscope.records import stratum_of

Handling = frozenset[tuple[str, str]]
Markers = frozenset[tuple[str, str]]

TYPES, RESISTANCE = "types.tsv", "resistance.tsv"
_NAME = ("isolate_id", "isolate", "sample", "sample_id")
_HANDLING: Mapping[str, Sequence[str]] = {
    "isolate_id": _NAME,
    **{name: (name,) for name in ("run", "plate", "batch", "extraction", "reagent")},
}
_RESISTANCE: Mapping[str, Sequence[str]] = {
    "isolate_id": _NAME,
    **{name: (name,) for name in ("drug", "agents", "mechanism", "mechanism_verdict", "finding")},
}
_TYPES: Mapping[str, Sequence[str]] = {
    **_HANDLING,
    "clone": ("clone",),
    "subspecies": ("subspecies",),
}
_UNASSESSED = ("", "not assessed", "indeterminate")


@dataclass(frozen=True, slots=True)
class IsolateFacts:
    """By isolate; one that is not there, or None, is not known.

    strata: as backgrounds name them. handling: (kind, name). markers: (drug, marker) of each mechanism
    that makes it resistant, for the drugs assessed; an isolate without any drug assessed is not there.
    """

    strata: Mapping[str, str | None] = field(default_factory=dict)
    handling: Mapping[str, Handling] = field(default_factory=dict)
    markers: Mapping[str, Markers] = field(default_factory=dict)


def read(folder: Path, names: Collection[str] | None = None) -> IsolateFacts:
    """The tables of a folder, as far as they are there, of all isolates or some.

    Raises FormatError where one cannot be read.
    """
    types, resistance = folder / TYPES, folder / RESISTANCE
    known = _typed(types, names) if types.is_file() else IsolateFacts()
    markers = _markers(resistance, names) if resistance.is_file() else {}
    return IsolateFacts(known.strata, known.handling, markers)


def strata(folder: Path) -> pl.DataFrame:
    """Of all isolates of the folder's table: isolate_id, stratum. Raises FormatError."""
    types = folder / TYPES
    frame = _frame(types, _TYPES) if types.is_file() else None
    if frame is not None and _is_plain(frame):
        of = _strata(frame.select("clone", "subspecies").unique().iter_rows())
        rows = [(*pair, stratum) for pair, stratum in of.items()]
        named = pl.DataFrame(rows, ("clone", "subspecies", "stratum"), orient="row")
        return frame.join(named, on=("clone", "subspecies")).select("isolate_id", "stratum")
    told = _typed(types, None).strata if types.is_file() else {}
    both = {"isolate_id": list(told), "stratum": list(told.values())}
    return pl.DataFrame(both, {"isolate_id": pl.String, "stratum": pl.String})


def _typed(path: Path, names: Collection[str] | None) -> IsolateFacts:
    """A table as `abscope type` writes it is read by columns; any other spelling row by row."""
    frame = _frame(path, _TYPES)
    if frame is not None and _is_plain(frame):
        return _by_columns(_some(frame, names).to_dict(as_series=False))
    rows = [one for one in read_isolates(path).isolates if names is None or one.isolate_id in names]
    told = {one.isolate_id: one.stratum for one in rows if one.stratum != WHOLE}
    return IsolateFacts(told, dict(_handling(path, names)))


def _frame(path: Path, names: Mapping[str, Sequence[str]]) -> pl.DataFrame | None:
    """Cells by our names of the columns; None where it is no plain table with tabs."""
    try:
        frame = pl.read_csv(path, separator="\t", infer_schema=False)
    except (pl.exceptions.PolarsError, OSError):
        return None
    at = {name: frame.columns[found[0]] for name, found in match(frame.columns, names).items()}
    if "isolate_id" not in at:
        return None
    return frame.select(
        pl.col(column).fill_null("").str.strip_chars().alias(name) for name, column in at.items()
    )


def _is_plain(frame: pl.DataFrame) -> bool:
    """Whether a table of types needs no closer look, and no complaint."""
    named = frame["isolate_id"]
    told = {"clone", "subspecies"} <= set(frame.columns)
    return told and named.n_unique() == len(named) and not (named == "").any()


def _some(frame: pl.DataFrame, names: Collection[str] | None) -> pl.DataFrame:
    return frame if names is None else frame.filter(pl.col("isolate_id").is_in(list(names)))


def _by_columns(columns: Mapping[str, list[str]]) -> IsolateFacts:
    names = columns["isolate_id"]
    pairs = list(zip(columns["clone"], columns["subspecies"], strict=True))
    strata = _strata(pairs)
    kinds = [kind for kind in _HANDLING if kind != "isolate_id" and kind in columns]
    rows = list(zip(*(columns[kind] for kind in kinds), strict=True)) or [()] * len(names)
    ways = {
        row: frozenset((kind, value) for kind, value in zip(kinds, row, strict=True) if value)
        for row in set(rows)
    }
    return IsolateFacts(
        {name: strata[pair] for name, pair in zip(names, pairs, strict=True)},
        {name: ways[row] for name, row in zip(names, rows, strict=True)},
    )


def _strata(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str | None]:
    """By clone and subspecies as they are written."""
    return {pair: stratum_of(*map(known_cell, pair)) for pair in set(pairs)}


def _cells(
    path: Path, columns: Mapping[str, Sequence[str]], names: Collection[str] | None
) -> Iterator[dict[str, str]]:
    frame = _frame(path, columns)
    if frame is not None:
        yield from _some(frame, names).iter_rows(named=True)
        return
    heading, *rows = spreadsheet.read(path).rows
    at = {name: found[0] for name, found in match(heading.cells, columns).items()}
    for row in rows:
        cells = {name: row.cell(column).strip() for name, column in at.items()}
        if names is None or cells.get("isolate_id", "") in names:
            yield cells


def _handling(path: Path, names: Collection[str] | None) -> Iterator[tuple[str, Handling]]:
    for cells in _cells(path, _HANDLING, names):
        name = cells.pop("isolate_id", "")
        yield name, frozenset((kind, value) for kind, value in cells.items() if value)


def _markers(path: Path, names: Collection[str] | None) -> dict[str, Markers]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for cells in _cells(path, _RESISTANCE, names):
        verdict, name = cells.get("mechanism_verdict", ""), cells.get("isolate_id", "")
        if verdict in _UNASSESSED:
            continue
        own = found[name]
        if verdict == "resistant":
            marker = cells.get("finding") or cells.get("mechanism", "")
            agents = (cells.get("agents") or cells.get("drug", "")).split(";")
            own |= {(agent.strip(), marker) for agent in agents if agent.strip()}
    return {name: frozenset(own) for name, own in found.items()}

"""What tables tell of isolates beside distances: clone, how they were handled, resistance markers.

`types.tsv` and `resistance.tsv` as `abscope type` writes them; the first may have columns `run`, `plate`,
`batch`, `extraction`, `reagent` of one's own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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


def read(folder: Path) -> IsolateFacts:
    """The tables of a folder, as far as they are there. Raises FormatError where one cannot be read."""
    types, resistance = folder / TYPES, folder / RESISTANCE
    known = _typed(types) if types.is_file() else IsolateFacts()
    markers = _markers(resistance) if resistance.is_file() else {}
    return IsolateFacts(known.strata, known.handling, markers)


def _typed(path: Path) -> IsolateFacts:
    """A table as `abscope type` writes it is read by columns; any other spelling row by row."""
    columns = _columns(path)
    if columns is not None:
        return _by_columns(columns)
    rows = read_isolates(path).isolates
    strata = {one.isolate_id: one.stratum for one in rows if one.stratum != WHOLE}
    return IsolateFacts(strata, dict(_handling(path)))


def _columns(path: Path) -> dict[str, list[str]] | None:
    """Cells by our names of the columns; None where the table needs a closer look, or complaint."""
    try:
        frame = pl.read_csv(path, separator="\t", infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    at = {name: frame.columns[found[0]] for name, found in match(frame.columns, _TYPES).items()}
    if not {"isolate_id", "clone", "subspecies"} <= at.keys():
        return None
    cells = {name: frame[column].fill_null("").str.strip_chars() for name, column in at.items()}
    if cells["isolate_id"].is_duplicated().any() or (cells["isolate_id"] == "").any():
        return None
    return {name: column.to_list() for name, column in cells.items()}


def _by_columns(columns: Mapping[str, list[str]]) -> IsolateFacts:
    names = columns["isolate_id"]
    pairs = list(zip(columns["clone"], columns["subspecies"], strict=True))
    strata = {pair: stratum_of(*map(known_cell, pair)) for pair in set(pairs)}
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


def _cells(path: Path, names: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    heading, *rows = spreadsheet.read(path).rows
    at = {name: columns[0] for name, columns in match(heading.cells, names).items()}
    for row in rows:
        yield {name: row.cell(column).strip() for name, column in at.items()}


def _handling(path: Path) -> Iterator[tuple[str, Handling]]:
    for cells in _cells(path, _HANDLING):
        name = cells.pop("isolate_id", "")
        yield name, frozenset((kind, value) for kind, value in cells.items() if value)


def _markers(path: Path) -> dict[str, Markers]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for cells in _cells(path, _RESISTANCE):
        verdict, name = cells.get("mechanism_verdict", ""), cells.get("isolate_id", "")
        if verdict in _UNASSESSED:
            continue
        own = found[name]
        if verdict == "resistant":
            marker = cells.get("finding") or cells.get("mechanism", "")
            agents = (cells.get("agents") or cells.get("drug", "")).split(";")
            own |= {(agent.strip(), marker) for agent in agents if agent.strip()}
    return {name: frozenset(own) for name, own in found.items()}

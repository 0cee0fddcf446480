"""What tables tell of isolates beside distances: clone, how they were handled, resistance markers.

`types.tsv` and `resistance.tsv` as `abscope type` writes them; the first may have columns `run`, `plate`,
`batch`, `extraction`, `reagent` of one's own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from abscope.formats import spreadsheet
from abscope.formats.headings import match
from abscope.formats.sampled_isolates import WHOLE, read_isolates

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
    rows = read_isolates(types).isolates if types.is_file() else ()
    return IsolateFacts(
        {one.isolate_id: one.stratum for one in rows if one.stratum != WHOLE},
        dict(_handling(types)) if types.is_file() else {},
        _markers(resistance) if resistance.is_file() else {},
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

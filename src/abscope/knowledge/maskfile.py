"""Faults in a folder's mask: lines that are no interval, and masks that hide what they must not."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from abscope.records import Problem

NAME = "mask.bed"
MOST = 0.05

_Entries = Mapping[str, Mapping[str, Any]]


def problems(folder: Path, references: _Entries, policy: Mapping[str, Any]) -> Iterator[Problem]:
    """Every fault of mask.bed and of `[mask]` in organism.toml."""
    if policy and not policy.get("source"):
        yield Problem("organism.toml [mask]", "source: a mask policy names where it comes from")
    most = policy.get("most", MOST)
    if not isinstance(most, float) or not 0 < most < 1:
        yield Problem("organism.toml [mask]", f"most: must lie between 0 and 1, is {most!r}")
        most = MOST
    path = folder / NAME
    if not path.is_file():
        return
    hidden: dict[str, int] = {}
    owners = {contig: name for name, one in references.items() for contig in _contigs(one)}
    for line, content in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if content and not content.startswith(("#", "track", "browser")):
            contig, size, fault = _line(content.split("\t"), owners)
            hidden[contig] = hidden.get(contig, 0) + size
            if fault:
                yield Problem(f"{NAME} line {line}", fault)
    yield from _too_much(hidden, references, owners, most)


def _contigs(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(entry.get("contigs") or filter(None, [entry.get("accession")]))


def _line(cells: list[str], owners: Mapping[str, str]) -> tuple[str, int, str | None]:
    """Contig, bases hidden, and what is wrong."""
    if len(cells) < 4 or not cells[3].strip():
        return cells[0], 0, "needs contig, start, end and reason, separated by tabs"
    if not (cells[1].isdecimal() and cells[2].isdecimal() and int(cells[1]) < int(cells[2])):
        return cells[0], 0, f"{cells[1]}-{cells[2]} is not a 0-based half-open interval"
    size = int(cells[2]) - int(cells[1])
    return cells[0], size, None if cells[0] in owners else f"no reference has contig {cells[0]}"


def _too_much(
    hidden: Mapping[str, int], references: _Entries, owners: Mapping[str, str], most: float
) -> Iterator[Problem]:
    for contig, bases in hidden.items():
        length = references.get(owners.get(contig, ""), {}).get("length")
        if isinstance(length, int) and bases > most * length:
            what = f"hides {bases / length:.0%} of {owners[contig]}, more than {most:.0%}"
            yield Problem(NAME, what, "a mask for another purpose? see [mask] in organism.toml")

"""Marker SNPs a user gives: positions of a reference whose letter marks a clone or a subspecies.

Two layouts, plain or gzipped:

- a table with headings, tab-separated: the group (`group`, `clone`, `lineage`, `Subtype` or `eDCC`), the
  1-based position (`position`, or `NAME_pos` with the reference's name, as in `CU458896_pos`) and the letter
  (`letter`, `derived_base` or `Derived_Call`); `contig` where the reference has several sequences;
- BED without headings: sequence, start, end, group, letter; 0-based, one base a line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from abscope.errors import FormatError
from abscope.formats.fasta import decompressed
from abscope.formats.headings import match
from abscope.records import Contig, Markers, Reference

_NAMES: Mapping[str, Sequence[str]] = {
    "group": ("group", "clone", "lineage", "Subtype", "eDCC", "subspecies"),
    "letter": ("letter", "allele", "derived_base", "Derived_Call"),
    "contig": ("contig", "sequence"),
}
_HINT = "see the two layouts in docs/organism-folder.md; positions lie on the reference named"
_MOST_SHOWN = 20
Found = tuple[str, int, int]


def read(path: Path, reference: Reference) -> Markers:
    """Marker SNPs on `reference`. Raises FormatError listing every row that cannot be read."""
    try:
        lines = decompressed(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name}: not text ({error.reason})", hint=_HINT) from error
    rows = [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line and line[0] != "#"]
    if not rows:
        raise FormatError(f"{path.name}: holds no marker", hint=_HINT)
    bed = _is_bed(rows[0][1])
    parse = _bed_row(reference) if bed else _table_row(path, rows[0][1], reference)
    found, problems = [], []
    for number, cells in rows if bed else rows[1:]:
        try:
            found.append(parse(cells))
        except (IndexError, ValueError) as error:
            problems.append(f"line {number}: {error or 'too few columns'}")
    if problems:
        more = len(problems) - _MOST_SHOWN
        shown = problems[:_MOST_SHOWN] + ([f"... and {more} more"] if more > 0 else [])
        raise FormatError.collect(path.name, shown, hint=_HINT)
    return _markers(found, reference, path.name)


def _is_bed(cells: Sequence[str]) -> bool:
    return len(cells) >= 5 and cells[1].strip().isdigit() and cells[2].strip().isdigit()


def _markers(found: Sequence[Found], reference: Reference, name: str) -> Markers:
    unique = sorted(set(found))
    groups = tuple(sorted({group for group, _, _ in unique}))
    index = {group: number for number, group in enumerate(groups)}
    return Markers(
        reference.name,
        groups,
        np.array([index[group] for group, _, _ in unique], dtype=np.int64),
        np.array([position for _, position, _ in unique], dtype=np.int64),
        np.array([letter for _, _, letter in unique], dtype=np.uint8),
        name,
    )


def _bed_row(reference: Reference) -> Callable[[list[str]], Found]:
    def parse(cells: list[str]) -> Found:
        start, end = int(cells[1]), int(cells[2])
        if end != start + 1:
            raise ValueError(f"{start}-{end} is not one base")
        return _found(cells[3], _contig(cells[0], reference), start, cells[4])

    return parse


def _table_row(
    path: Path, headings: Sequence[str], reference: Reference
) -> Callable[[list[str]], Found]:
    columns = match(headings, {**_NAMES, "position": tuple(_position_names(reference))})
    missing = [name for name in ("group", "position", "letter") if name not in columns]
    if missing:
        raise FormatError(
            f"{path.name}: no column for {', '.join(missing)} among {', '.join(headings)}",
            hint=_HINT,
        )
    group, position, letter = (columns[name][0] for name in ("group", "position", "letter"))
    contig = columns.get("contig")

    def parse(cells: list[str]) -> Found:
        name = cells[contig[0]] if contig else None
        return _found(
            cells[group], _contig(name, reference), int(cells[position]) - 1, cells[letter]
        )

    return parse


def _position_names(reference: Reference) -> Iterator[str]:
    for name in (reference.name, reference.accession, reference.contigs[0].name):
        if name:
            yield f"{name}_pos"
            yield f"{name.split('.')[0]}_pos"
    yield "position"


def _contig(name: str | None, reference: Reference) -> Contig:
    if name is None:
        return reference.contigs[0]
    wanted = name.strip().split(".")[0]
    for contig in reference.contigs:
        if contig.name.split(".")[0] == wanted:
            return contig
    raise ValueError(f"no sequence {name!r} in {reference.name}")


def _found(group: str, contig: Contig, position: int, letter: str) -> Found:
    base = letter.strip().upper()
    if base not in {"A", "C", "G", "T"}:
        raise ValueError(f"{letter!r} is not one of A, C, G and T")
    if not 0 <= position < contig.end - contig.start:
        raise ValueError(f"{position + 1} lies outside {contig.name}")
    if not group.strip():
        raise ValueError("names no group")
    return group.strip().removeprefix("subsp. "), contig.start + position, ord(base)

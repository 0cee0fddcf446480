"""Sample sheets as nf-core, snippy-multi and bohra write them, told apart by their content."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from abscope.errors import TableError
from abscope.formats import sample_sheet_columns, spreadsheet
from abscope.formats.sample_sheet_columns import HINT, USUAL, Columns
from abscope.formats.spreadsheet import Row, Sheet
from abscope.records import LeftOut, Problem, Sample, SampleSheet

_EMPTY = frozenset({"na", "n/a", "none", "null", "-", ".", "not_supplied", "not supplied"})
_GENOME = re.compile(r"\.(fa|fas|fasta|fna|ffn|contigs)(\.gz)?$", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Fault = tuple[str, str]  # what is wrong, and what to do


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row, understood: what is wrong with it, and how to put it right."""

    sample: Sample
    faults: tuple[Fault, ...]
    notes: tuple[Problem, ...] = ()


def read(path: Path) -> SampleSheet:
    """The samples of a sheet, and the rows left out with the reason.

    Paths are looked for in the sheet's folder, then in the current one. A fault in one row leaves that
    row out: a missing file, a name that is no file name, a file that another row names too. Raises
    FormatError where the file is not a table, and TableError, listing every problem, where headings
    are not understood, names are repeated, or no row can be used.
    """
    sheet = spreadsheet.read(path)
    columns, rows = sample_sheet_columns.find(sheet)
    if not rows:
        raise TableError.collect(
            sheet.name, ["there are headings, but no samples below"], hint=HINT
        )
    entries = [_entry(row, columns, path.parent) for row in rows]
    if repeated := list(_repeated(entries)):
        raise TableError.collect(
            sheet.name,
            repeated,
            hint="merge the lanes of one sample into one pair of files (cat), or rename one row",
        )
    return _sorted_out(sheet, [*_without_shared_files(entries)])


def name_fault(name: str) -> Fault | None:
    """Why `name` cannot name a sample and its files, and what could; None if it can."""
    if not name:
        return "the sample has no name", "write a name in the first column"
    if _SAFE.fullmatch(name):
        return None
    better = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")[:100] or "isolate_1"
    return (
        f"{name!r} cannot be a file name",
        f"use letters, digits, dot, hyphen and underscore only, e.g. {better}",
    )


def _entry(row: Row, columns: Columns, folder: Path) -> _Entry:
    cells = {field: row.cell(column) for field, column in columns.at.items()}
    files = {f: cells.get(f, "") for f in ("reads1", "reads2", "assembly")}
    files = {f: "" if text.lower() in _EMPTY else text for f, text in files.items()}
    if "assembly" not in columns.at and not files["reads2"] and _GENOME.search(files["reads1"]):
        files = {"reads1": "", "reads2": "", "assembly": files["reads1"]}
    reads1, reads2, assembly = (_found(text, folder) for text in files.values())
    name = cells["sample"] or f"row {row.number}"
    sample = Sample(name, reads1, reads2, assembly, row.number)
    missing = list(_missing_files(sample, files))
    faults = (
        *_row_faults(row, cells["sample"], columns.width),
        *_pairing_faults(sample),
        *(fault for path, fault in missing if path != sample.assembly or path in sample.files),
    )
    where = f"row {row.number}, {name}"
    return _Entry(sample, faults, tuple(Problem(where, *f) for _, f in missing if f not in faults))


def _row_faults(row: Row, name: str, width: int) -> Iterator[Fault]:
    if any(row.cells[width:]):
        yield (
            f"has {len(row.cells)} cells for {width} columns",
            "put double quotes around a cell that contains the separator",
        )
    if fault := name_fault(name):
        yield fault


def _found(text: str, folder: Path) -> Path | None:
    """The file meant: as written from the sheet's folder if it is there, else from the current one."""
    if not text:
        return None
    path = Path(text)
    with suppress(RuntimeError):  # no such user
        path = path.expanduser()
    beside = folder / path
    return beside if _is_there(beside) or not _is_there(path) else path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder we may not enter, a name too long
        return False


def _pairing_faults(sample: Sample) -> Iterator[Fault]:
    if not sample.reads1 and not sample.reads2 and not sample.assembly:
        yield "names neither reads nor an assembly", "fill fastq_1 (and fastq_2) or assembly"
    if sample.reads2 and not sample.reads1:
        yield "has fastq_2 but no fastq_1", "name both files, or put single reads in fastq_1"
    if sample.reads1 and sample.reads1 == sample.reads2:
        yield "names the same file as fastq_1 and fastq_2", "name the second file of the pair"


def _missing_files(sample: Sample, texts: dict[str, str]) -> Iterator[tuple[Path, Fault]]:
    """Files that are named and cannot be read, needed or not."""
    for field, text in texts.items():
        path: Path | None = getattr(sample, field)
        if path is None or (_is_there(path) and path.is_file()):
            continue
        if _is_there(path):
            what = "a folder" if path.is_dir() else "a device or a pipe"
            yield path, (f"{USUAL[field]}: is {what}, not a file: {text}", "name one file")
        elif "://" in text:
            yield path, (f"{USUAL[field]}: is an address: {text}", "download the file first")
        else:
            hint = "check the path; it is read from the sheet's folder, then from the current one"
            yield path, (f"{USUAL[field]}: no such file: {text}", hint)


def _repeated(entries: Iterable[_Entry]) -> Iterator[str]:
    """Names used twice; ignoring case, because some file systems do."""
    users: dict[str, list[Sample]] = defaultdict(list)
    for entry in entries:
        users[entry.sample.name.casefold()].append(entry.sample)
    for same in users.values():
        if len(same) > 1:
            rows = " and ".join(str(sample.row) for sample in same)
            spelled = " and ".join(dict.fromkeys(repr(sample.name) for sample in same))
            yield f"rows {rows}: the sample name {spelled} is used more than once"


def _without_shared_files(entries: list[_Entry]) -> Iterator[_Entry]:
    """Rows as they are; those that name one file in common cannot both be right, so neither is used."""
    users: dict[Path, list[Sample]] = defaultdict(list)
    for entry in entries:
        for path in {_one_name(path) for path in entry.sample.files}:
            users[path].append(entry.sample)
    for entry in entries:
        shared = {p for p in entry.sample.files if len(users[_one_name(p)]) > 1}
        others = {
            f"{s.name} (row {s.row})"
            for path in shared
            for s in users[_one_name(path)]
            if s is not entry.sample
        }
        fault = (
            f"shares {', '.join(sorted(p.name for p in shared))} with {', '.join(sorted(others))}",
            "two isolates read from one file would look identical: name each one's own file",
        )
        yield _Entry(entry.sample, (*entry.faults, fault) if shared else entry.faults, entry.notes)


def _one_name(path: Path) -> Path:
    """The one name of a file under whatever name or link it is given."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return path.absolute()


def _sorted_out(sheet: Sheet, entries: list[_Entry]) -> SampleSheet:
    good = tuple(entry.sample for entry in entries if not entry.faults)
    bad = tuple(
        LeftOut(
            entry.sample.name,
            f"{sheet.name}, row {entry.sample.row}: {'; '.join(what for what, _ in entry.faults)}",
            "; ".join(dict.fromkeys(hint for _, hint in entry.faults)),
        )
        for entry in entries
        if entry.faults
    )
    if not good:
        raise TableError.collect(sheet.name, [left.reason for left in bad], hint=bad[0].hint)
    notes = (
        replace(note, where=f"{sheet.name}, {note.where}")
        for entry in entries
        for note in entry.notes
    )
    return SampleSheet(good, bad, (*sheet.problems, *notes))

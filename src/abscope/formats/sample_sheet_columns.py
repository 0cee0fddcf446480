"""The columns of a sample sheet, and the headings they go by."""

from collections.abc import Iterator
from dataclasses import dataclass

from abscope.errors import TableError
from abscope.formats import headings
from abscope.formats.spreadsheet import Row, Sheet

NAMES = {
    "sample": (
        "sample",
        "isolate",
        "sample_id",
        "isolate_id",
        "sample_name",
        "id",
        "name",
        "strain",
    ),
    "reads1": (
        "fastq_1",
        "r1",
        "reads_1",
        "read_1",
        "fq_1",
        "pe1",
        "forward",
        "left",
        "fastq",
        "reads",
        "se",
    ),
    "reads2": ("fastq_2", "r2", "reads_2", "read_2", "fq_2", "pe2", "reverse", "right"),
    "assembly": ("assembly", "contigs", "fasta", "ctgs", "assembly_file", "genome"),
}
USUAL = {"sample": "sample", "reads1": "fastq_1", "reads2": "fastq_2", "assembly": "assembly"}
_MEANT = {word: field for field, word in USUAL.items()} | {
    "isolate": "sample",
    "contigs": "assembly",
}
HINT = "columns: sample,fastq_1,fastq_2 and/or assembly; or without headings: ID<tab>R1<tab>R2"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field is, and how many columns there are."""

    at: dict[str, int]
    width: int


def find(sheet: Sheet) -> tuple[Columns, list[Row]]:
    """Where each field is, and the rows that hold samples."""
    first, *_ = [row for row in sheet.rows if not _is_comment(row)] or sheet.rows
    words = tuple(cell.removeprefix("#") for cell in first.cells)
    found = headings.match(words, NAMES)
    rows = [row for row in sheet.rows if row.number > first.number and not _is_comment(row)]
    if not found:
        return _without_headings(sheet.name, [first, *rows])
    unclear = [*_unclear(words, found)]
    if unclear:
        raise TableError.collect(f"{sheet.name}, row {first.number}", unclear, hint=HINT)
    return Columns({field: places[0] for field, places in found.items()}, len(words)), rows


def _is_comment(row: Row) -> bool:
    """A row that starts with '#', unless it holds the headings."""
    found = headings.match([cell.removeprefix("#") for cell in row.cells], NAMES)
    return row.cells[0].startswith("#") and not {"reads1", "assembly"} & set(found)


def _without_headings(name: str, rows: list[Row]) -> tuple[Columns, list[Row]]:
    """A snippy-multi table: ID, R1, R2; or ID and one file of reads or contigs."""
    files = [cell for cell in rows[0].cells[1:] if cell]
    if not files or not all("." in cell or "/" in cell for cell in files) or len(files) > 2:
        spaced = len(rows[0].cells) == 1 and " " in rows[0].cells[0]
        raise TableError.collect(
            f"{name}, row {rows[0].number}",
            [f"neither headings nor a name and its files: {' | '.join(rows[0].cells)[:100]!r}"],
            hint=f"separate columns by tabs or commas, not spaces; {HINT}" if spaced else HINT,
        )
    return Columns({"sample": 0, "reads1": 1, "reads2": 2}, 3), rows


def _unclear(words: tuple[str, ...], found: dict[str, list[int]]) -> Iterator[str]:
    for places in found.values():
        if len(places) > 1:
            yield f"{len(places)} columns are headed {words[places[0]]!r}"
    used = {place for places in found.values() for place in places}
    missing = [word for word, field in _MEANT.items() if field not in found]
    for place, word in enumerate(words):
        meant = headings.resembling(word, missing) if place not in used else None
        if meant:
            yield f"column {word!r} is not known: {meant!r} is meant?"
    if "sample" not in found:
        yield "there is no column of sample names (sample)"
    if not {"reads1", "assembly"} & set(found):
        yield "there is no column of files (fastq_1, assembly)"

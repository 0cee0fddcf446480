"""SNPs of pairs from what people have: a core alignment or VCF, a distance table, a list of pairs, a tree.

Which of them a file is, is read off its first lines, never off its name.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from abscope.errors import DataError, FormatError
from abscope.formats import core_alignment, core_vcf, distance_table, fasta, tree_file
from abscope.formats.headings import match
from abscope.formats.spreadsheet import Row
from abscope.formats.spreadsheet import read as rows_of
from abscope.population import distances
from abscope.population.pair_snps import PairSnps, of_distances, of_pairs, of_tree
from abscope.records import Calls, Mask

T = TypeVar("T")
_NAMES = {
    "one": ("isolate_1", "id1", "sample1", "seq1"),
    "two": ("isolate_2", "id2", "sample2", "seq2"),
    "snps": ("snps", "distance", "snp_distance", "dist"),
}
_PAIR = 3  # cells of a line that lists one pair


def read_pair_snps(path: Path, *, min_comparable: float = 0.5) -> PairSnps:
    """SNPs of every pair in a file. Branch lengths of a tree are taken to be SNPs.

    min_comparable: share of the columns of an alignment, or of the sites of a VCF, that a pair must have
    in common. Raises FormatError or DataError, as the file's format does.
    """
    text = fasta.decompressed(path)
    if not text.strip():
        raise FormatError(f"{path.name}: the file is empty", hint="write it again")
    if text[:1] == b">":
        return _called(core_alignment.read(path), path, min_comparable)
    if text.startswith(b"##fileformat=VCF"):
        return _called(core_vcf.read(path).calls, path, min_comparable)
    if tree_file.is_tree(path):
        return _named(path, of_tree, tree_file.read(path))
    first, *rest = rows_of(path).rows
    columns = {name: at[0] for name, at in match(first.cells, _NAMES).items()}
    if len(columns) == len(_NAMES):
        return _listed(path, rest, (columns["one"], columns["two"], columns["snps"]))
    if len(first.cells) == _PAIR and _number(first.cells[2]):
        return _listed(path, [first, *rest], (0, 1, 2))
    return _named(path, of_pairs, distance_table.read(path))


def _called(calls: Mapping[str, Calls], path: Path, min_comparable: float) -> PairSnps:
    columns = len(next(iter(calls.values())).bases)
    apart = distances.pairwise(calls, Mask(path.name, columns))
    return of_distances(apart, apart.comparable >= max(1.0, min_comparable * columns))


def _listed(path: Path, rows: list[Row], columns: tuple[int, int, int]) -> PairSnps:
    found, problems = {}, []
    for row in rows:
        one, two, snps = (row.cell(column) for column in columns)
        if not one or not two or not _number(snps):
            problems.append(f"row {row.number}: {one!r}, {two!r}, {snps!r}")
            continue
        found[one, two] = int(snps) if snps.isdecimal() else None
    if problems:
        raise FormatError.collect(
            f"{path.name} lists pairs",
            problems,
            hint="two isolates and a whole number, NA if not told",
        )
    return _named(path, of_pairs, found)


def _named(path: Path, made: Callable[[T], PairSnps], found: T) -> PairSnps:
    """What is made of a file's content; an error names the file."""
    try:
        return made(found)
    except DataError as error:
        raise FormatError(f"{path.name}: {error.message}", hint=error.hint) from error


def _number(cell: str) -> bool:
    return cell.isdecimal() or cell in {"", "-", distance_table.UNTOLD}

"""A typing scheme as PubMLST and BIGSdb lay it out: LOCUS.tfa for every locus, and a table of profiles.

The table's first column is `ST`, then one column per locus; further columns are left alone but for a
clonal complex. Alleles are called LOCUS_1 or LOCUS-1, or by number alone. Schemes are the user's own.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from abscope.errors import DataError, FormatError
from abscope.formats import fasta
from abscope.isolate.mlst import Profile, Scheme, scheme
from abscope.records import Letters

ENDINGS = (".tfa", ".fasta", ".fa", ".fas", ".fna")
ABSENT = frozenset(("", "0", "N", "-", "X"))
"""What a profile writes for a locus without an allele."""

_COMPLEX = ("clonal_complex", "cc", "clonal complex")
_HINT = "download the scheme's alleles (one FASTA per locus) and its profiles into one folder"
Alleles = list[tuple[str, Letters]]


def read_scheme(folder: Path) -> Scheme:
    """Read a scheme's folder.

    Raises FormatError listing everything wrong: no table, a locus without a file, a profile with an
    allele that no file holds, alleles or STs named twice.
    """
    table = _table(folder)
    header, rows = _rows(table)
    files = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in ENDINGS}
    loci = [name for name in header[1:] if name in files]
    problems = [
        f"{table.name}: column {name} has no {name}.tfa"
        for name in header[1:]
        if name not in files and _looks_like_a_locus(name, header, rows)
    ]
    if not loci:
        problems.append(f"{table.name}: names no locus of which there is a file")
    alleles = [_alleles(name, files[name]) for name in loci]
    problems += _repeated([row[0] for row in rows], f"{table.name}: ST")
    for name, ones in zip(loci, alleles, strict=True):
        problems += _repeated([one[0] for one in ones], f"{files[name].name}: allele")
    problems += _unknown(table, header, rows, dict(zip(loci, alleles, strict=True)))
    if problems:
        raise FormatError.collect(str(folder), problems, hint=_HINT)
    return scheme(folder.name, loci, alleles, _profiles(header, rows, loci))


def _table(folder: Path) -> Path:
    """The text file whose first column is ST."""
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder", hint=_HINT)
    tables = [path for path in sorted(folder.iterdir()) if path.suffix in (".txt", ".tsv", ".csv")]
    found = [path for path in tables if _first_line(path).split("\t")[0] == "ST"]
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise FormatError(
            f"{folder}: one table must begin with ST, found: {names}",
            hint=_HINT,
        )
    return found[0]


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline().rstrip("\r\n")


def _rows(table: Path) -> tuple[list[str], list[list[str]]]:
    lines = table.read_text(encoding="utf-8", errors="replace").splitlines()
    header, *rows = [[cell.strip() for cell in line.split("\t")] for line in lines if line.strip()]
    short = [n for n, row in enumerate(rows, 2) if len(row) < len(header) - 1]
    if short:
        raise FormatError(f"{table.name}: line {short[0]}: too few columns", hint=_HINT)
    return header, [row + [""] * (len(header) - len(row)) for row in rows]


def _looks_like_a_locus(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Columns of numbers in every row are loci; notes, species and complexes are not."""
    at = header.index(name)
    return (
        name.lower() not in _COMPLEX
        and all(row[at].isdecimal() or row[at] in ABSENT for row in rows)
        and any(row[at] for row in rows)
    )


def _alleles(locus: str, path: Path) -> Alleles:
    prefix = re.compile(re.escape(locus) + r"[_-]")
    return [(prefix.sub("", name, count=1), letters) for name, letters in fasta.read(path)]


def _repeated(names: Sequence[str], what: str) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"{what} {name} is there twice" for name in twice]


def _unknown(
    table: Path, header: Sequence[str], rows: Sequence[Sequence[str]], held: dict[str, Alleles]
) -> list[str]:
    """Alleles of profiles that no file holds; see ABSENT."""
    found = []
    for locus, alleles in held.items():
        at, names = header.index(locus), {name for name, _ in alleles} | ABSENT
        odd = sorted({row[at] for row in rows} - names)
        found += [f"{table.name}: {locus} {name} is not in its file" for name in odd]
    return found


def _profiles(
    header: Sequence[str], rows: Sequence[Sequence[str]], loci: Sequence[str]
) -> list[Profile]:
    columns = [header.index(locus) for locus in loci]
    grouped = next((at for at, name in enumerate(header) if name.lower() in _COMPLEX), None)
    return [
        Profile(
            row[0], tuple(row[at] for at in columns), (row[grouped] or None) if grouped else None
        )
        for row in rows
    ]

"""Find the sequences an organism's references need, and say exactly which are missing."""

import os
from collections.abc import Sequence
from pathlib import Path

from abscope.errors import OrganismError, ReferenceMissingError
from abscope.formats import fasta
from abscope.organism import Organism, ReferenceEntry
from abscope.records import LeftOut, Reference

SUFFIXES = (".fna", ".fasta", ".fa")


def usable_references(
    organism: Organism, files: Sequence[Path] = ()
) -> tuple[tuple[Reference, ...], tuple[LeftOut, ...]]:
    """The references to work with, and those left out, with the reason.

    FASTA `files`, where any are given, stand in for the organism's own. Otherwise a sequence is looked
    for in the organism's folder, then as a file named after the accession in the folders that
    ABSCOPE_REFERENCES lists. Raises ReferenceMissingError where none is at hand, FormatError or
    OrganismError where one is not what it should be.
    """
    if files:
        return _given(files), ()
    places = [(entry, _find(entry)) for entry in organism.references]
    found = tuple(_checked(entry, path) for entry, path in places if path is not None)
    if not found:
        wanted = ", ".join(f"{entry.name} ({entry.accession})" for entry in organism.references)
        raise ReferenceMissingError(
            f"{organism.name}: no reference sequence is installed: {wanted}", hint=_HINT
        )
    missing = (
        LeftOut(
            entry.name,
            f"reference not used: the sequence {entry.accession} is not installed",
            _HINT,
        )
        for entry, path in places
        if path is None
    )
    return found, tuple(missing)


def _given(paths: Sequence[Path]) -> tuple[Reference, ...]:
    found = tuple(fasta.read_reference(path) for path in paths)
    names = [reference.name for reference in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise OrganismError(
            f"two reference files are called {', '.join(twice)}", hint="rename one of the files"
        )
    return found


_HINT = (
    "give a FASTA file with --reference, or put ACCESSION.fna (or .fna.gz) "
    "into a folder and name it in ABSCOPE_REFERENCES"
)


def _find(entry: ReferenceEntry) -> Path | None:
    if entry.file is not None:
        return entry.file
    folders = [
        Path(part) for part in os.environ.get("ABSCOPE_REFERENCES", "").split(os.pathsep) if part
    ]
    names = [f"{entry.accession}{suffix}{gz}" for suffix in SUFFIXES for gz in ("", ".gz")]
    return next((f / n for f in folders for n in names if (f / n).is_file()), None)


def _checked(entry: ReferenceEntry, path: Path) -> Reference:
    reference = fasta.read_reference(
        path,
        name=entry.name,
        subspecies=entry.subspecies,
        accession=entry.accession,
        contigs=entry.contigs,
    )
    problems = []
    if entry.length is not None and len(reference.sequence) != entry.length:
        problems.append(f"holds {len(reference.sequence)} bases, expected {entry.length}")
    if entry.sha256 is not None and reference.digest != entry.sha256:
        problems.append("has another checksum than organism.toml gives")
    if problems:
        raise OrganismError(f"{path}: {entry.name} {' and '.join(problems)}", hint="fetch it again")
    return reference

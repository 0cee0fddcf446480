"""How it stands with each reference: installed, missing, damaged."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from abscope.collection import installed
from abscope.collection.references import Named, find, named
from abscope.errors import DataError
from abscope.organism import Organism, ReferenceEntry

State = Literal["installed", "by hand", "in the organism folder", "damaged", "missing"]


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands with one reference; `problem` says what is wrong where it is damaged."""

    named: Named
    state: State
    path: Path | None = None
    receipt: installed.Receipt | None = None
    problem: str = ""

    @property
    def checked(self) -> str:
        """What the sequence agrees with: organism.toml, its receipt alone; empty where not compared."""
        if self.receipt is None or self.state != "installed":
            return ""
        return "organism.toml" if self.named.entry.sha256 else "receipt"


def status(one: Named) -> Status:
    """How it stands with one reference, by the file's checksum; the sequence itself is not read."""
    path = find(one.entry)
    if path is None:
        return Status(one, "missing")
    if one.entry.file is not None:
        return Status(one, "in the organism folder", path)
    if problem := installed.damage(path):
        return Status(one, "damaged", path, problem=problem)
    receipt = installed.receipt_of(path)
    if receipt and one.entry.sha256 not in {None, receipt.sha256}:
        problem = f"{path.name} is another sequence than organism.toml gives"
        return Status(one, "damaged", path, receipt, problem)
    return Status(one, "installed" if receipt else "by hand", path, receipt)


def verify(organism: Organism) -> dict[Path, list[str]]:
    """Read every sequence at hand again, also those of other organisms that have a receipt.

    Returns what is wrong with each, nothing where it is as it should be.
    """
    entries = {path: one.entry for one in named(organism) if (path := find(one.entry)) is not None}
    paths = dict.fromkeys((*entries, *installed.with_receipt()))
    return {path: faults(path, entries.get(path)) for path in paths}


def faults(path: Path, entry: ReferenceEntry | None) -> list[str]:
    """What is wrong with one sequence, read again, by its receipt and by the organism folder."""
    found = [problem] if (problem := installed.damage(path)) else []
    try:
        receipt = installed.receipt_of(path)
        if receipt is not None:
            installed_as = ReferenceEntry(
                receipt.accession,
                contigs=receipt.contigs,
                length=receipt.length,
                sha256=receipt.sha256,
            )
            read = installed.open_sequence(installed_as, path)
            found += installed.mismatches(installed_as, read, told_by="its receipt")
        if entry is not None:
            found += installed.mismatches(entry, installed.open_sequence(entry, path))
    except DataError as error:
        found.append(error.message)
    return list(dict.fromkeys(found))

"""The reference sequences a user has installed: each whole, with a receipt that betrays later damage.

    <folder>/CU458896.1.fna.gz         the sequence
    <folder>/CU458896.1.fna.gz.json    its receipt: length, checksums, where it came from, when

Folders are those ABSCOPE_REFERENCES lists, else abscope/references in the user's data folder. New
sequences go into the first. A FASTA file put there by hand, named after its accession, is found as well.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from abscope.errors import DataError, OrganismError
from abscope.formats import fasta
from abscope.organism import ReferenceEntry
from abscope.records import Reference
from abscope.running.provenance import file_digest
from abscope.running.storage import make_folder, storing, sweep_drafts, write_whole
from abscope.tools.archives import Sequences

ENDINGS = (".fna.gz", ".fna", ".fasta.gz", ".fasta", ".fa.gz", ".fa")
_ACCESSION = re.compile(r"[A-Za-z]\w*(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was installed. sha256: of `contigs` as `records.Reference.digest` computes it."""

    accession: str
    contigs: tuple[str, ...]
    length: int
    sha256: str
    file_sha256: str
    source: str
    day: str


def folders() -> tuple[Path, ...]:
    """Where installed sequences are looked for, in order."""
    listed = [part for part in os.environ.get("ABSCOPE_REFERENCES", "").split(os.pathsep) if part]
    if listed:
        return tuple(Path(part).expanduser() for part in listed)
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return (Path(data).expanduser() / "abscope" / "references",)


def find(accession: str | None) -> Path | None:
    """The file that holds `accession`, or None."""
    if accession is None:
        return None
    names = [_safe(accession) + ending for ending in ENDINGS]
    return next((f / n for f in folders() for n in names if (f / n).is_file()), None)


def _safe(accession: str) -> str:
    """An accession becomes a file's name: nothing else may."""
    if not _ACCESSION.fullmatch(accession):
        raise OrganismError(
            f"{accession!r} is not an accession", hint="accessions look like CU458896.1"
        )
    return accession


def staging() -> Path:
    """Where sequences lie until they are whole and checked."""
    return make_folder(folders()[0] / ".incoming")


def keep(entry: ReferenceEntry, sequences: Sequences, *, source: str, day: date) -> Receipt:
    """Install `sequences` as those of `entry`, whole or not at all.

    Raises OrganismError or FormatError where they are not what the organism folder means, and
    StorageError.
    """
    content = fasta.encode(sequences, gzipped=True)
    reference = read_back(entry, content)
    if problems := mismatches(entry, reference):
        raise OrganismError(
            f"{entry.name} {' and '.join(problems)}", hint="this is not the sequence meant"
        )
    accession = _safe(entry.accession or entry.name)
    path = folders()[0] / f"{accession}{ENDINGS[0]}"
    receipt = Receipt(
        accession=accession,
        contigs=tuple(contig.name for contig in reference.contigs),
        length=len(reference.sequence),
        sha256=reference.digest,
        file_sha256=hashlib.sha256(content).hexdigest(),
        source=source,
        day=day.isoformat(),
    )
    with storing(path):
        sweep_drafts(path.parent)
        _receipt_path(path).unlink(missing_ok=True)  # never a receipt beside another sequence
    write_whole(path, content)
    write_whole(_receipt_path(path), json.dumps(asdict(receipt), indent=1).encode())
    return receipt


def read_back(entry: ReferenceEntry, content: bytes) -> Reference:
    """What a run will read of `content`, a FASTA file. Raises FormatError."""
    folder = staging()
    with storing(folder), tempfile.TemporaryDirectory(dir=folder) as drafts:
        path = Path(drafts) / f"{entry.name.replace('/', '_')}{ENDINGS[0]}"
        path.write_bytes(content)
        return open_sequence(entry, path)


def open_sequence(entry: ReferenceEntry, path: Path) -> Reference:
    """The reference as `path` holds it, unchecked but for being FASTA. Raises FormatError."""
    return fasta.read_reference(
        path,
        name=entry.name,
        subspecies=entry.subspecies,
        accession=entry.accession,
        contigs=entry.contigs,
    )


def mismatches(
    entry: ReferenceEntry, reference: Reference, *, told_by: str = "organism.toml"
) -> list[str]:
    """In what `reference` differs from what is told of it."""
    length = len(reference.sequence)
    problems = [] if length else ["holds no bases"]
    if entry.length is not None and length != entry.length:
        problems.append(f"holds {length} bases, expected {entry.length}")
    elif entry.sha256 is not None and reference.digest != entry.sha256:
        problems.append(f"has another checksum than {told_by} gives")
    return problems


def receipt_of(path: Path) -> Receipt | None:
    """The receipt of the sequence at `path`; None where it was put there by hand.

    Raises OrganismError where the receipt is damaged.
    """
    try:
        values = json.loads(_receipt_path(path).read_text("utf-8"))
        return Receipt(**{**values, "contigs": tuple(values["contigs"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise OrganismError(
            f"{path.name}: its receipt cannot be read", hint="install it again"
        ) from error


def damage(path: Path) -> str:
    """What became of the file at `path` since it was installed; empty where nothing did."""
    try:
        receipt = receipt_of(path)
        if receipt is not None and file_digest(path) != receipt.file_sha256:
            return f"{path.name} changed since it was installed on {receipt.day}"
    except DataError as error:
        return error.message
    return ""


def drop(path: Path) -> None:
    """Remove an installed sequence and its receipt. Raises StorageError."""
    with storing(path):
        path.unlink(missing_ok=True)
        _receipt_path(path).unlink(missing_ok=True)


def has_receipt(path: Path) -> bool:
    """Whether abscope installed the file at `path`."""
    return _receipt_path(path).is_file()


def with_receipt() -> Iterator[Path]:
    """Every sequence that has a receipt, whether it is still there or not."""
    for folder in folders():
        yield from (path.with_suffix("") for path in sorted(folder.glob("*.fna.gz.json")))


def _receipt_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")

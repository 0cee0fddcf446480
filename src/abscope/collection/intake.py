"""Reference sequences come in: fetched from an archive, or recognised in a FASTA file."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from abscope.collection import installed
from abscope.collection.installed import ENDINGS, Receipt
from abscope.collection.references import Named, named, plain
from abscope.errors import DataError, DownloadError, FormatError, OrganismError
from abscope.formats import fasta
from abscope.organism import Organism, ReferenceEntry
from abscope.tools import archives
from abscope.tools.archives import Archives, Sequences
from abscope.tools.downloads import Client


def get(one: Named, organism: Organism, *, archive: Archives, client: Client, day: date) -> Receipt:
    """Fetch a reference by accession, from the first archive that gives what is meant, and install it.

    Raises DownloadError with what each archive answered, and StorageError.
    """
    entry, reasons, hint = one.entry, [], ""
    if entry.accession is None:
        raise OrganismError(
            f"{entry.name} has no accession", hint="it is the organism folder's own"
        )
    for source in archive.sources(entry.accession):
        try:
            found = archives.fetch(source, entry.accession, installed.staging(), client)
            _refuse_fragments(entry, found, organism)
            return installed.keep(entry, found, source=source.url, day=day)
        except (DownloadError, DataError) as error:
            reasons.append(f"{source.archive}: {error.message}")
            hint = error.hint
    raise DownloadError(f"{entry.name} ({entry.accession}): {'; '.join(reasons)}", hint=hint)


def _refuse_fragments(entry: ReferenceEntry, found: Sequences, organism: Organism) -> None:
    """Where no length is known, an answer cut short by its sender can be told by nothing else."""
    length = sum(len(letters) for _, letters in found)
    shortest, longest = organism.genome_length
    if entry.length is None and not shortest <= length <= 1.5 * longest:
        raise OrganismError(
            f"holds {length} bases; genomes of {organism.name} have {shortest} to {longest}",
            hint="check the accession or the file; an answer cut short may be whole the next time",
        )


def add(path: Path, organism: Organism, *, known_as: Named | None = None, day: date) -> Receipt:
    """Install the reference that a FASTA file holds: the one it is said to be, or is recognised as.

    Raises OrganismError where it is none the organism names or not the one it is said to be, FormatError
    where it is no FASTA, StorageError.
    """
    sequences = _read(path)
    one = known_as or recognise(path, sequences, organism)
    if one is None:
        raise OrganismError(
            f"{path.name}: none of the references {organism.name} names",
            hint="say which it is with --as NAME ('abscope reference list' shows the names)",
        )
    if known_as or one.entry.sha256:  # someone vouches for the letters, so the name may be mended
        sequences = canonical(one.entry, sequences)
    try:
        _refuse_fragments(one.entry, sequences, organism)
        return installed.keep(one.entry, sequences, source=f"file {path.name}", day=day)
    except DataError as error:
        raise type(error)(f"{path.name}: {error.message}", hint=error.hint) from error


def _read(path: Path) -> Sequences:
    return [(archives.plain_name(name), letters) for name, letters in fasta.read(path)]


def is_reference(path: Path, organism: Organism) -> bool:
    """Whether a FASTA file holds one of the references. Raises FormatError where it is no FASTA."""
    return recognise(path, _read(path), organism) is not None


def recognise(path: Path, sequences: Sequences, organism: Organism) -> Named | None:
    """Which reference a file holds: by accession, by checksum, or by length and name together."""
    names = {name for name, _ in sequences}
    length = sum(len(letters) for _, letters in sequences)
    known = named(organism)
    by_accession = (one for one in known if _accession_in(one.entry, names, path.name))
    by_checksum = (one for one in known if _same_letters(one.entry, sequences))
    by_name = (
        one
        for one in known
        if one.entry.length == length
        and any(plain(one.entry.name) in plain(text) for text in (*names, path.name))
    )
    return next((one for rule in (by_accession, by_checksum, by_name) for one in rule), None)


def _accession_in(entry: ReferenceEntry, names: set[str], file_name: str) -> bool:
    if entry.contigs and names.issuperset(entry.contigs):
        return True
    accession = entry.accession
    if accession is None:
        return False
    return accession in names or file_name.startswith((f"{accession}.", f"{accession}_"))


def _same_letters(entry: ReferenceEntry, sequences: Sequences) -> bool:
    """Whether these are the letters the organism folder gives a checksum of, whatever they are called."""
    if entry.sha256 is None:
        return False
    try:
        content = fasta.encode(canonical(entry, sequences))
        return installed.read_back(entry, content).digest == entry.sha256
    except FormatError:
        return False


def canonical(entry: ReferenceEntry, sequences: Sequences) -> Sequences:
    """A single sequence under the name the archive gives it, whatever the file calls it."""
    if len(sequences) != 1:
        return sequences
    name, letters = sequences[0]
    if len(entry.contigs) == 1:
        name = entry.contigs[0]
    elif not entry.contigs and entry.accession and not archives.is_assembly(entry.accession):
        name = entry.accession
    return [(name, letters)]


def fasta_files(folder: Path) -> Iterator[Path]:
    """Every FASTA file below `folder`, in order."""
    yield from (path for path in sorted(folder.rglob("*")) if path.name.endswith(ENDINGS))

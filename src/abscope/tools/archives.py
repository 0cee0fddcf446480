"""The public archives of sequences: where an accession is fetched, and what an answer holds.

Assemblies (GCF_, GCA_) come from NCBI Datasets v2 (api.ncbi.nlm.nih.gov/datasets/docs/v2), sequences from
NCBI E-utilities (ncbi.nlm.nih.gov/books/NBK25499), and what GenBank, ENA and DDBJ share also from ENA's
browser API (ebi.ac.uk/ena/browser/api). NCBI allows 3 requests a second, 10 with an API key.
"""

import gzip
import hashlib
import io
import re
import tempfile
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from abscope.errors import DownloadError, FormatError, UsageError
from abscope.formats import fasta
from abscope.records import Letters
from abscope.running.storage import storing
from abscope.tools.downloads import Client, Source, forget

Sequences = list[tuple[str, Letters]]

LARGEST = 200_000_000
_ASSEMBLY = re.compile(r"GC[AF]_\d+(\.\d+)?")
_REFSEQ = re.compile(r"(GCF|[A-Z]{2})_")  # NCBI's own: no other archive holds them
_HINT = "try again later; or fetch the FASTA file yourself and give it to 'abscope reference add'"


@dataclass(frozen=True, slots=True)
class Archives:
    """The addresses in use. A `mirror` stands in for all others: nobody else is asked.

    mirror: a web folder that holds ACCESSION.fna.gz, or an address with {accession} in it.
    """

    mirror: str | None = None
    api_key: str | None = field(default=None, repr=False)
    datasets: str = "https://api.ncbi.nlm.nih.gov/datasets/v2"
    eutils: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    ena: str = "https://www.ebi.ac.uk/ena/browser/api"

    def __post_init__(self) -> None:
        if self.mirror and urlsplit(self.mirror).scheme not in {"http", "https"}:
            raise UsageError(f"{self.mirror}: not a web address", hint="it begins with https://")

    def sources(self, accession: str) -> tuple[Source, ...]:
        """Where `accession` may be fetched, the best place first."""
        if self.mirror:
            return (Source("mirror", _at_mirror(self.mirror, accession)),)
        first = self._datasets if is_assembly(accession) else self._eutils
        if _REFSEQ.match(accession) and not accession.startswith("GCA_"):
            return (first(accession),)
        return (first(accession), Source("ENA", f"{self.ena}/fasta/{quote(accession)}"))

    def _datasets(self, accession: str) -> Source:
        path = f"genome/accession/{quote(accession)}/download?include_annotation_type=GENOME_FASTA"
        headers = {"api-key": self.api_key} if self.api_key else {}
        return Source("NCBI Datasets", f"{self.datasets}/{path}", headers=headers)

    def _eutils(self, accession: str) -> Source:
        wanted = {"db": "nuccore", "id": accession, "rettype": "fasta", "retmode": "text"}
        secret = f"&{urlencode({'api_key': self.api_key})}" if self.api_key else ""
        url = f"{self.eutils}/efetch.fcgi?{urlencode({**wanted, 'tool': 'abscope'})}"
        return Source("NCBI nuccore", url, secret)


def _at_mirror(mirror: str, accession: str) -> str:
    if "{accession}" in mirror:
        return mirror.replace("{accession}", quote(accession))
    return f"{mirror.rstrip('/')}/{quote(accession)}.fna.gz"


def fetch(source: Source, accession: str, folder: Path, client: Client) -> Sequences:
    """The sequences of `accession`; `folder` keeps what arrived of them should the fetching break off.

    Raises DownloadError where `source` does not give them or gives something else.
    """
    part = folder / f"{accession}.{source.archive.replace(' ', '-').lower()}.part"
    client.fetch(source, part)
    try:
        return read_answer(part, accession)
    finally:
        forget(part)


def read_answer(path: Path, accession: str) -> Sequences:
    """What an archive answered: FASTA, plain or gzipped, or a package of NCBI Datasets.

    Raises DownloadError where it is damaged, is no sequence, or holds other sequences than asked for.
    """
    try:
        text = _text(path.read_bytes(), accession)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DownloadError(f"the answer is damaged ({error})", hint=_HINT) from error
    _refuse_other_than_fasta(text)
    found = [(plain_name(name), letters) for name, letters in _parsed(text, path.parent)]
    names = {name for name, _ in found}
    if not is_assembly(accession) and not any(is_named(n, accession) for n in names):
        raise DownloadError(
            f"the answer holds {', '.join(sorted(names)[:3])}, not {accession}", hint=_HINT
        )
    return found


def is_assembly(accession: str) -> bool:
    """Whether an accession names an assembly (several sequences) rather than one sequence."""
    return _ASSEMBLY.fullmatch(accession) is not None


def plain_name(name: str) -> str:
    """The accession in the names ENA and older NCBI files write: ENA|CU458896|CU458896.1."""
    parts = [part for part in name.split("|") if part]
    return parts[-1] if parts else name


def is_named(name: str, accession: str) -> bool:
    """Whether a sequence's name is the accession, the version given or, where none is, any."""
    return accession in {name, name.rpartition(".")[0]}


def _text(raw: bytes, accession: str) -> bytes:
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            return _unpacked(package, accession)
    if raw.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            return _within_bounds(stream.read(LARGEST + 1))
    return raw


def _within_bounds(text: bytes) -> bytes:
    if len(text) > LARGEST:
        raise DownloadError("the answer unpacks to more than any bacterial genome", hint=_HINT)
    return text


def _unpacked(package: zipfile.ZipFile, accession: str) -> bytes:
    """The genome in a package: ncbi_dataset/data/ACCESSION/*.fna, checked with its md5sum.txt."""
    files = [name for name in package.namelist() if _is_genome(name, accession)]
    if not files:
        raise DownloadError(f"the package holds no genome of {accession}", hint=_HINT)
    if sum(package.getinfo(name).file_size for name in files) > LARGEST:
        raise DownloadError("the answer unpacks to more than any bacterial genome", hint=_HINT)
    listed = package.read("md5sum.txt") if "md5sum.txt" in package.namelist() else b""
    lines = [line.split() for line in listed.decode("utf-8", "replace").splitlines()]
    sums = {line[-1]: line[0] for line in lines if len(line) == 2}
    contents = {name: package.read(name) for name in sorted(files)}
    for name, content in contents.items():
        if sums.get(name, _md5(content)) != _md5(content):
            raise DownloadError(f"{name} has another checksum than the package says", hint=_HINT)
    return b"".join(contents.values())


def _is_genome(name: str, accession: str) -> bool:
    parts = name.split("/")
    return len(parts) == 4 and name.endswith(".fna") and is_named(parts[2], accession)


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _refuse_other_than_fasta(text: bytes) -> None:
    start = text[:500].strip()
    if not start:
        raise DownloadError("the answer is empty", hint=_HINT)
    if start.startswith(b"<"):
        raise DownloadError("the answer is a web page, not a sequence", hint=_HINT)
    if not start.startswith(b">"):
        said = start.splitlines()[0][:100].decode("utf-8", "replace")
        raise DownloadError(f"the answer is not a sequence: {said!r}", hint=_HINT)


def _parsed(text: bytes, folder: Path) -> Sequences:
    with storing(folder), tempfile.TemporaryDirectory(dir=folder) as drafts:
        path = Path(drafts) / "answer.fna"
        path.write_bytes(text.lstrip())
        try:
            return fasta.read(path)
        except FormatError as error:
            reason = f"the answer is no whole sequence: {error.message}"
            raise DownloadError(reason, hint=_HINT) from error

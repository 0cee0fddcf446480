"""FASTA, plain or gzipped: genomes in and out."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from isal import igzip

from abscope.errors import FormatError
from abscope.formats.expansion import BROKEN, GZIP, unpacked
from abscope.records import Contig, Letters, Reference

_UPPER = np.full(256, ord("N"), dtype=np.uint8)
for _letter in b"ACGT":
    _UPPER[_letter] = _UPPER[_letter + 32] = _letter
LETTERS = np.zeros(256, dtype=np.bool_)
"""Whether a byte may stand in a sequence."""
LETTERS[list(b"ACGTUNRYSWKMBDHVXacgtunryswkmbdhvx-*.")] = True


def read(path: Path) -> list[tuple[str, Letters]]:
    """Names (first word) and upper-case letters of every sequence; other than ACGT becomes `N`.

    Raises FormatError, naming file and line, where the file is not FASTA, is empty, or is cut short.
    """
    text = decompressed(path)
    check_start(path, text)
    return list(_entries(path, text))


def check_start(path: Path, text: bytes) -> None:
    """Raise FormatError where a file that begins with `text` is empty, or is not FASTA."""
    if not text.strip():
        raise FormatError(f"{path.name}: the file is empty", hint="export the sequence again")
    if text[:1] == b"@":
        raise FormatError(
            f"{path.name}: line 1 starts with '@': this is FASTQ, not FASTA",
            hint="give reads in the reads columns (fastq_1, fastq_2), assemblies in the assembly column",
        )
    if text[:1] != b">":
        raise FormatError(
            f"{path.name}: line 1 does not start with '>'", hint="a FASTA file starts with '>name'"
        )


def decompressed(path: Path) -> bytes:
    """A file's bytes, unzipped where they are gzipped. Raises FormatError where that fails."""
    try:
        with path.open("rb") as file:
            if file.peek(2)[:2] != GZIP:  # peeked at, since a pipe can be read once only
                return file.read()
        return unpacked(path)
    except BROKEN as error:
        if isinstance(error, FileNotFoundError):
            raise FormatError(f"{path}: no such file", hint="check the path") from error
        raise FormatError(
            f"{path.name}: cannot be read ({error})", hint="copy the file again"
        ) from error


def _entries(path: Path, text: bytes) -> Iterator[tuple[str, Letters]]:
    line = 1
    for entry in text[1:].split(b"\n>"):
        head, _, body = entry.partition(b"\n")
        words = head.split()
        if not words:
            raise FormatError(
                f"{path.name}: line {line}: a sequence without a name",
                hint="write a name after '>'",
            )
        raw = np.frombuffer(body.translate(None, b"\r\n \t"), dtype=np.uint8)
        if not LETTERS[raw].all():
            odd = chr(int(raw[~LETTERS[raw]][0]))
            raise FormatError(
                f"{path.name}: sequence {words[0].decode('ascii', 'replace')!r} (line {line}) holds {odd!r}",
                hint="only nucleotide letters belong in a genome",
            )
        yield words[0].decode("utf-8", "replace"), _UPPER[raw]
        line += entry.count(b"\n") + 1


def read_reference(
    path: Path,
    *,
    name: str | None = None,
    subspecies: str | None = None,
    accession: str | None = None,
    contigs: Iterable[str] = (),
) -> Reference:
    """A FASTA file as one reference; only the named `contigs`, if any are named."""
    wanted = set(contigs)
    entries = [(n, s) for n, s in read(path) if not wanted or n in wanted]
    if missing := wanted - {n for n, _ in entries}:
        raise FormatError(
            f"{path.name}: no sequence named {', '.join(sorted(missing))}",
            hint="check the reference's contigs in organism.toml",
        )
    ends = np.cumsum([len(sequence) for _, sequence in entries]).tolist()
    parts = tuple(Contig(n, end - len(s), end) for (n, s), end in zip(entries, ends, strict=True))
    whole = np.concatenate([sequence for _, sequence in entries])
    return Reference(name or path.name.split(".")[0], parts, whole, subspecies, accession)


def encode(
    entries: Iterable[tuple[str, Letters]], *, width: int = 80, gzipped: bool = False
) -> bytes:
    """Sequences as FASTA text, `width` letters a line; gzipped without a date, so bytes repeat."""
    text = b"".join(_wrapped(name, letters, width) for name, letters in entries)
    return igzip.compress(text, compresslevel=2, mtime=0) if gzipped else text


def write(path: Path, entries: Iterable[tuple[str, Letters]], *, width: int = 80) -> None:
    """Write sequences to `path`, gzipped where the name ends in .gz."""
    path.write_bytes(encode(entries, width=width, gzipped=path.suffix == ".gz"))


def _wrapped(name: str, letters: Letters, width: int) -> bytes:
    raw = letters.tobytes()
    lines = [raw[i : i + width] for i in range(0, len(raw), width)]
    return b">" + name.encode() + b"\n" + b"\n".join(lines) + b"\n"

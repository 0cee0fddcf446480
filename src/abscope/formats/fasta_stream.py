"""FASTA read a piece at a time, so that a file larger than memory can be packed on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO

from abscope.errors import FormatError
from abscope.formats.expansion import BROKEN, GZIP, Unpacking
from abscope.formats.fasta import check_start

_PIECE = 1 << 18


def entries(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name (first word) and letters as written of every sequence, without line ends and blanks.

    Raises FormatError, naming the file, where it is not FASTA, is empty, or is cut short.
    """
    with opened(path) as file:
        held = file.read(_PIECE)
        check_start(path, held)
        parts = [held[1:]]
        while piece := file.read(_PIECE):
            is_within = b"\n>" not in parts[-1][-1:] + piece
            parts.append(piece)
            if not is_within:
                *whole, held = b"".join(parts).split(b"\n>")
                parts = [held]
                for entry in whole:
                    yield _entry(path, entry)
        for entry in b"".join(parts).split(b"\n>"):
            yield _entry(path, entry)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, unpacked on the way where it is gzipped. Raises FormatError where it cannot be read."""
    try:
        with path.open("rb") as plain:
            if plain.peek(2)[:2] != GZIP:  # peeked at, since a pipe can be read once only
                yield plain
                return
        with BufferedReader(Unpacking(path), _PIECE) as file:
            yield file
    except FileNotFoundError as error:
        raise FormatError(f"{path}: no such file", hint="check the path") from error
    except BROKEN as error:
        raise FormatError(
            f"{path.name}: cannot be read to its end ({error})", hint="copy the file again"
        ) from error


def _entry(path: Path, entry: bytes) -> tuple[str, bytes]:
    head, _, body = entry.partition(b"\n")
    words = head.split()
    if not words:
        raise FormatError(f"{path.name}: a sequence without a name", hint="write a name after '>'")
    body = body.removesuffix(b"\n")
    if any(blank in body for blank in (b"\n", b"\r", b" ", b"\t")):
        body = body.translate(None, b"\r\n \t")
    return words[0].decode("utf-8", "replace"), body

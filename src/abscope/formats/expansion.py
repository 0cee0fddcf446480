"""Compressed files unpacked with a limit, so that a small file cannot fill memory or keep us busy for days.

Sequences and their qualities shrink three- to twentyfold, a gzip file of nothing at all a thousandfold; so a
file that has grown far beyond what sequences can is refused, whatever it says of itself.
"""

import io
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from isal import igzip, isal_zlib

from abscope.errors import FormatError

FREE = 256 << 20  # bytes that may come of the smallest file
RATIO = 200
WORKBOOK = 256 << 20  # bytes of a workbook's parts together
GZIP = b"\x1f\x8b"
BROKEN: tuple[type[Exception], ...] = (EOFError, OSError, isal_zlib.error)  # type: ignore[assignment]
_PIECE = 1 << 20


class Unpacking(io.RawIOBase):
    """A gzip file's plain bytes; raises FormatError where there are far more than sequences give."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._most = max(FREE, RATIO * path.stat().st_size)
        self._stream = cast("BinaryIO", igzip.open(path, "rb"))
        self._done = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As of any stream."""
        got: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        self._done += got
        if self._done > self._most:
            raise FormatError(
                f"{self._path.name}: unpacks to more than {self._most >> 20:,} MB, over {RATIO} times "
                "its size: no sequences do",
                hint="do not open it; fetch the file again from where it was made",
            )
        return got

    def close(self) -> None:
        """Close the file as well."""
        self._stream.close()
        super().close()


def unpacked(path: Path) -> bytes:
    """All plain bytes of a gzip file. Raises FormatError as Unpacking, and what a damaged file raises."""
    pieces = []
    with Unpacking(path) as stream:
        while piece := stream.read(_PIECE):
            pieces.append(piece)
    return b"".join(pieces)


def check_workbook(path: Path) -> None:
    """Raise FormatError where a workbook's parts, unpacked, are more than any line list.

    Parts that unpack to more than they say are cut short by `zipfile` itself, and found damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:
        raise FormatError(
            f"{path.name}: is no readable Excel workbook ({error})", hint="save it as CSV (UTF-8)"
        ) from error
    if size > WORKBOOK:
        raise FormatError(
            f"{path.name}: unpacks to {size >> 20:,} MB, more than any line list",
            hint="save the sheet with the cases alone, as CSV (UTF-8)",
        )

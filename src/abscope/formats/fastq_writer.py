"""FASTQ out: blocks of records into a pair of gzipped files, the same bytes every time."""

import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from isal import isal_zlib

from abscope.errors import StorageError

_LEVEL = 1
_GZIP = 16 + zlib.MAX_WBITS


def write_pair(path1: Path, path2: Path, blocks: Iterable[tuple[bytes, bytes]]) -> None:
    """Write blocks of R1 and R2 records as they come; no date and no name goes into the headers.

    Raises StorageError where the disk does not take them.
    """
    try:
        with ExitStack() as stack:
            files = [stack.enter_context(path.open("wb")) for path in (path1, path2)]
            squeezers = [isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP) for _ in files]
            for block in blocks:
                for file, squeezer, part in zip(files, squeezers, block, strict=True):
                    file.write(squeezer.compress(part))
            for file, squeezer in zip(files, squeezers, strict=True):
                file.write(squeezer.flush())
    except OSError as error:
        raise StorageError(
            f"{path1}: cannot be written ({error.strerror})",
            hint="check the folder's rights and the space left on the disk",
        ) from error

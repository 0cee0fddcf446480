"""FASTQ, plain or gzipped: short reads in, block by block, mates in step.

Each file is decompressed and indexed in a thread of its own. Windows line ends are fine, and so is a last
line without an end; four lines a record, as every sequencer writes them.
"""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import RawIOBase
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from abscope.errors import FormatError
from abscope.formats.expansion import BROKEN, GZIP, Unpacking
from abscope.formats.fastq_kernels import (
    BAD_HEADER,
    BAD_LENGTH,
    BAD_PLUS,
    BAD_QUALITY,
    FINE,
    first_unlike,
    mostly_same,
    parse,
    quality_range,
)
from abscope.records import Block, Letters

RECORDS_PER_BLOCK = 8_192
AHEAD = 3
LONGEST_MEAN = 1000

_FIRST_GUESS = 512
_LARGEST = 64 << 20  # bytes of a buffer: no record of short reads needs a thousandth of it
_COMPLAINTS = {
    BAD_HEADER: (
        "a record must start with '@'",
        "the file is damaged or not FASTQ: fetch it again",
    ),
    BAD_PLUS: (
        "the line after the sequence must start with '+'",
        "write each record in four lines",
    ),
    BAD_LENGTH: ("sequence and quality lengths differ", "the file is damaged: fetch it again"),
    BAD_QUALITY: ("a quality letter is outside '!' to '~'", "the file is damaged: fetch it again"),
}


def batches(
    path1: Path, path2: Path | None = None, *, records_per_block: int = RECORDS_PER_BLOCK
) -> Iterator[tuple[Block, Block | None]]:
    """Blocks of mates, or of single reads where there is one file; see `pairs` and `single`."""
    if path2 is None:
        yield from single(path1, records_per_block=records_per_block)
    else:
        yield from pairs(path1, path2, records_per_block=records_per_block)


def pairs(
    path1: Path, path2: Path, *, records_per_block: int = RECORDS_PER_BLOCK
) -> Iterator[tuple[Block, Block]]:
    """Blocks of both mates, record by record in step.

    Raises FormatError, naming file and record, where a file is not FASTQ or cut short, where the mates'
    names differ, one file is shorter, or both files hold the same reads.
    """
    if _same_file(path1, path2):
        raise FormatError(
            f"{path1.name}: given as both mates", hint="name the R1 file and the R2 file of one run"
        )
    both = [_ahead(_blocks(path, records_per_block)) for path in (path1, path2)]
    done = 0
    with closing(both[0]), closing(both[1]):
        for one, two in zip_longest(*both):
            _check_mates((path1, path2), (one, two), done)
            yield one, two
            done += len(one.records)


def single(
    path: Path, *, records_per_block: int = RECORDS_PER_BLOCK
) -> Iterator[tuple[Block, None]]:
    """Blocks of single reads. Raises FormatError as `pairs` does."""
    with closing(_ahead(_blocks(path, records_per_block))) as blocks:
        for block in blocks:
            yield block, None


def _same_file(path1: Path, path2: Path) -> bool:
    try:
        return path1.samefile(path2)
    except OSError:
        return False


def _ahead(blocks: Iterator[Block]) -> Generator[Block, None, None]:
    """The same blocks, made by a thread of their own a few steps ahead."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, blocks, None) for _ in range(AHEAD))
        try:
            while (block := waiting.popleft().result()) is not None:
                waiting.append(pool.submit(next, blocks, None))
                yield block
        finally:
            pool.shutdown(cancel_futures=True)


def _blocks(path: Path, size: int) -> Iterator[Block]:
    """Whole records, `size` to a block, each block with its own buffer."""
    with _opened(path) as stream:
        buffer = np.empty(size * _FIRST_GUESS, dtype=np.uint8)
        filled, done, ended = 0, 0, False
        while True:
            if not ended:
                filled, ended = _fill(path, stream, buffer, filled)
            records, used = _parsed(path, buffer[:filled], done, (size, ended))
            full = len(records) == size or ended
            if not full and (len(buffer) < _LARGEST or not len(records)):
                buffer = _twice(path, buffer)
                continue
            if not len(records):
                break
            block = Block(buffer[:filled], records)
            if done == 0:
                _check_first(path, block)
            yield block
            done += len(records)
            rest = buffer[used:filled]
            buffer = np.empty(max(used + used // 16, len(rest)), dtype=np.uint8)
            buffer[: len(rest)] = rest
            filled = len(rest)
    if not done:
        raise FormatError(f"{path.name}: the file is empty", hint="export the reads again")


def _twice(path: Path, buffer: Letters) -> Letters:
    """The buffer and as much room again. Raises FormatError where no record can need it."""
    if len(buffer) >= _LARGEST:
        raise FormatError(
            f"{path.name}: one record takes more than {_LARGEST >> 20} MB: this is no FASTQ of reads",
            hint="the file is damaged: fetch it again",
        )
    return np.concatenate([buffer, np.empty_like(buffer)])


def _opened(path: Path) -> BinaryIO:
    """A stream of plain bytes."""
    try:
        with path.open("rb") as handle:
            magic = handle.read(2)
    except OSError as error:
        raise FormatError(
            f"{path}: cannot be read ({error.strerror})", hint="check the path"
        ) from error
    if magic == GZIP:
        return cast("BinaryIO", Unpacking(path))
    if path.suffix == ".gz" and magic:
        raise FormatError(
            f"{path.name}: named .gz, but not gzip",
            hint="drop .gz from the name, or compress the file",
        )
    return cast("BinaryIO", path.open("rb", buffering=0))


def _fill(path: Path, stream: BinaryIO, buffer: Letters, filled: int) -> tuple[int, bool]:
    """Read until the buffer is full or the file ends."""
    view = memoryview(buffer.data)
    try:
        while filled < len(buffer):
            got = cast("RawIOBase", stream).readinto(view[filled:])
            if not got:
                return filled, True
            filled += got
    except BROKEN as error:
        raise FormatError(
            f"{path.name}: cannot be decompressed after {filled:,} bytes of a block ({error})",
            hint="the file is cut short or damaged: copy it again and compare its checksum",
        ) from error
    return filled, False


def _parsed(
    path: Path, text: Letters, done: int, limit: tuple[int, bool]
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], int]:
    """Records found in `text` and the bytes they take; raises where one is malformed."""
    if done == 0 and len(text) and text[0] == ord(">"):
        raise FormatError(
            f"{path.name}: line 1 starts with '>': this is FASTA, not FASTQ",
            hint="give reads here, and assemblies in the assembly column",
        )
    records, used, problem = parse(text, limit[0], limit[1])
    if problem != FINE:
        what, hint = _COMPLAINTS[problem]
        number = done + len(records) + 1
        raise FormatError(
            f"{path.name}: record {number:,} (line {4 * number - 3:,}): {what}", hint=hint
        )
    return records, used


def _check_first(path: Path, block: Block) -> None:
    """Judge the sort of reads by the first block."""
    mean = float(block.records[:, 2].mean())
    if mean > LONGEST_MEAN:
        raise FormatError(
            f"{path.name}: reads of {mean:,.0f} bases on average: these are long reads",
            hint="this caller is for short reads: assemble long reads, and give the assembly",
        )
    lowest, highest = quality_range(block.buffer, block.records)
    if lowest >= 64 and highest > 80:
        raise FormatError(
            f"{path.name}: qualities from {chr(lowest)!r} to {chr(highest)!r}: phred+64, an old format",
            hint="convert them to phred+33, for example with seqtk seq -Q64 -V",
        )


def _check_mates(
    paths: tuple[Path, Path], blocks: tuple[Block | None, Block | None], done: int
) -> None:
    """Mates must have the same names, and not the same sequences."""
    sizes = [0 if block is None else len(block.records) for block in blocks]
    one, two = blocks
    if one is not None and two is not None:
        shared = min(sizes)
        unlike = first_unlike(
            (one.buffer, two.buffer), (one.records[:shared], two.records[:shared])
        )
        if unlike >= 0:
            names = [_name(block, unlike) for block in (one, two)]
            raise FormatError(
                f"{paths[0].name} and {paths[1].name}: record {done + unlike + 1:,}: mates are out of step: "
                f"{names[0]!r} and {names[1]!r}",
                hint="give the two files of one run, in the order they were written; repair filtered files",
            )
        if (
            done == 0
            and shared >= 4
            and mostly_same((one.buffer, two.buffer), (one.records, two.records))
        ):
            raise FormatError(
                f"{paths[0].name} and {paths[1].name}: both hold the same sequences",
                hint="one file was copied over the other: fetch the missing mate",
            )
    if sizes[0] != sizes[1]:
        short = int(sizes[0] > sizes[1])
        raise FormatError(
            f"{paths[short].name}: ends after record {done + min(sizes):,}, "
            f"but {paths[1 - short].name} goes on",
            hint="one file is cut short: fetch it again",
        )


def _name(block: Block, record: int) -> str:
    start = int(block.records[record, 0])
    return bytes(block.buffer[start : start + 80]).split()[0].decode("ascii", "replace")

"""Counting reads while they pass by."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from abscope.records import Block

PHRED_30 = 33 + 30  # in FASTQ's letters

Batch = tuple[Block, Block | None]


class ReadTally:
    """Reads, letters and qualities of the batches that went through `watch`."""

    def __init__(self) -> None:
        self.reads = 0
        self.letters = np.zeros(256, dtype=np.int64)
        self.qualities = np.zeros(256, dtype=np.int64)

    def watch(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Pass batches on unchanged, counting them."""
        for batch in batches:
            for block in batch:
                if block is not None:
                    self._count(block)
            yield batch

    def _count(self, block: Block) -> None:
        self.reads += len(block.records)
        self.letters += np.bincount(_gathered(block, 1), minlength=256)
        self.qualities += np.bincount(_gathered(block, 3), minlength=256)

    def totals(self, placed: int) -> NDArray[np.int64]:
        """Bases, G or C, bases of phred 30, and the reads `placed`, as summary.read_stats asks."""
        good = self.qualities[PHRED_30:].sum()
        return np.array([self.letters.sum(), strong(self.letters), good, placed])


def _gathered(block: Block, start: int) -> NDArray[np.uint8]:
    """The bytes of every record's field that starts at column `start`, end to end."""
    starts, lengths = block.records[:, start], block.records[:, 2]
    before = np.cumsum(lengths) - lengths
    at = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    return block.buffer[at]


def strong(letters: NDArray[np.int64]) -> int:
    """How many are G or C, from counts by letter, shape (256,)."""
    return int(letters[list(b"GCgc")].sum())

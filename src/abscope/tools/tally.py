"""Counting reads while they pass by."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from abscope.records import Block, Depth, ReadStats

WINDOW = 1000  # bases, for the depth along the genome
PHRED = 33  # offset of qualities in FASTQ

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

    def stats(
        self, *, placed: int, insert_median: int | None, duplicates: float | None
    ) -> ReadStats:
        """What the reads look like, with how they were placed."""
        bases = int(self.letters.sum())
        return ReadStats(
            reads=self.reads,
            bases=bases,
            mean_length=bases / max(self.reads, 1),
            gc=gc_of(self.letters),
            q30=float(self.qualities[PHRED + 30 :].sum() / max(bases, 1)),
            mapped=placed / max(self.reads, 1),
            duplicates=duplicates,
            insert_median=insert_median,
        )


def _gathered(block: Block, start: int) -> NDArray[np.uint8]:
    """The bytes of every record's field that starts at column `start`, end to end."""
    starts, lengths = block.records[:, start], block.records[:, 2]
    before = np.cumsum(lengths) - lengths
    at = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    return block.buffer[at]


def gc_of(letters: NDArray[np.int64]) -> float:
    """Share of G and C among A, C, G and T, from counts by letter, shape (256,)."""
    a, c, g, t = (int(letters[ord(x)] + letters[ord(x.lower())]) for x in "ACGT")
    return (c + g) / max(a + c + g + t, 1)


def depth_of(covering: NDArray[np.int64], mincov: int) -> Depth:
    """Depth figures from the reads over each position, shape (length,)."""
    starts = np.arange(0, len(covering), WINDOW)
    widths = np.minimum(starts + WINDOW, len(covering)) - starts
    return Depth(
        mean=float(covering.mean()),
        median=float(np.median(covering)),
        breadth=float((covering >= mincov).mean()),
        window=WINDOW,
        windows=(np.add.reduceat(covering, starts) / widths).astype(np.float32),
    )

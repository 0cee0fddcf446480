"""What the reads of one isolate look like, and how they cover the reference."""

import numpy as np
from numpy.typing import NDArray

from abscope.records import Depth, ReadStats

WINDOW = 5_000


def depth_of(depths: NDArray[np.int32], *, mincov: int, window: int = WINDOW) -> Depth:
    """Summarise the depth of every position; the last window may be shorter."""
    starts = np.arange(0, len(depths), window)
    sums = np.add.reduceat(depths, starts, dtype=np.int64)
    sizes = np.minimum(starts + window, len(depths)) - starts
    return Depth(
        mean=float(depths.mean()),
        median=float(np.median(depths)),
        breadth=float((depths >= mincov).mean()),
        window=window,
        windows=(sums / sizes).astype(np.float32),
    )


def read_stats(
    totals: NDArray[np.int64],
    reads: int,
    *,
    copies: tuple[int, int] | None = None,
    inserts: NDArray[np.int64] | None = None,
) -> ReadStats:
    """Shares from counts.

    totals: bases, G or C, bases of phred 30, reads placed. copies: pairs that are copies, and pairs.
    inserts: histogram of template lengths.
    """
    bases, gc, good, placed = (int(value) for value in totals)
    return ReadStats(
        reads=reads,
        bases=bases,
        mean_length=bases / reads if reads else 0.0,
        gc=gc / bases if bases else 0.0,
        q30=good / bases if bases else None,
        mapped=placed / reads if reads else None,
        duplicates=copies[0] / copies[1] if copies and copies[1] else None,
        insert_median=_median(inserts) if inserts is not None else None,
    )


def _median(histogram: NDArray[np.int64]) -> int | None:
    total = int(histogram.sum())
    if total == 0:
        return None
    return int(np.searchsorted(np.cumsum(histogram), (total + 1) // 2))

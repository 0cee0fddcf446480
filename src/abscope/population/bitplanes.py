"""Bases as bits, so that one instruction compares 64 positions of two isolates.

Three planes a genome: two bits that name the base and one that says it is called. A position that
is not called, or hidden by a mask, counts for nothing. Counting is exact.
"""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import Index, inner, kernel, popcount
from abscope.population.packing import Words

Counts = NDArray[np.int32]
Totals = tuple[Counts, Counts]
Stretch = tuple[Index, Index]

_BLOCK = 64  # isolates a block: two blocks of words fit the second-level cache
_STRETCH = np.uint64(256)  # words counted before the next isolate's turn: 16,384 positions
_ONE, _TWO = np.uint64(1), np.uint64(2)


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Some isolates against all: those from `start` to `stop`, against those from `after` on.

    snps, comparable: int32 (stop - start, n - after), until the next strip is asked for.
    """

    start: int
    stop: int
    after: int
    snps: Counts
    comparable: Counts


def strips(
    planes: Words, *, isolates: int, once: bool = False, threads: int = 1
) -> Iterator[Strip]:
    """Differing and comparable positions of every pair, 64 isolates at a time, in order.

    once: leave out the pairs with an isolate of an earlier strip. planes: as packing.pack makes them.
    Memory grows with the number of isolates, not with its square.
    """
    room = np.empty((2, _BLOCK * len(planes)), np.int32)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        for start in range(0, isolates, _BLOCK):
            after = start if once else 0
            rows = np.array([start, min(start + _BLOCK, len(planes))], np.uint64)
            shape = (int(rows[1]) - start, len(planes) - after)
            snps, comparable = (one[: math.prod(shape)].reshape(shape) for one in room)
            totals = (snps, comparable)
            room[:] = 0
            columns = [
                np.array([c, min(c + _BLOCK, len(planes))], np.uint64)
                for c in range(after, len(planes), _BLOCK)
            ]
            list(pool.map(lambda c, r=rows, t=totals: _count_block(planes, t, r, c), columns))
            stop = min(int(rows[1]), isolates)
            snps, comparable = (t[: stop - start, : isolates - after] for t in totals)
            yield Strip(start, stop, after, snps, comparable)


def count(
    planes: Words, *, isolates: int, threads: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Differing and comparable positions of every pair, each int64 (n, n) and symmetric."""
    snps = np.zeros((isolates, isolates), dtype=np.int64)
    comparable = np.zeros_like(snps)
    for strip in strips(planes, isolates=isolates, once=True, threads=threads):
        for whole, part in ((snps, strip.snps), (comparable, strip.comparable)):
            whole[strip.start : strip.stop, strip.after :] = part
            whole[strip.after :, strip.start : strip.stop] = part.T
    return snps, comparable


@inner
def _known(planes: Words, i: Index, j: Index, w: Index) -> Any:
    return planes[i, 2, w] & planes[j, 2, w]


@inner
def _differ(planes: Words, i: Index, j: Index, w: Index) -> Any:
    other = (planes[i, 0, w] ^ planes[j, 0, w]) | (planes[i, 1, w] ^ planes[j, 1, w])
    return other & _known(planes, i, j, w)


@inner
def _add_four(counts: Counts, i: Index, j: Index, found: tuple[np.uint64, ...]) -> None:
    counts[i, j] += found[0]
    counts[i, j + _ONE] += found[1]
    counts[i + _ONE, j] += found[2]
    counts[i + _ONE, j + _ONE] += found[3]


@inner
def _count_four(
    planes: Words, i: Index, j: Index, stretch: Stretch
) -> tuple[tuple[np.uint64, ...], tuple[np.uint64, ...]]:
    """Count two isolates against two: each word is loaded once for two pairs."""
    k, m = i + _ONE, j + _ONE
    s0 = s1 = s2 = s3 = c0 = c1 = c2 = c3 = np.uint64(0)
    for w in range(stretch[0], stretch[1]):
        s0 += popcount(_differ(planes, i, j, w))
        s1 += popcount(_differ(planes, i, m, w))
        s2 += popcount(_differ(planes, k, j, w))
        s3 += popcount(_differ(planes, k, m, w))
        c0 += popcount(_known(planes, i, j, w))
        c1 += popcount(_known(planes, i, m, w))
        c2 += popcount(_known(planes, k, j, w))
        c3 += popcount(_known(planes, k, m, w))
    return (s0, s1, s2, s3), (c0, c1, c2, c3)


@kernel
def _count_block(planes: Words, totals: Totals, rows: Words, columns: Words) -> None:
    """Count every pair of a block; unsigned indices keep the loads in vectors.

    The first row and the last column of `totals` are those of rows[0] and of the last isolate.
    """
    words = np.uint64(planes.shape[2])
    after = np.uint64(planes.shape[0] - totals[0].shape[1])
    for start in range(np.uint64(0), words, _STRETCH):
        stretch = (start, min(words, start + _STRETCH))
        for i in range(rows[0], rows[1], _TWO):
            for j in range(columns[0], columns[1], _TWO):
                snps, comparable = _count_four(planes, i, j, stretch)
                _add_four(totals[0], i - rows[0], j - after, snps)
                _add_four(totals[1], i - rows[0], j - after, comparable)

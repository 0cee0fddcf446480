"""Distances without recombination: a pair loses the blocks on the path between its two isolates.

A block lies on that path where one isolate is below its branch and the other is not. Blocks elsewhere
in the tree take nothing from the pair, and an isolate that is in none keeps all of its sites.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from abscope.population.clone_sites import Bytes, CloneSites
from abscope.population.gaps import Longs, readable
from abscope.records import Distances

Flags = NDArray[np.bool_]
Stretch = tuple[int, int, Flags]
"""Start, end, and who of the isolates is below its branch, bool (n,)."""


def masked(sites: CloneSites, blocks: Sequence[Stretch]) -> Distances:
    """Take from each pair's raw distance the SNPs and the comparable sites of blocks on its path."""
    snps, comparable = sites.raw.snps.copy(), sites.raw.comparable.copy()
    for start, end, sides in _segments(blocks, len(sites.ids)):
        first, last = np.searchsorted(sites.positions, [start, end])
        _take(sites.bits[:, first:last], sides, snps)
        _shorten(sites.gaps.runs, sites.gaps.offsets, sides, (start, end), comparable)
    return Distances(sites.ids, snps, comparable)


def _segments(blocks: Sequence[Stretch], isolates: int) -> Iterator[tuple[int, int, Longs]]:
    """Stretches covered by the same blocks throughout; isolates on one side of all are numbered alike."""
    edges = sorted({place for start, end, _ in blocks for place in (start, end)})
    ordered = sorted(blocks, key=lambda block: block[0])
    waiting, covering = 0, list[Stretch]()
    for start, end in pairwise(edges):
        while waiting < len(ordered) and ordered[waiting][0] <= start:
            covering.append(ordered[waiting])
            waiting += 1
        covering = [block for block in covering if block[1] > start]
        if covering:
            yield start, end, _sides(covering, isolates)


def _sides(covering: Sequence[Stretch], isolates: int) -> Longs:
    sides = np.zeros(isolates, dtype=np.int64)
    for _, _, below in covering:
        _, sides = np.unique(2 * sides + below, return_inverse=True)
    return sides


@njit(cache=True, nogil=True)
def _parted(sides: Longs) -> tuple[Longs, Longs]:
    """Every pair on two sides, once: found from the isolates that are not on the largest side."""
    largest = np.bincount(sides).argmax()
    few = np.flatnonzero(sides != largest)
    pairs = np.empty((2, len(few) * len(sides)), np.int64)
    count = 0
    for i in few:
        for j in range(len(sides)):
            if sides[i] != sides[j] and (sides[j] == largest or j < i):
                pairs[0, count], pairs[1, count] = i, j
                count += 1
    return pairs[0, :count], pairs[1, :count]


@njit(cache=True, nogil=True)
def _take(bits: Bytes, sides: Longs, snps: Longs) -> None:
    """Take off the differences of every pair on two sides."""
    ones, others = _parted(sides)
    for i, j in zip(ones, others):  # noqa: B905 (a kernel knows no strict)
        count = _apart(bits[i], bits[j])
        snps[i, j] -= count
        snps[j, i] -= count


@njit(cache=True, nogil=True)
def _apart(one: Bytes, other: Bytes) -> int:
    count = 0
    for site in range(len(one)):
        count += (one[site] != other[site]) & (one[site] != 0) & (other[site] != 0)
    return count


@njit(cache=True, nogil=True)
def _shorten(
    runs: Longs, offsets: Longs, sides: Longs, stretch: tuple[int, int], comparable: Longs
) -> None:
    """Take off the comparable sites of every pair on two sides."""
    start, end = stretch
    own = np.empty(len(sides), np.int64)
    for i in range(len(sides)):
        own[i] = readable(runs, offsets, i, i, start, end)
    ones, others = _parted(sides)
    for i, j in zip(ones, others):  # noqa: B905
        shared = min(own[i], own[j])
        if max(own[i], own[j]) < end - start:
            shared = readable(runs, offsets, i, j, start, end)
        comparable[i, j] -= shared
        comparable[j, i] -= shared

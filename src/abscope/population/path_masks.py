"""Distances without recombination: a pair loses the blocks on the path between its two isolates.

A block lies on that path where one isolate is below its branch and the other is not. Blocks elsewhere
in the tree take nothing from the pair, and an isolate that is in none keeps all of its sites.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel
from abscope.population.clone_sites import Bytes, CloneSites
from abscope.population.gaps import Longs, readable
from abscope.records import Distances

Flags = NDArray[np.bool_]
Stretch = tuple[int, int, Flags]
"""Start, end, and who of the isolates is below its branch, bool (n,)."""
Segment = tuple[int, int, bytes]
"""Start, end, and on which side of its blocks each isolate is, int64 (n,)."""

Signed = tuple[int, int, int]
"""Start, end, and 1 to take off, -1 to give back."""

_NOBODY = -1  # the side of isolates that are in no pair


@dataclass(frozen=True, slots=True, eq=False)
class Removed:
    """What blocks take from every pair: SNPs and comparable sites, int64 (2, n, n).

    segments: from where, and between whom; a pair loses what lies between its two sides of one.
    """

    ids: tuple[str, ...]
    segments: frozenset[Segment]
    counts: Longs


def masked(sites: CloneSites, blocks: Sequence[Stretch]) -> Distances:
    """Take from each pair's raw distance the SNPs and the comparable sites of blocks on its path."""
    return without(sites, removed(sites, blocks))


def without(sites: CloneSites, taken: Removed) -> Distances:
    """Raw distances less what was removed from them."""
    snps, comparable = taken.counts
    return Distances(sites.ids, sites.raw.snps - snps, sites.raw.comparable - comparable)


def removed(sites: CloneSites, blocks: Sequence[Stretch], before: Removed | None = None) -> Removed:
    """Count what blocks take from every pair.

    before: what other blocks took from these or from some of these genomes, the same answer in less
    time: segments of both are counted for new isolates alone, and those that are gone are given back.
    """
    size = len(sites.ids)
    old = before or Removed((), frozenset(), np.zeros((2, 0, 0), np.int64))
    rows = np.searchsorted(sites.ids, old.ids) if old.ids else np.zeros(0, np.int64)
    fresh = np.setdiff1d(np.arange(size), rows)
    counts = np.zeros((2, size, size), np.int64)
    counts[:, rows[:, None], rows] = old.counts
    segments, kept = set[Segment](), set[Segment]()
    for start, end, sides in _segments(blocks, size):
        as_before = start, end, _numbered(sides[rows]).tobytes()
        pairs = _with(sides, fresh) if as_before in old.segments else _parted(sides)
        _add(sites, (start, end, 1), pairs, counts)
        segments.add((start, end, sides.tobytes()))
        kept.add(as_before)
    for start, end, told in old.segments - kept:
        sides = np.full(size, _NOBODY)
        sides[rows] = np.frombuffer(told, dtype=np.int64)
        _add(sites, (start, end, -1), _parted(sides), counts)
    return Removed(sites.ids, frozenset(segments), counts)


def _add(sites: CloneSites, stretch: Signed, pairs: Longs, counts: Longs) -> None:
    """Add what a stretch takes from pairs, or give it back."""
    first, last = np.searchsorted(sites.positions, stretch[:2])
    _take(sites.bits[:, first:last], pairs, stretch[2], counts[0])
    _shorten(sites.gaps.runs, sites.gaps.offsets, pairs, stretch, counts[1])


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
        sides = _numbered(2 * sides + below)
    return sides


@kernel
def _numbered(sides: Longs) -> Longs:
    """The same sides, numbered by their first isolate."""
    numbers = np.full(sides.max() + 1 if len(sides) else 0, -1)
    found, count = np.empty_like(sides), 0
    for i in range(len(sides)):
        if numbers[sides[i]] < 0:
            numbers[sides[i]] = count
            count += 1
        found[i] = numbers[sides[i]]
    return found


@kernel
def _parted(sides: Longs) -> Longs:
    """Every pair on two sides, once: found from the isolates that are not on the largest side."""
    largest = np.bincount(sides[sides >= 0]).argmax()
    few = np.flatnonzero((sides != largest) & (sides >= 0))
    pairs = np.empty((2, len(few) * len(sides)), np.int64)
    count = 0
    for i in few:
        for j in range(len(sides)):
            if sides[j] >= 0 and sides[i] != sides[j] and (sides[j] == largest or j < i):
                pairs[0, count], pairs[1, count] = i, j
                count += 1
    return pairs[:, :count]


@kernel
def _with(sides: Longs, rows: Longs) -> Longs:
    """Every pair on two sides with one of some isolates, once."""
    pairs, chosen = np.empty((2, len(rows) * len(sides)), np.int64), np.zeros(len(sides), np.bool_)
    chosen[rows] = True
    count = 0
    for i in rows:
        for j in range(len(sides)):
            if sides[i] != sides[j] and not (chosen[j] and j > i):
                pairs[0, count], pairs[1, count] = i, j
                count += 1
    return pairs[:, :count]


@kernel
def _take(bits: Bytes, pairs: Longs, sign: int, snps: Longs) -> None:
    """Count the differences of pairs."""
    for i, j in zip(pairs[0], pairs[1]):  # noqa: B905 (a kernel knows no strict)
        count = sign * _apart(bits[i], bits[j])
        snps[i, j] += count
        snps[j, i] += count


@kernel
def _apart(one: Bytes, other: Bytes) -> int:
    count = 0
    for site in range(len(one)):
        count += (one[site] != other[site]) & (one[site] != 0) & (other[site] != 0)
    return count


@kernel
def _shorten(runs: Longs, offsets: Longs, pairs: Longs, stretch: Signed, comparable: Longs) -> None:
    """Count the comparable sites of pairs."""
    start, end, sign = stretch
    own = np.full(len(offsets) - 1, -1)
    for i, j in zip(pairs[0], pairs[1]):  # noqa: B905
        for k in (i, j):
            if own[k] < 0:
                own[k] = readable(runs, offsets, k, k, start, end)
        shared = min(own[i], own[j])
        if max(own[i], own[j]) < end - start:
            shared = readable(runs, offsets, i, j, start, end)
        comparable[i, j] += sign * shared
        comparable[j, i] += sign * shared

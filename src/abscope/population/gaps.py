"""Where genomes cannot be read, as runs: how many positions any two of them have in common.

Runs are int64 (k, 2), half-open, ascending, apart. Those of several genomes lie one after another,
genome i's at offsets[i]:offsets[i + 1].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """The unreadable runs of several genomes."""

    runs: Longs
    offsets: Longs

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def of(self, row: int) -> Longs:
        """One genome's runs."""
        return self.runs[self.offsets[row] : self.offsets[row + 1]]

    def inserted(self, row: int, runs: Longs) -> "Gaps":
        """The same with one genome more, at `row`."""
        return gathered(
            [*(self.of(k) for k in range(row)), runs, *map(self.of, range(row, len(self)))]
        )


def gathered(genomes: Sequence[Longs]) -> Gaps:
    """Lay the runs of several genomes one after another."""
    offsets = np.cumsum([0, *(len(one) for one in genomes)]).astype(np.int64)
    return Gaps(np.concatenate([np.zeros((0, 2), np.int64), *genomes]), offsets)


def covers(runs: Longs, positions: Longs) -> NDArray[np.bool_]:
    """Tell which positions lie in a run."""
    at = np.searchsorted(runs[:, 0], positions, side="right") - 1
    return np.asarray((at >= 0) & (positions < np.append(runs[:, 1], 0)[at]))


def before(runs: Longs, positions: Longs) -> Longs:
    """Count positions inside runs that come before each of some positions that lie in none."""
    lengths = np.append(0, np.cumsum(runs[:, 1] - runs[:, 0]))
    counted: Longs = lengths[np.searchsorted(runs[:, 0], positions, side="right")]
    return counted


@kernel
def in_common(one: Longs, other: Longs) -> Longs:
    """Runs of positions that lie in a run of both."""
    found = np.empty((len(one) + len(other), 2), np.int64)
    count = i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i, 0], other[j, 0]), min(one[i, 1], other[j, 1])
        if start < end:
            found[count] = start, end
            count += 1
        if one[i, 1] < other[j, 1]:
            i += 1
        else:
            j += 1
    return found[:count].copy()


@kernel
def _first(starts_ends: Longs, low: int, high: int, start: int) -> int:
    """The first run of low:high that ends after `start`."""
    while low < high:
        middle = (low + high) // 2
        if starts_ends[middle, 1] <= start:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def readable(runs: Longs, offsets: Longs, i: int, j: int, start: int, end: int) -> int:
    """Positions of a stretch that lie in no run of genome i nor of genome j."""
    a, last_a = _first(runs, offsets[i], offsets[i + 1], start), offsets[i + 1]
    b, last_b = _first(runs, offsets[j], offsets[j + 1], start), offsets[j + 1]
    free, reached = 0, start
    while True:
        next_a = runs[a, 0] if a < last_a else end
        next_b = runs[b, 0] if b < last_b else end
        begin = min(next_a, next_b)
        if begin >= end:
            break
        free += max(begin - reached, 0)
        if next_a <= next_b:
            reached = max(reached, runs[a, 1])
            a += 1
        else:
            reached = max(reached, runs[b, 1])
            b += 1
    return free + max(end - reached, 0)


@kernel
def readable_by_all(runs: Longs, offsets: Longs, row: int, length: int, into: Longs) -> None:
    """Comparable positions of genome `row` with each genome up to itself, into a row."""
    for other in range(row + 1):
        into[other] = readable(runs, offsets, row, other, 0, length)

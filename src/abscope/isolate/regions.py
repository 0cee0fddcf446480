"""Where reads break: stretches of the reference that may hold an insertion or a deletion."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.gaps import SHORTEST_TAIL
from abscope.isolate.kept import Kept
from abscope.isolate.letters import Codes
from abscope.isolate.pileup import Counts
from abscope.isolate.placements import FIRST, SEGMENTS
from abscope.isolate.seeds import SeedIndex
from abscope.kernels import kernel, signed

PAD = 10
JITTER = 3
CLEAR = 6
LEAST_SHARE = 0.15


class Regions(NamedTuple):
    """Stretches to look at again, in order, apart from each other.

    outer: int64 (r, 2), the stretch with its margins. inner: int64 (r, 2), where the breaks lie.
    breaks: int64 (r,), how many reads break there.
    """

    outer: NDArray[np.int64]
    inner: NDArray[np.int64]
    breaks: NDArray[np.int64]


def find_regions(kept: Kept, counts: Counts, index: SeedIndex, *, least: int) -> Regions:
    """Stretches where `least` reads or more, and 15 % of those there, break within a few bases."""
    breaks = _breaks(kept, index.genome.codes)
    breaks = breaks[~_at_borders(breaks, index)]
    breaks = breaks[np.lexsort((breaks[:, 1], breaks[:, 0]))]
    starts = breaks[:, 0]
    near = np.searchsorted(starts, starts + JITTER, "right") - np.searchsorted(
        starts, starts - JITTER
    )
    depth = _clean_depth(counts, starts) + _kept_depth(kept, starts)
    strong = near >= np.maximum(least, np.ceil(LEAST_SHARE * depth))
    return _merge(breaks[strong], len(index.genome.codes))


def _at_borders(breaks: NDArray[np.int64], index: SeedIndex) -> NDArray[np.bool_]:
    """Reads always break at the ends of a contig."""
    contigs = index.reference.contigs
    borders = np.unique([edge for contig in contigs for edge in (contig.start, contig.end)])
    after = np.searchsorted(borders, breaks[:, 0] - JITTER)
    beyond = np.append(borders, borders[-1] + 10 * PAD)
    return np.asarray(beyond[after] <= breaks[:, 1] + JITTER)


def _clean_depth(counts: Counts, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    inside = np.minimum(positions, len(counts) - 1)
    return np.asarray(counts[inside].sum(axis=1, dtype=np.int64))


def _kept_depth(kept: Kept, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    starts, ends = (np.sort(side) for side in extents(kept))
    return np.searchsorted(starts, positions, "right") - np.searchsorted(ends, positions, "right")


def extents(kept: Kept) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where on the reference each kept read's alignment begins and ends."""
    rows = kept.rows.astype(np.int64)
    each = np.arange(len(rows))
    last = FIRST + 3 * (rows[:, SEGMENTS] - 1)
    return rows[:, FIRST] + rows[:, FIRST + 1], rows[each, last] + rows[each, last + 2]


def _merge(breaks: NDArray[np.int64], length: int) -> Regions:
    """Join breaks whose margins meet."""
    if not len(breaks):
        none = np.empty((0, 2), dtype=np.int64)
        return Regions(none, none, np.empty(0, dtype=np.int64))
    reach = np.maximum.accumulate(breaks[:, 1])
    first = np.flatnonzero(np.append(True, breaks[1:, 0] > reach[:-1] + 2 * PAD))
    last = np.append(first[1:], len(breaks)) - 1
    inner = np.stack([breaks[first, 0], reach[last]], axis=1)
    outer = np.stack([inner[:, 0] - PAD, inner[:, 1] + PAD], axis=1)
    return Regions(np.clip(outer, 0, length), np.clip(inner, 0, length), last - first + 1)


@kernel
def _breaks(kept: Kept, codes: Codes) -> NDArray[np.int64]:
    """Every break of every kept read: the stretch of reference in which it could be placed.

    Bases beside a break that do not fit belong to it: there may be another gap, or a longer one.
    """
    most = kept.rows[:, SEGMENTS].sum() + len(kept.rows)
    found = np.empty((most, 2), dtype=np.int64)
    n = 0
    for j in range(len(kept.rows)):
        row = kept.rows[j]
        read = kept.codes[kept.starts[j] : kept.starts[j + 1]]
        last = FIRST + 3 * (row[SEGMENTS] - 1)
        if row[FIRST + 1] >= SHORTEST_TAIL:
            place = signed(row[FIRST] + row[FIRST + 1])
            found[n] = place, _end_of_misfits(read, codes, row[FIRST : FIRST + 3], place)
            n += 1
        for at in range(FIRST, last, 3):
            start, end = _gap(read, codes, row[at : at + 6])
            found[n, 0] = _start_of_misfits(read, codes, row[at : at + 3], start)
            found[n, 1] = _end_of_misfits(read, codes, row[at + 3 : at + 6], end)
            n += 1
        if len(read) - row[last + 2] >= SHORTEST_TAIL:
            place = signed(row[last] + row[last + 2])
            found[n] = _start_of_misfits(read, codes, row[last : last + 3], place), place
            n += 1
    return found[:n]


@kernel
def _start_of_misfits(read: Codes, codes: Codes, segment: NDArray[np.int32], place: int) -> int:
    """Leftwards from a place on the reference, the last mismatch with fewer than six matches between."""
    diagonal, start, matches = signed(segment[0]), place, 0
    i = min(place, diagonal + segment[2]) - diagonal - 1
    while i >= segment[1] and matches < CLEAR:
        matches += 1
        if read[i] < 4 and read[i] != codes[diagonal + i]:
            start, matches = diagonal + i, 0
        i -= 1
    return start


@kernel
def _end_of_misfits(read: Codes, codes: Codes, segment: NDArray[np.int32], place: int) -> int:
    """Rightwards from a place on the reference, behind the last such mismatch."""
    diagonal, end, matches = signed(segment[0]), place, 0
    i = max(place, diagonal + segment[1]) - diagonal
    while i < segment[2] and matches < CLEAR:
        matches += 1
        if read[i] < 4 and read[i] != codes[diagonal + i]:
            end, matches = diagonal + i + 1, 0
        i += 1
    return end


@kernel
def _gap(read: Codes, codes: Codes, pair: NDArray[np.int32]) -> tuple[int, int]:
    """The stretch over which a gap between two segments can slide to the right."""
    end, resume = signed(pair[0] + pair[2]), signed(pair[3] + pair[4])
    slide = 0
    if resume > end:
        while resume + slide < len(codes) and codes[end + slide] == codes[resume + slide]:
            slide += 1
    else:
        while pair[4] + slide < pair[5] and read[pair[2] + slide] == read[pair[4] + slide]:
            slide += 1
    return min(end, resume), max(end, resume) + slide

"""Settle each region where reads break: call its sequence, or say that it cannot be told."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.alignment import DELETED, align
from abscope.isolate.haplotypes import LONGEST, Support, haplotype, support
from abscope.isolate.kernels import kernel
from abscope.isolate.letters import OTHER_IN_READ, Codes
from abscope.isolate.pileup import Counts, Kept
from abscope.isolate.regions import Regions, extents

NOISE, UNSETTLED, SETTLED = range(3)
CORE_MARGIN = 5
WIDEST = 300


class Site(NamedTuple):
    """What a region is judged by. least: reads across that make a haplotype; share: that must agree."""

    least: int
    share: float


class Track(NamedTuple):
    """Marks at every reference position, shape (n,).

    deleted: reads in which it is deleted. masked: `N` whatever its reads say. closed: not for reads
    as they were first aligned.
    """

    deleted: NDArray[np.uint16]
    masked: NDArray[np.bool_]
    closed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Indels:
    """Insertions and deletions of settled regions.

    table: int64 (k, 6): start and end on the reference of what is replaced, reads on either strand,
    reads against, and where in `letters` the inserted codes begin; they end where the next begin.
    """

    table: NDArray[np.int64]
    letters: Codes


def realign(
    regions: Regions, kept: Kept, codes: Codes, counts: Counts, site: Site
) -> tuple[Track, Indels]:
    """Judge every region; counts inside settled ones are those of reads aligned to their haplotype."""
    length = len(codes)
    track = Track(
        np.zeros(length, dtype=np.uint16),
        np.zeros(length, dtype=np.bool_),
        np.zeros(length, dtype=np.bool_),
    )
    starts, ends = extents(kept)
    reach = int((ends - starts).max(initial=0))
    first = np.searchsorted(starts, regions.outer[:, 0] - reach)
    last = np.searchsorted(starts, regions.outer[:, 1], "right")
    table, letters = _settle(regions, (first, last), kept, codes, (counts, track), site)
    return track, Indels(table, letters)


@kernel
def _settle(
    regions: Regions,
    reads: tuple[NDArray[np.int64], NDArray[np.int64]],
    kept: Kept,
    codes: Codes,
    state: tuple[Counts, Track],
    site: Site,
) -> tuple[NDArray[np.int64], Codes]:
    counts, track = state
    table = np.empty((16, 6), dtype=np.int64)
    letters = np.empty(64, dtype=np.uint8)
    used = np.zeros(2, dtype=np.int64)
    for r in range(len(regions.outer)):
        outer, inner = regions.outer[r], regions.inner[r]
        here = (reads[0][r], reads[1][r])
        found = haplotype(kept, here, outer)
        backing = support(kept, here, outer, found)
        verdict = _judge(counts, inner, found, backing, (regions.breaks[r], site))
        if verdict == NOISE:
            continue
        track.closed[outer[0] : outer[1]] = True
        if verdict == UNSETTLED or outer[1] - outer[0] > WIDEST:
            track.masked[outer[0] : outer[1]] = True
            continue
        pairs, unsure = align(codes[outer[0] : outer[1]], found)
        _apply(outer, inner, pairs, unsure, backing, state)
        table, letters = _grown(table, letters, used)
        _list_indels(outer, pairs, found, backing, (table, letters, used))
    return table[: used[0]], letters[: used[1]]


@kernel
def _judge(
    counts: Counts,
    inner: NDArray[np.int64],
    found: Codes,
    backing: Support,
    context: tuple[int, Site],
) -> int:
    """Whether the region's haplotype holds, or the reference does, or neither."""
    breaks, site = context
    unbroken = _least_depth(counts, inner)
    if unbroken >= site.share * (unbroken + breaks):
        return NOISE
    agreeing = backing.forward + backing.reverse
    complete = len(found) > 0 and found.max() < OTHER_IN_READ
    enough = agreeing >= max(site.least, site.share * (agreeing + backing.against + unbroken))
    return SETTLED if complete and enough else UNSETTLED


@kernel
def _least_depth(counts: Counts, inner: NDArray[np.int64]) -> int:
    """Reads that cross the breaks without breaking: the least depth over them and five bases beside."""
    least = 1 << 30
    for p in range(max(0, inner[0] - CORE_MARGIN), min(len(counts), inner[1] + CORE_MARGIN)):
        depth = 0
        for c in range(8):
            depth += counts[p, c]
        least = min(least, depth)
    return least


@kernel
def _apply(
    outer: NDArray[np.int64],
    inner: NDArray[np.int64],
    pairs: NDArray[np.int64],
    unsure: NDArray[np.bool_],
    backing: Support,
    state: tuple[Counts, Track],
) -> None:
    """Write a settled region's counts: unbroken reads still count in its margins."""
    counts, track = state
    for k in range(len(pairs)):
        p = outer[0] + k
        track.masked[p] = unsure[k]
        if pairs[k] == DELETED:
            track.deleted[p] = backing.forward + backing.reverse
            counts[p] = 0
        elif inner[0] <= p < inner[1]:
            counts[p] = backing.counts[pairs[k]]
        else:
            counts[p] += backing.counts[pairs[k]]


@kernel
def _grown(
    table: NDArray[np.int64], letters: Codes, used: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Codes]:
    """Make room for the indels of one more region."""
    if used[0] + WIDEST > len(table):
        larger = np.empty((2 * len(table) + WIDEST, 6), dtype=np.int64)
        larger[: used[0]] = table[: used[0]]
        table = larger
    if used[1] + LONGEST > len(letters):
        longer = np.empty(2 * len(letters) + LONGEST, dtype=np.uint8)
        longer[: used[1]] = letters[: used[1]]
        letters = longer
    return table, letters


@kernel
def _list_indels(
    outer: NDArray[np.int64],
    pairs: NDArray[np.int64],
    found: Codes,
    backing: Support,
    out: tuple[NDArray[np.int64], Codes, NDArray[np.int64]],
) -> None:
    """Append every gap of an alignment: deleted bases, and bases between consecutive pairs."""
    table, letters, used = out
    k, nxt = 0, 0
    while k <= len(pairs):
        start = k
        while k < len(pairs) and pairs[k] == DELETED:
            k += 1
        upto = pairs[k] if k < len(pairs) else len(found)
        if k > start or upto > nxt:
            row = table[used[0]]
            row[0], row[1] = outer[0] + start, outer[0] + k
            row[2], row[3], row[4], row[5] = (
                backing.forward,
                backing.reverse,
                backing.against,
                used[1],
            )
            letters[used[1] : used[1] + upto - nxt] = found[nxt:upto]
            used[1] += upto - nxt
            used[0] += 1
        nxt = upto + 1
        k += 1

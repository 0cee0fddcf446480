"""Settle each region where reads break: call its sequence, or say that it cannot be told."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.alignment import DELETED, align
from abscope.isolate.haplotypes import LONGEST, Support, haplotype, support
from abscope.isolate.kept import Kept
from abscope.isolate.letters import OTHER_IN_READ, Codes
from abscope.isolate.pileup import Counts, Pile
from abscope.isolate.regions import LEAST_SHARE, Regions, extents
from abscope.kernels import kernel, signed

NOISE, UNSETTLED, SETTLED = range(3)
HALF = 0.5
CROSSING = 5
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
    regions: Regions, kept: Kept, codes: Codes, pile: Pile, site: Site
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
    bounds = (pile.cover, pile.edges, site)
    table, letters = _settle(regions, (first, last), kept, codes, (pile.counts, track), bounds)
    return track, Indels(table, letters)


@kernel
def _settle(
    regions: Regions,
    reads: tuple[NDArray[np.int64], NDArray[np.int64]],
    kept: Kept,
    codes: Codes,
    state: tuple[Counts, Track],
    bounds: tuple[NDArray[np.uint32], NDArray[np.uint32], Site],
) -> tuple[NDArray[np.int64], Codes]:
    """Judge the regions one after the other; return the table and letters of their indels.

    bounds: how many reads lie over each position, where they begin and end, and the bar.
    """
    cover, edges, site = bounds
    track = state[1]
    table = np.empty((16, 6), dtype=np.int64)
    letters = np.empty(64, dtype=np.uint8)
    used = np.zeros(2, dtype=np.int64)
    for r in range(len(regions.outer)):
        outer, inner = regions.outer[r], regions.inner[r]
        here = (reads[0][r], reads[1][r])
        found = haplotype(kept, here, outer)
        backing = support(kept, here, outer, found)
        crossing = _unbroken(cover, edges, inner)
        context = (crossing, regions.breaks[r], outer[1] - outer[0], site)
        verdict = _judge(found, backing, context)
        if verdict == NOISE:
            continue
        track.closed[outer[0] : outer[1]] = True
        if verdict == UNSETTLED or outer[1] - outer[0] > WIDEST:
            track.masked[outer[0] : outer[1]] = True
            continue
        pairs, unsure, _ = align(codes[outer[0] : outer[1]], found)
        _apply(outer, inner, pairs, unsure, backing, state)
        table, letters = _grown(table, letters, used)
        _list_indels(outer, pairs, found, backing, (table, letters, used))
    return table[: used[0]], letters[: used[1]]


@kernel
def _judge(found: Codes, backing: Support, context: tuple[int, int, int, Site]) -> int:
    """Whether the region's haplotype holds (a gap), or no gap does, or neither can be told.

    context: reads that cross the breaks unbroken, reads that break, the region's length, and the bar.
    """
    unbroken, breaks, length, site = context
    agreeing = backing.forward + backing.reverse
    crossing = agreeing + backing.against + unbroken
    gapless = unbroken + agreeing if len(found) in (0, length) else 0
    if gapless >= HALF * (gapless + backing.against + breaks):
        return NOISE
    if len(found) != length and agreeing + backing.against < LEAST_SHARE * crossing:
        return NOISE
    complete = len(found) > 0 and found.max() < OTHER_IN_READ
    enough = agreeing >= max(site.least, site.share * crossing)
    return SETTLED if complete and enough else UNSETTLED


@kernel
def _unbroken(
    cover: NDArray[np.uint32], edges: NDArray[np.uint32], inner: NDArray[np.int64]
) -> int:
    """Reads counted at once that cross all the breaks, and five bases on either side."""
    first, last = max(0, inner[0] - CROSSING), min(len(cover) - 1, inner[1] + CROSSING)
    crossing = signed(cover[first])
    for p in range(first + 1, last + 1):
        crossing -= signed(edges[p, 2]) + signed(edges[p, 3])
    return max(0, crossing)


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

"""Counting bases: reads that fit the reference at once are counted, the others kept for later.

A read that fits is counted by where it begins and ends and by its bases that are not the reference's:
few memory lines are touched for each. `expand` turns that into counts of every base.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.gaps import SHORTEST_TAIL
from abscope.isolate.kept import Kept, keep
from abscope.isolate.letters import Codes, find_unlike
from abscope.isolate.oriented import LONGEST_READ, Bar, orient
from abscope.isolate.placements import FIRST, MAPQ, PLACED, SEGMENTS, STATE, STRAND, Placements
from abscope.kernels import inner, kernel, lean, signed
from abscope.records import Letters

Counts = NDArray[np.uint16]
FULL = 65_535
POOR = 0
BESIDE_A_BREAK = 5


class Tally(NamedTuple):
    """What is counted while reads come in.

    edges: uint32 (n + 1, 4), reads that begin at a position, forward and turned, and that have ended.
    odd: uint16 (n, 8), for either strand bases too poor to count and bases that are not the
    reference's, by the exclusive-or of both codes; they stop at 65,535 (the capped sum of capped
    sums is the capped sum, so the order of reads changes nothing).
    """

    edges: NDArray[np.uint32]
    odd: NDArray[np.uint16]


class Pile(NamedTuple):
    """All reads that fit at once.

    counts: uint16 (n, 8), forward A C T G, then turned A C T G. cover: uint32 (n + 1,), reads over each
    position, poor bases included. edges: as in Tally.
    """

    counts: Counts
    cover: NDArray[np.uint32]
    edges: NDArray[np.uint32]


def empty_tally(length: int) -> Tally:
    """Nothing counted yet."""
    edges = np.zeros((length + 1, 4), dtype=np.uint32)
    return Tally(edges, np.zeros((length, 8), dtype=np.uint16))


class Found(NamedTuple):
    """What one block adds: places in a tally's `odd` and `edges` (flat) that go up by one; reads kept.

    Memory answers many requests in a row far sooner than one at a time between other work.
    """

    odd: NDArray[np.int64]
    edges: NDArray[np.int64]
    kept: Kept


class Room(NamedTuple):
    """Room for one read at a time, and for the places found so far (used: odd, edges)."""

    strands: Codes
    unlike: NDArray[np.int32]
    odd: NDArray[np.int64]
    edges: NDArray[np.int64]
    used: NDArray[np.int64]


@kernel
def pile_block(
    buffer: Letters,
    records: NDArray[np.int64],
    placed: tuple[Placements, NDArray[np.int32]],
    codes: Codes,
    bar: Bar,
) -> Found:
    """Note what the reads of a block that align without a break show; keep the others.

    placed: placements, and the span of each read that counts; reads with an empty span are left out.
    """
    _, spans = placed
    kept = np.empty(len(records), dtype=np.int64)
    room = Room(
        np.empty((2, LONGEST_READ), dtype=np.uint8),
        np.empty(LONGEST_READ + 1, dtype=np.int32),
        np.empty((spans[:, 1] - spans[:, 0]).sum(), dtype=np.int64),
        np.empty(2 * len(records), dtype=np.int64),
        np.zeros(2, dtype=np.int64),
    )
    found = _note_all(buffer, records, placed, codes, bar, (kept, room))
    odd, edges = room.odd[: room.used[0]], room.edges[: room.used[1]]
    return Found(odd, edges, keep(buffer, records, placed, kept[:found], bar))


@inner
def _note_all(
    buffer: Letters,
    records: NDArray[np.int64],
    placed: tuple[Placements, NDArray[np.int32]],
    codes: Codes,
    bar: Bar,
    into: tuple[NDArray[np.int64], Room],
) -> int:
    """Note the reads that fit; list the others, and return how many."""
    rows, spans = placed
    kept, room = into
    found = 0
    for k in range(len(records)):
        if rows[k, STATE] != PLACED or rows[k, MAPQ] < bar.mapq or not _trim(rows[k], spans[k]):
            continue
        if _fits(rows[k], spans[k]):
            strand = rows[k, STRAND]
            length = orient(buffer, records[k], strand, bar.quality, room.strands)
            _note(room.strands[strand, :length], rows[k], codes, room)
        else:
            kept[found] = k
            found += 1
    return found


@inner
def _trim(row: NDArray[np.int32], span: NDArray[np.int32]) -> bool:
    """Confine a placement to the read's span; False if nothing is left of a segment."""
    last = FIRST + 3 * (row[SEGMENTS] - 1)
    row[FIRST + 1] = max(row[FIRST + 1], span[0])
    row[last + 2] = min(row[last + 2], span[1])
    return bool(row[FIRST + 1] < row[FIRST + 2] and row[last + 1] < row[last + 2])


@inner
def _fits(row: NDArray[np.int32], span: NDArray[np.int32]) -> bool:
    """Whether a read aligns in one stretch but for a short end."""
    if row[SEGMENTS] > 1:
        return False
    left, right = row[FIRST + 1] - span[0], span[1] - row[FIRST + 2]
    return bool(max(left, right) < SHORTEST_TAIL)


@inner
def _note(read: Codes, row: NDArray[np.int32], codes: Codes, room: Room) -> None:
    """Note one read's ends and its odd bases."""
    strand = signed(row[STRAND])
    start, end = signed(row[FIRST] + row[FIRST + 1]), signed(row[FIRST] + row[FIRST + 2])
    odd, edges = room.used[0], room.used[1]
    room.edges[edges], room.edges[edges + 1] = 4 * start + strand, 4 * end + 2 + strand
    bases = read[row[FIRST + 1] : row[FIRST + 2]]
    count = find_unlike(bases, codes[start:end], room.unlike)
    for k in range(count):
        place = room.unlike[k]
        code, there = signed(bases[place]), signed(codes[start + place])
        column = POOR if code > 3 or there > 3 else code ^ there
        room.odd[odd + k] = 8 * (start + place) + 4 * strand + column
    room.used[0], room.used[1] = odd + count, edges + 2


@kernel
def count(found: Found, tally: Tally) -> None:
    """Count what a block adds."""
    odd, edges = tally.odd.reshape(-1), tally.edges.reshape(-1)
    for place in found.odd:
        before = odd[place]
        odd[place] = before + (before < FULL)
    for place in found.edges:
        edges[place] += np.uint32(1)


def expand(tally: Tally, codes: Codes) -> Pile:
    """Counts of every base; the tally is used up."""
    cover = np.empty(len(tally.edges), dtype=np.uint32)
    _spell(tally.edges, tally.odd, codes, cover)
    return Pile(tally.odd, cover, tally.edges)


@lean
def _spell(
    edges: NDArray[np.uint32], odd: NDArray[np.uint16], codes: Codes, cover: NDArray[np.uint32]
) -> None:
    """Turn odd bases into counts: what covers a position is the reference's base unless found odd."""
    forward, turned = 0, 0
    for p in range(len(edges)):
        forward += signed(edges[p, 0]) - signed(edges[p, 2])
        turned += signed(edges[p, 1]) - signed(edges[p, 3])
        cover[p] = forward + turned
        if p < len(codes):
            _spell_base(odd, p, 0, forward, codes[p])
            _spell_base(odd, p, 4, turned, codes[p])


@inner
def _spell_base(odd: NDArray[np.uint16], p: int, first: int, over: int, code: int) -> None:
    one, two, three = odd[p, first + 1], odd[p, first + 2], odd[p, first + 3]
    usual = over - signed(odd[p, first]) - signed(one) - signed(two) - signed(three)
    if code < 4:
        odd[p, first + (code ^ 1)] = one
        odd[p, first + (code ^ 2)] = two
        odd[p, first + (code ^ 3)] = three
        odd[p, first + code] = min(FULL, max(0, usual))
    else:
        odd[p, first : first + 4] = 0


@lean
def pile_kept(kept: Kept, closed: NDArray[np.bool_], counts: Counts) -> None:
    """Count the kept reads as they are aligned, except at positions that are `closed`.

    Five bases beside an end that does not fit are left out: they may match by chance.
    """
    for j in range(len(kept.rows)):
        read, row = kept.codes[kept.starts[j] : kept.starts[j + 1]], kept.rows[j]
        for s in range(row[SEGMENTS]):
            diagonal, a, b = row[FIRST + 3 * s], row[FIRST + 3 * s + 1], row[FIRST + 3 * s + 2]
            a += BESIDE_A_BREAK if s == 0 and a > 0 else 0
            b -= BESIDE_A_BREAK if s == row[SEGMENTS] - 1 and b < len(read) else 0
            for i in range(a, b):
                if read[i] < 4 and not closed[diagonal + i]:
                    there = counts[diagonal + i, 4 * row[STRAND] + read[i]]
                    counts[diagonal + i, 4 * row[STRAND] + read[i]] = there + (there < FULL)

"""Where each read lies on the reference: seeds, extension along a diagonal, and rival places.

A read is aligned as one to four segments, each without gaps: bases a to b of the read lie on the
reference at `diagonal + i`. Reads of the other strand are turned first. The score is 1 for a match, -4
for a mismatch, and -(6 + size / 8) for a gap between segments.

Mapping quality is three times the score's lead over the best other place, at most 60: four mismatches
more elsewhere (as bwa mem grades a 150-base read). No repeated 19-mer beneath the read: 60.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.gaps import SHORTEST_TAIL, bridge, cover_ends, extend
from abscope.isolate.letters import (
    OTHER_IN_READ,
    Codes,
    encode_into,
    reverse_complement_into,
)
from abscope.isolate.oriented import LONGEST_READ
from abscope.isolate.placements import (
    AMBIGUOUS,
    FIRST,
    MAPQ,
    PLACED,
    SCORE,
    SEGMENTS,
    STATE,
    STRAND,
    UNPLACED,
    WIDTH,
    Placements,
)
from abscope.isolate.seeds import LIKENESS, Genome, K, find, key_at, slot_of, turn
from abscope.kernels import inner, kernel, lean, signed
from abscope.records import Letters

FULL_SCORE = 40
CERTAIN = 60

_MOST_TRIED = 8
_MOST_RIVALS = 64
_TOGETHER = 64
_NONE = ~np.uint64(0)
_Q30 = 33 + 30


class Work(NamedTuple):
    """Room for one read at a time. turned: the other strand's codes, uint8 (1024,)."""

    turned: Codes
    mismatches: NDArray[np.int32]
    tried: NDArray[np.int64]
    rivals: NDArray[np.int64]
    row: NDArray[np.int32]


class Group(NamedTuple):
    """Some reads made ready together. codes: uint8 (64, 1024). slots: of their first 19-mers."""

    codes: Codes
    slots: NDArray[np.int64]
    touched: NDArray[np.int64]


@kernel
def map_block(
    buffer: Letters, records: NDArray[np.int64], genome: Genome
) -> tuple[Placements, NDArray[np.int64]]:
    """Place every read of a block; also count bases, G or C, bases of phred 30, reads placed."""
    rows = np.zeros((len(records), WIDTH), dtype=np.int32)
    totals = np.zeros(4, dtype=np.int64)
    work = Work(
        np.empty(LONGEST_READ, dtype=np.uint8),
        np.empty(LONGEST_READ + 1, dtype=np.int32),
        np.empty((_MOST_TRIED, 2), dtype=np.int64),
        np.empty((_MOST_RIVALS, 2), dtype=np.int64),
        np.empty(WIDTH, dtype=np.int32),
    )
    group = Group(
        np.empty((_TOGETHER, LONGEST_READ), dtype=np.uint8),
        np.empty(_TOGETHER, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )
    for first in range(0, len(records), _TOGETHER):
        together = records[first : first + _TOGETHER]
        _make_ready(buffer, together, genome, group, totals)
        _place_all(together[:, 2], genome, group, rows[first : first + _TOGETHER], work)
    totals[3] = (rows[:, STATE] != UNPLACED).sum()
    return rows, totals


@inner
def _make_ready(
    buffer: Letters,
    records: NDArray[np.int64],
    genome: Genome,
    group: Group,
    totals: NDArray[np.int64],
) -> None:
    """Encode some reads, and fetch what looking up their first 19-mers will need.

    The table and the reference lie in slow memory: asked for together, their answers come together.
    """
    for k in range(len(records)):
        length = min(records[k, 2], LONGEST_READ)
        codes = group.codes[k, :length]
        encode_into(buffer[records[k, 1] : records[k, 1] + length], codes, OTHER_IN_READ)
        _tally(codes, buffer[records[k, 3] : records[k, 3] + length], totals)
        key = key_at(codes, 0) if length >= K else np.uint64(0)
        group.slots[k] = slot_of(genome, min(key, turn(key)))
    for k in range(len(records)):
        group.slots[k] = (signed(genome.table[group.slots[k]]) & 0x7FFFFFF) >> 1
    last = len(genome.codes) - 1
    for k in range(len(records)):
        place = min(group.slots[k], last)
        group.touched[0] += genome.to_repeat[place] + genome.codes[place]
        group.touched[0] += genome.codes[min(place + 100, last)] + genome.codes[max(place - 100, 0)]


@inner
def _place_all(
    lengths: NDArray[np.int64],
    genome: Genome,
    group: Group,
    rows: Placements,
    work: Work,
) -> None:
    """Place the reads that were made ready."""
    for k in range(len(lengths)):
        length = min(lengths[k], LONGEST_READ)
        if length >= K:
            _place(group.codes[k, :length], genome, rows[k], work)


@inner
def _tally(codes: Codes, qualities: Letters, totals: NDArray[np.int64]) -> None:
    gc = 0
    good = 0
    for i in range(len(codes)):
        gc += (codes[i] & 1) & (codes[i] < 4)
        good += qualities[i] >= _Q30
    totals[0] += len(codes)
    totals[1] += gc
    totals[2] += good


@inner
def _place(codes: Codes, genome: Genome, row: NDArray[np.int32], work: Work) -> None:
    """Fill in one read's placement."""
    length = len(codes)
    tried, chosen, repeated = _try_diagonals(codes, genome, row, work)
    if chosen < 0:
        row[STATE] = AMBIGUOUS if repeated else UNPLACED
        return
    strand = work.tried[chosen, 1]
    if max(row[FIRST + 1], length - row[FIRST + 2]) >= SHORTEST_TAIL:
        near = work.tried[:tried]
        read = work.turned[:length] if strand == 1 else codes
        bridge(read, genome.codes, row, near, work.mismatches)
        cover_ends(read, genome.codes, row)
    if row[SCORE] < min(FULL_SCORE, (7 * length) // 10):
        row[STATE] = AMBIGUOUS if repeated else UNPLACED
        return
    row[STATE], row[STRAND], row[MAPQ] = PLACED, strand, CERTAIN
    last = FIRST + 3 * (row[SEGMENTS] - 1)
    start, end = row[FIRST] + row[FIRST + 1], row[last] + row[last + 2]
    if row[SCORE] < 2 * LIKENESS or genome.to_repeat[start] <= end - start - K:
        _compare_with_rivals(codes, genome, row, work)


@inner
def _step(length: int) -> int:
    return max(4, min(12, (length - K) // 8))


@inner
def _look(genome: Genome, codes: Codes, offset: int) -> tuple[int, int, int]:
    """Slot and entry of the read's 19-mer at `offset`, and whether its other strand was looked up."""
    key = key_at(codes, offset)
    if key == _NONE:
        return -1, 0, 0
    other = turn(key)
    slot, entry = find(genome, min(key, other))
    return slot, entry, 1 if other < key else 0


@inner
def _diagonal(place: int, flipped: int, offset: int, length: int) -> tuple[int, int]:
    strand = (place & 1) ^ flipped
    return (place >> 1) - (length - K - offset if strand else offset), strand


@inner
def _try_diagonals(
    codes: Codes, genome: Genome, row: NDArray[np.int32], work: Work
) -> tuple[int, int, bool]:
    """Extend seeds until one spans the read; return how many, the best (in `row`), repeats seen."""
    length = len(codes)
    tried, chosen, repeated = 0, -1, False
    row[SCORE] = K - 4
    for number in range(_seed_count(length)):
        offset = _offset(number, length)
        if chosen >= 0 and _covered(row, work.tried[chosen, 1], offset, length):
            continue
        slot, entry, flipped = _look(genome, codes, offset)
        if slot < 0:
            continue
        if (entry >> 27) & 1:
            repeated = True
            continue
        diagonal, strand = _diagonal(entry & 0x7FFFFFF, flipped, offset, length)
        if tried == _MOST_TRIED or _known(work.tried, tried, diagonal, strand):
            continue
        work.tried[tried, 0], work.tried[tried, 1] = diagonal, strand
        if _extend_whole(codes, genome, row, work, (diagonal, strand)):
            chosen = tried
        tried += 1
        if (
            chosen >= 0
            and row[FIRST + 1] < SHORTEST_TAIL
            and length - row[FIRST + 2] < SHORTEST_TAIL
        ):
            break
    return tried, chosen, repeated


@inner
def _seed_count(length: int) -> int:
    """How many 19-mers of a read are looked up: evenly spaced, and the last."""
    return (length - K + _step(length) - 1) // _step(length) + 1


@inner
def _offset(number: int, length: int) -> int:
    return min(number * _step(length), length - K)


@inner
def _covered(row: NDArray[np.int32], strand: int, offset: int, length: int) -> bool:
    """Whether a long enough alignment holds the 19-mer at `offset` already."""
    start = length - K - offset if strand else offset
    inside = row[FIRST + 1] <= start and start + K <= row[FIRST + 2]
    return bool(inside and row[SCORE] >= FULL_SCORE)


@inner
def _known(pairs: NDArray[np.int64], used: int, diagonal: int, strand: int) -> bool:
    for t in range(used):  # noqa: SIM110 (a kernel)
        if pairs[t, 0] == diagonal and pairs[t, 1] == strand:
            return True
    return False


@inner
def _extend_whole(
    codes: Codes, genome: Genome, row: NDArray[np.int32], work: Work, where: tuple[int, int]
) -> bool:
    """Extend along one diagonal; keep it in `row` where it scores more than what is there."""
    diagonal, strand = where
    length = len(codes)
    if strand == 1:
        reverse_complement_into(codes, work.turned[:length])
    read = work.turned[:length] if strand == 1 else codes
    score, a, b = extend(read, genome.codes, diagonal, (0, length), work.mismatches)
    if score <= row[SCORE]:
        return False
    row[SCORE], row[SEGMENTS] = score, 1
    row[FIRST], row[FIRST + 1], row[FIRST + 2] = diagonal, a, b
    return True


@lean
def _compare_with_rivals(codes: Codes, genome: Genome, row: NDArray[np.int32], work: Work) -> None:
    """Grade a placement that touches a repeat; a better place found on the way takes over."""
    length = len(codes)
    reverse_complement_into(codes, work.turned[:length])
    rivals, second = 0, 0
    for number in range(_seed_count(length)):
        offset = _offset(number, length)
        slot, entry, flipped = _look(genome, codes, offset)
        if slot < 0 or not (entry >> 27) & 1:
            continue
        at = np.searchsorted(genome.slots, slot)
        for k in range(genome.starts[at], genome.starts[at + 1]):
            diagonal, strand = _diagonal(genome.places[k], flipped, offset, length)
            if _known(work.rivals, rivals, diagonal, strand):
                continue
            if rivals == _MOST_RIVALS or second >= row[SCORE]:
                row[MAPQ] = 0
                return
            work.rivals[rivals, 0], work.rivals[rivals, 1] = diagonal, strand
            rivals += 1
            second = max(second, _rival_score(codes, genome, row, work, (diagonal, strand)))
    row[MAPQ] = min(CERTAIN, max(0, 3 * (row[SCORE] - second)))


@lean
def _rival_score(
    codes: Codes, genome: Genome, row: NDArray[np.int32], work: Work, where: tuple[int, int]
) -> int:
    """Score of another place, 0 if it is the same alignment; swaps with `row` if it scores more."""
    diagonal, strand = where
    if _has_diagonal(row, diagonal, strand):
        return 0
    length = len(codes)
    read = work.turned[:length] if strand == 1 else codes
    other = work.row
    score, a, b = extend(read, genome.codes, diagonal, (0, length), work.mismatches)
    other[STATE], other[STRAND], other[SCORE], other[SEGMENTS] = PLACED, strand, score, 1
    other[FIRST], other[FIRST + 1], other[FIRST + 2] = diagonal, a, b
    if 3 * score >= row[SCORE] and max(a, length - b) >= SHORTEST_TAIL:
        bridge(read, genome.codes, other, work.tried[:0], work.mismatches)
    for s in range(other[SEGMENTS]):
        if _has_diagonal(row, other[FIRST + 3 * s], strand):
            return 0
    lesser = signed(min(other[SCORE], row[SCORE]))
    if other[SCORE] > row[SCORE]:
        for i in range(len(row)):
            row[i] = other[i]
    return lesser


@inner
def _has_diagonal(row: NDArray[np.int32], diagonal: int, strand: int) -> bool:
    if row[STRAND] != strand:
        return False
    for s in range(row[SEGMENTS]):  # noqa: SIM110 (a kernel)
        if row[FIRST + 3 * s] == diagonal:
            return True
    return False

"""Reads or contigs counted on the panel of key genes: letters, gaps, and joints of long deletions.

counts: int32 (n, 5), reads that show A, C, G, T, or lack the base. A read that ends beside a long
deletion and goes on beyond it has crossed the joint; one that runs into the stretch has not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.assembly import pieces
from abscope.isolate.letters import OTHER_IN_READ, Codes, encode_into, reverse_complement_into
from abscope.isolate.mapping import map_block
from abscope.isolate.oriented import LONGEST_READ
from abscope.isolate.placements import FIRST, MAPQ, PLACED, SEGMENTS, STATE, STRAND, Placements
from abscope.isolate.seeds import Genome, K, SeedIndex, find, key_at, turn
from abscope.kernels import kernel
from abscope.records import Block, Letters

PHRED = 33
PROBES, FURTHEST = 5, 40
ANCHOR, BESIDE, WOBBLE, UNSURE = 10, 12, 8, 5
_COLUMN = np.array([0, 1, 3, 2], dtype=np.int64)  # codes are A C T G, columns A C G T
GONE = 4
_NONE = ~np.uint64(0)


@dataclass(frozen=True, slots=True, eq=False)
class PanelCounts:
    """What reads show along the panel.

    counts: int32 (n, 5). joints: int64 (m, 3), per long deletion the reads across its joint, across its
    first end, and across its last. reads: False for an assembly, whose pieces are no evidence of depth.
    """

    counts: NDArray[np.int32]
    joints: NDArray[np.int64]
    reads: bool = True


def count_reads(
    batches: Iterable[tuple[Block, Block | None]],
    index: SeedIndex,
    *,
    stretches: NDArray[np.int64],
    mapqual: int = 60,
    basequal: int = 13,
) -> PanelCounts:
    """Count an isolate's reads. stretches: int64 (m, 2), the long deletions looked for, on the panel."""
    blocks = (block for batch in batches for block in batch if block is not None)
    return _count(blocks, index, stretches, (mapqual, PHRED + basequal))


def count_contigs(
    contigs: Sequence[Letters], index: SeedIndex, *, stretches: NDArray[np.int64]
) -> PanelCounts:
    """Count an assembly's contigs, cut into overlapping pieces."""
    found = _count(pieces(contigs), index, stretches, (60, 0))
    return PanelCounts(found.counts, found.joints, reads=False)


def _count(
    blocks: Iterable[Block], index: SeedIndex, stretches: NDArray[np.int64], bar: tuple[int, int]
) -> PanelCounts:
    counts = np.zeros((len(index.genome.codes), 5), dtype=np.int32)
    joints = np.zeros((len(stretches), 3), dtype=np.int64)
    for block in blocks:
        likely = block.records[_may_fit(block.buffer, block.records, index.genome)]
        rows, _ = map_block(block.buffer, likely, index.genome)
        placed = np.flatnonzero((rows[:, STATE] == PLACED) & (rows[:, MAPQ] >= bar[0]))
        if len(placed):
            records = np.ascontiguousarray(likely[placed])
            chosen = np.ascontiguousarray(rows[placed])
            _tally(block.buffer, records, chosen, bar[1], counts)
            _tally_joints(block.buffer, records, chosen, index.genome.codes, stretches, joints)
    return PanelCounts(counts, joints)


@kernel
def _may_fit(buffer: Letters, records: NDArray[np.int64], genome: Genome) -> NDArray[np.bool_]:
    """Whether one of a read's probes lies on the panel; few reads do, and only they are aligned."""
    likely = np.zeros(len(records), dtype=np.bool_)
    probe = np.empty(K, dtype=np.uint8)
    for k in range(len(records)):
        spare = min(records[k, 2], LONGEST_READ) - K
        probes = max(PROBES, spare // FURTHEST + 1)
        for t in range(probes if spare >= 0 else 0):
            at = records[k, 1] + t * spare // (probes - 1)
            encode_into(buffer[at : at + K], probe, OTHER_IN_READ)
            key = key_at(probe, 0)
            if key != _NONE and find(genome, min(key, turn(key)))[0] >= 0:
                likely[k] = True
                break
    return likely


@kernel
def _read(
    buffer: Letters, record: NDArray[np.int64], strand: int, quality: int, room: Codes
) -> Codes:
    """A read's codes on the panel's strand; bases of poorer quality as 5."""
    length = min(record[2], LONGEST_READ)
    read = room[0, :length]
    encode_into(buffer[record[1] : record[1] + length], read, OTHER_IN_READ)
    for i in range(length):
        if buffer[record[3] + i] < quality:
            read[i] = OTHER_IN_READ
    if strand == 0:
        return read
    reverse_complement_into(read, room[1, :length])
    return room[1, :length]


@kernel
def _tally(
    buffer: Letters,
    records: NDArray[np.int64],
    rows: Placements,
    quality: int,
    counts: NDArray[np.int32],
) -> None:
    room = np.empty((2, LONGEST_READ), dtype=np.uint8)
    for k in range(len(records)):
        read = _read(buffer, records[k], rows[k, STRAND], quality, room)
        last = rows[k, SEGMENTS] - 1
        for s in range(last + 1):
            _segment(read, rows[k], s, s == last, counts)
            if s < last:
                end = rows[k, FIRST + 3 * s] + rows[k, FIRST + 3 * s + 2]
                resume = rows[k, FIRST + 3 * s + 3] + rows[k, FIRST + 3 * s + 4]
                for p in range(end, resume):
                    counts[p, GONE] += 1


@kernel
def _segment(
    read: Codes, row: NDArray[np.int32], s: int, last: bool, counts: NDArray[np.int32]
) -> None:
    """Count one segment; five bases beside an end that does not fit may match by chance."""
    diagonal, a, b = row[FIRST + 3 * s], row[FIRST + 3 * s + 1], row[FIRST + 3 * s + 2]
    a += UNSURE if s == 0 and a >= UNSURE else 0
    b -= UNSURE if last and len(read) - b >= UNSURE else 0
    for i in range(a, b):
        if read[i] < 4:
            counts[diagonal + i, _COLUMN[read[i]]] += 1


@kernel
def _tally_joints(
    buffer: Letters,
    records: NDArray[np.int64],
    rows: Placements,
    codes: Codes,
    stretches: NDArray[np.int64],
    joints: NDArray[np.int64],
) -> None:
    room = np.empty((2, LONGEST_READ), dtype=np.uint8)
    for k in range(len(records)):
        last = FIRST + 3 * (rows[k, SEGMENTS] - 1)
        start = rows[k, FIRST] + rows[k, FIRST + 1]
        end = rows[k, last] + rows[k, last + 2]
        for m in range(len(stretches)):
            first, after = stretches[m, 0], stretches[m, 1]
            joints[m, 1] += start <= first - ANCHOR and end >= first + ANCHOR
            joints[m, 2] += start <= after - ANCHOR and end >= after + ANCHOR
            if abs(end - first) <= BESIDE or abs(start - after) <= BESIDE:
                read = _read(buffer, records[k], rows[k, STRAND], 0, room)
                joints[m, 0] += _goes_on(read, rows[k], codes, (first, after), (start, end))


@kernel
def _goes_on(
    read: Codes,
    row: NDArray[np.int32],
    codes: Codes,
    stretch: tuple[int, int],
    aligned: tuple[int, int],
) -> bool:
    """Whether a read's unaligned end lies on the other side of the stretch, give or take a few bases."""
    first, after = stretch
    start, end = aligned
    b = row[FIRST + 3 * (row[SEGMENTS] - 1) + 2]
    cut = b + first - end
    if abs(end - first) <= BESIDE and 0 < cut <= len(read) - ANCHOR:
        return _matches(read[cut:], codes, after)
    cut = row[FIRST + 1] + after - start
    if abs(start - after) <= BESIDE and ANCHOR <= cut < len(read):
        return _matches(read[:cut], codes, first - cut)
    return False


@kernel
def _matches(part: Codes, codes: Codes, at: int) -> bool:
    """Whether nine in ten bases fit the panel at `at`, or up to eight bases beside it."""
    for shift in range(-WOBBLE, WOBBLE + 1):
        begin = at + shift
        if begin < 0 or begin + len(part) > len(codes):
            continue
        wrong = 0
        for i in range(len(part)):
            wrong += part[i] != codes[begin + i]
        if 10 * wrong <= len(part):
            return True
    return False

"""Counting bases: reads that fit the reference at once are counted, the others kept for later.

counts: uint16 (n, 10), reads by position, strand and base (forward A C T G, then turned A C T G), and
reads counted at once that begin there, and end there (last base). They stop at 65,535; the capped sum
of capped sums is the capped sum, so threads cannot change it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.gaps import SHORTEST_TAIL
from abscope.isolate.kernels import kernel, signed
from abscope.isolate.letters import OTHER_IN_READ, Codes, encode_into, reverse_complement_into
from abscope.isolate.placements import (
    FIRST,
    MAPQ,
    PLACED,
    SEGMENTS,
    STATE,
    STRAND,
    WIDTH,
    Placements,
)
from abscope.records import Letters

Counts = NDArray[np.uint16]
FULL = 65_535
BEGINS, ENDS, COLUMNS = 8, 9, 10
LONGEST_READ = 1024
BESIDE_A_BREAK = 5


class Bar(NamedTuple):
    """What a read and a base must reach to count: mapping quality, and quality letter."""

    mapq: int
    quality: int


class Kept(NamedTuple):
    """Reads whose alignment has a gap or an end that does not fit.

    codes: bases on the reference's strand, read after read, poor bases as 5. starts: int64 (m + 1,).
    rows: placements (m, WIDTH). What lies beyond the template's ends is cut away.
    """

    codes: Codes
    starts: NDArray[np.int64]
    rows: Placements


@kernel
def pile_block(
    buffer: Letters,
    records: NDArray[np.int64],
    rows: Placements,
    spans: NDArray[np.int32],
    bar: Bar,
    counts: Counts,
) -> Kept:
    """Count the reads of a block that align without a break; return the others.

    A read with an empty span is left out.
    """
    kept = np.empty(len(records), dtype=np.int64)
    found = 0
    strands = np.empty((2, LONGEST_READ), dtype=np.uint8)
    for k in range(len(records)):
        if rows[k, STATE] != PLACED or rows[k, MAPQ] < bar.mapq or not _trim(rows[k], spans[k]):
            continue
        read = _oriented(buffer, records[k], rows[k, STRAND], bar.quality, strands)
        if _fits(read, rows[k], spans[k]):
            _count(read, rows[k], counts)
        else:
            kept[found] = k
            found += 1
    return _keep(buffer, records, (rows, spans), kept[:found], bar)


@kernel
def _trim(row: NDArray[np.int32], span: NDArray[np.int32]) -> bool:
    """Confine a placement to the read's span; False if nothing is left of a segment."""
    last = FIRST + 3 * (row[SEGMENTS] - 1)
    row[FIRST + 1] = max(row[FIRST + 1], span[0])
    row[last + 2] = min(row[last + 2], span[1])
    return bool(row[FIRST + 1] < row[FIRST + 2] and row[last + 1] < row[last + 2])


@kernel
def _oriented(
    buffer: Letters, record: NDArray[np.int64], strand: int, quality: int, strands: Codes
) -> Codes:
    """A read's codes on the reference's strand, bases of poor quality as 5."""
    length = min(record[2], LONGEST_READ)
    read = strands[0, :length]
    encode_into(buffer[record[1] : record[1] + length], read, OTHER_IN_READ)
    qualities = buffer[record[3] : record[3] + length]
    for i in range(length):
        read[i] = read[i] if qualities[i] >= quality else OTHER_IN_READ
    if strand == 0:
        return read
    reverse_complement_into(read, strands[1, :length])
    return strands[1, :length]


@kernel
def _fits(read: Codes, row: NDArray[np.int32], span: NDArray[np.int32]) -> bool:
    """Whether a read aligns in one stretch but for a short end."""
    if row[SEGMENTS] > 1:
        return False
    left, right = row[FIRST + 1] - span[0], span[1] - row[FIRST + 2]
    return bool(max(left, right) < SHORTEST_TAIL)


@kernel
def _count(read: Codes, row: NDArray[np.int32], counts: Counts) -> None:
    diagonal, a, b = row[FIRST], row[FIRST + 1], row[FIRST + 2]
    column = 4 * row[STRAND]
    for i in range(a, b):
        if read[i] < 4:
            _one_more(counts, diagonal + i, column + read[i])
    _one_more(counts, diagonal + a, BEGINS)
    _one_more(counts, diagonal + b - 1, ENDS)


@kernel
def _one_more(counts: Counts, position: int, column: int) -> None:
    there = counts[position, column]
    counts[position, column] = there + (there < FULL)


@kernel
def _keep(
    buffer: Letters,
    records: NDArray[np.int64],
    placed: tuple[Placements, NDArray[np.int32]],
    kept: NDArray[np.int64],
    bar: Bar,
) -> Kept:
    """Copy the kept reads, cut to their spans."""
    rows, spans = placed
    starts = np.zeros(len(kept) + 1, dtype=np.int64)
    chosen = np.empty((len(kept), WIDTH), dtype=np.int32)
    for j in range(len(kept)):
        starts[j + 1] = starts[j] + spans[kept[j], 1] - spans[kept[j], 0]
    codes = np.empty(starts[-1], dtype=np.uint8)
    strands = np.empty((2, LONGEST_READ), dtype=np.uint8)
    for j in range(len(kept)):
        row, span = rows[kept[j]], spans[kept[j]]
        read = _oriented(buffer, records[kept[j]], row[STRAND], bar.quality, strands)
        codes[starts[j] : starts[j + 1]] = read[span[0] : span[1]]
        chosen[j] = row
        for s in range(row[SEGMENTS]):
            chosen[j, FIRST + 3 * s] += span[0]
            chosen[j, FIRST + 3 * s + 1] -= span[0]
            chosen[j, FIRST + 3 * s + 2] -= span[0]
    return Kept(codes, starts, chosen)


def join(parts: list[Kept]) -> Kept:
    """All kept reads in one, ordered by where they start on the reference, then by content."""
    rows = np.concatenate([part.rows for part in parts])
    codes = np.concatenate([part.codes for part in parts])
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    order = np.argsort(rows[:, FIRST] + rows[:, FIRST + 1], kind="stable")
    return Kept(*_reorder(codes, starts, order), rows[order])


@kernel
def _reorder(
    codes: Codes, starts: NDArray[np.int64], order: NDArray[np.int64]
) -> tuple[Codes, NDArray[np.int64]]:
    sorted_codes = np.empty_like(codes)
    sorted_starts = np.zeros_like(starts)
    for j in range(len(order)):
        read = codes[starts[order[j]] : starts[order[j] + 1]]
        sorted_starts[j + 1] = sorted_starts[j] + len(read)
        sorted_codes[sorted_starts[j] : sorted_starts[j + 1]] = read
    return sorted_codes, sorted_starts


def add(counts: Counts, others: list[Counts]) -> Counts:
    """The capped sum of several counts; the first is overwritten."""
    for other in others:
        _add(counts, other)
    return counts


@kernel
def _add(counts: Counts, other: Counts) -> None:
    for i in range(len(counts)):
        for c in range(COLUMNS):
            counts[i, c] = min(FULL, signed(counts[i, c]) + signed(other[i, c]))


@kernel
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
                    _one_more(counts, diagonal + i, 4 * row[STRAND] + read[i])

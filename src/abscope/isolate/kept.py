"""Reads set aside: their alignment has a gap, or an end that does not fit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import Codes
from abscope.isolate.oriented import LONGEST_READ, Bar, orient
from abscope.isolate.placements import FIRST, SEGMENTS, STRAND, WIDTH, Placements
from abscope.kernels import kernel
from abscope.records import Letters


class Kept(NamedTuple):
    """Some reads, cut to their templates.

    codes: bases on the reference's strand, read after read, poor bases as 5. starts: int64 (m + 1,).
    rows: placements (m, WIDTH).
    """

    codes: Codes
    starts: NDArray[np.int64]
    rows: Placements


NONE = Kept(
    np.empty(0, dtype=np.uint8), np.zeros(1, dtype=np.int64), np.empty((0, WIDTH), dtype=np.int32)
)


@kernel
def keep(
    buffer: Letters,
    records: NDArray[np.int64],
    placed: tuple[Placements, NDArray[np.int32]],
    kept: NDArray[np.int64],
    bar: Bar,
) -> Kept:
    """Copy the reads numbered in `kept`, cut to their spans."""
    rows, spans = placed
    starts = np.zeros(len(kept) + 1, dtype=np.int64)
    chosen = np.empty((len(kept), WIDTH), dtype=np.int32)
    for j in range(len(kept)):
        starts[j + 1] = starts[j] + spans[kept[j], 1] - spans[kept[j], 0]
    codes = np.empty(starts[-1], dtype=np.uint8)
    strands = np.empty((2, LONGEST_READ), dtype=np.uint8)
    for j in range(len(kept)):
        row, span = rows[kept[j]], spans[kept[j]]
        length = orient(buffer, records[kept[j]], row[STRAND], bar.quality, strands)
        read = strands[row[STRAND], :length]
        codes[starts[j] : starts[j + 1]] = read[span[0] : span[1]]
        chosen[j] = row
        for s in range(row[SEGMENTS]):
            chosen[j, FIRST + 3 * s] += span[0]
            chosen[j, FIRST + 3 * s + 1] -= span[0]
            chosen[j, FIRST + 3 * s + 2] -= span[0]
    return Kept(codes, starts, chosen)


def join(parts: list[Kept]) -> Kept:
    """All kept reads in one, ordered by where they start on the reference, else as they came.

    `parts` is used up, one after the other: memory need not hold everything twice.
    """
    if not parts:
        return NONE
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows[:, FIRST] + rows[:, FIRST + 1], kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    starts = np.concatenate([[0], np.cumsum(sizes[order])])
    codes = np.empty(starts[-1], dtype=np.uint8)
    left = len(rank)
    while parts:
        part = parts.pop()
        _scatter(part.codes, part.starts, starts[rank[left - len(part.rows) : left]], codes)
        left -= len(part.rows)
    return Kept(codes, starts, rows[order])


@kernel
def _scatter(
    codes: Codes, starts: NDArray[np.int64], wanted: NDArray[np.int64], target: Codes
) -> None:
    """Copy each read to where it is wanted."""
    for j in range(len(wanted)):
        size = starts[j + 1] - starts[j]
        target[wanted[j] : wanted[j] + size] = codes[starts[j] : starts[j + 1]]

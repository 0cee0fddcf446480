"""Reads set aside: their alignment has a gap, or an end that does not fit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.kernels import kernel
from abscope.isolate.letters import Codes
from abscope.isolate.oriented import LONGEST_READ, Bar, oriented
from abscope.isolate.placements import FIRST, SEGMENTS, STRAND, WIDTH, Placements
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
        read = oriented(buffer, records[kept[j]], row[STRAND], bar.quality, strands)
        codes[starts[j] : starts[j + 1]] = read[span[0] : span[1]]
        chosen[j] = row
        for s in range(row[SEGMENTS]):
            chosen[j, FIRST + 3 * s] += span[0]
            chosen[j, FIRST + 3 * s + 1] -= span[0]
            chosen[j, FIRST + 3 * s + 2] -= span[0]
    return Kept(codes, starts, chosen)


def join(parts: list[Kept]) -> Kept:
    """All kept reads in one, ordered by where they start on the reference, else as they came."""
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

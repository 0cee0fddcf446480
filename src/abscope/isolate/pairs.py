"""What two mates say about each other: their template, its copies, and where adapter begins."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.placements import FIRST, PLACED, SEGMENTS, STATE, STRAND, Placements
from abscope.kernels import kernel, signed

LONGEST_INSERT = 2000

_MARGIN = 2048
_MIX = np.uint64(0x9E3779B97F4A7C15)
_NONE = np.uint64(0)


@kernel
def pair_up(
    rows1: Placements, rows2: Placements, lengths1: NDArray[np.int64], lengths2: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Compare the mates of a block.

    Returns a key per pair (equal for copies of one template, 0 unless both are placed), the span of
    each read that belongs to the template, (n, 2) for either mate, and a histogram of template lengths.
    """
    keys = np.zeros(len(rows1), dtype=np.uint64)
    spans1, spans2 = whole_spans(lengths1), whole_spans(lengths2)
    inserts = np.zeros(LONGEST_INSERT + 1, dtype=np.int64)
    for k in range(len(rows1)):
        if rows1[k, STATE] != PLACED or rows2[k, STATE] != PLACED:
            continue
        one, two = _outer_end(rows1[k], lengths1[k]), _outer_end(rows2[k], lengths2[k])
        keys[k] = _key(one, rows1[k, STRAND], two, rows2[k, STRAND])
        if rows1[k, STRAND] == rows2[k, STRAND]:
            continue
        start, end = (one, two) if rows1[k, STRAND] == 0 else (two, one)
        if 0 < end - start <= LONGEST_INSERT:
            inserts[end - start] += 1
            _trim(rows1[k], spans1[k], start, end)
            _trim(rows2[k], spans2[k], start, end)
    return keys, spans1, spans2, inserts


@kernel
def whole_spans(lengths: NDArray[np.int64]) -> NDArray[np.int32]:
    """Spans that leave every read as it is, (n, 2)."""
    spans = np.zeros((len(lengths), 2), dtype=np.int32)
    spans[:, 1] = lengths
    return spans


@kernel
def _outer_end(row: NDArray[np.int32], length: int) -> int:
    """Where the read's first sequenced base would lie (for a turned read, the place after it)."""
    if row[STRAND] == 0:
        return signed(row[FIRST])
    return signed(row[FIRST + 3 * (row[SEGMENTS] - 1)]) + length


@kernel
def _key(one: int, strand_one: int, two: int, strand_two: int) -> np.uint64:
    low = np.uint64(((one + _MARGIN) << 1) | strand_one)
    high = np.uint64(((two + _MARGIN) << 1) | strand_two)
    if high < low:
        low, high = high, low
    return (high << np.uint64(32)) | low


@kernel
def _trim(row: NDArray[np.int32], span: NDArray[np.int32], start: int, end: int) -> None:
    """Keep of a read what lies within its template."""
    if row[STRAND] == 0:
        last = row[FIRST + 3 * (row[SEGMENTS] - 1)]
        span[1] = max(0, min(span[1], end - last))
    else:
        span[0] = min(span[1], max(0, start - row[FIRST]))


@dataclass(slots=True)
class Copies:
    """The templates met so far. Blocks must come in the order of the file."""

    table: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1 << 16, dtype=np.uint64))
    templates: int = 0
    copies: int = 0

    def mark(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether each pair repeats a template met before, shape (n,)."""
        while 2 * (self.templates + len(keys)) > len(self.table):
            larger = np.zeros(2 * len(self.table), dtype=np.uint64)
            _mark(self.table, larger)
            self.table = larger
        flags, new = _mark(keys, self.table)
        self.templates += new
        self.copies += int(flags.sum())
        return flags


@kernel
def _mark(keys: NDArray[np.uint64], table: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], int]:
    flags = np.zeros(len(keys), dtype=np.bool_)
    last = len(table) - 1
    new = 0
    for k in range(len(keys)):
        if keys[k] == _NONE:
            continue
        slot = signed((keys[k] * _MIX) >> np.uint64(30)) & last
        while table[slot] != _NONE and table[slot] != keys[k]:
            slot = (slot + 1) & last
        flags[k] = table[slot] == keys[k]
        new += not flags[k]
        table[slot] = keys[k]
    return flags, new

"""What the reads that break at a region say it holds: one sequence, if they agree on one.

A cultured isolate is haploid: the reads that span a region should all hold the same sequence. It is
taken from them column by column, reads that reach into the region from one side are compared with it,
and it is aligned to the reference as a whole, so that equal sequences always give equal calls.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.kept import Kept
from abscope.isolate.letters import OTHER_IN_READ, Codes
from abscope.isolate.placements import FIRST, SEGMENTS, STRAND
from abscope.kernels import kernel

ANCHOR = 3
LONGEST = 400


class Support(NamedTuple):
    """How the kept reads stand to a haplotype: counts uint16 (m, 8), reads across for and against it."""

    counts: NDArray[np.uint16]
    forward: int
    reverse: int
    against: int


@kernel
def haplotype(kept: Kept, reads: tuple[int, int], outer: NDArray[np.int64]) -> Codes:
    """The most common length among spanning reads, and the most common base in each column.

    reads: first and last kept read to look at. Empty without spanning reads; a column without a good
    base is 5. Ties go to the shorter, and to the smaller code.
    """
    lengths = np.zeros(LONGEST, dtype=np.int64)
    for j in range(reads[0], reads[1]):
        left, right = anchors(kept, j, outer)
        if left >= 0 and left <= right < left + LONGEST:
            lengths[right - left] += 1
    if lengths.max() == 0:
        return np.empty(0, dtype=np.uint8)
    size = np.argmax(lengths)
    columns = np.zeros((size, 6), dtype=np.int64)
    for j in range(reads[0], reads[1]):
        left, right = anchors(kept, j, outer)
        if left >= 0 and right - left == size:
            for c in range(size):
                columns[c, kept.codes[kept.starts[j] + left + c]] += 1
    return _majority(columns)


@kernel
def _majority(columns: NDArray[np.int64]) -> Codes:
    letters = np.empty(len(columns), dtype=np.uint8)
    for c in range(len(columns)):
        best = np.argmax(columns[c, :4])
        letters[c] = best if columns[c, best] > 0 else OTHER_IN_READ
    return letters


@kernel
def anchors(kept: Kept, j: int, outer: NDArray[np.int64]) -> tuple[int, int]:
    """Where a kept read holds the region's two ends, -1 for an end it does not hold firmly."""
    row = kept.rows[j]
    left, right = -1, -1
    for s in range(row[SEGMENTS]):
        diagonal, a, b = row[FIRST + 3 * s], row[FIRST + 3 * s + 1], row[FIRST + 3 * s + 2]
        if diagonal + a + ANCHOR <= outer[0] < diagonal + b:
            left = outer[0] - diagonal
        if diagonal + a < outer[1] <= diagonal + b - ANCHOR:
            right = outer[1] - diagonal
    return left, right


@kernel
def support(
    kept: Kept, reads: tuple[int, int], outer: NDArray[np.int64], letters: Codes
) -> Support:
    """Count the reads that agree with a haplotype, base by base, and those across that do not."""
    counts = np.zeros((len(letters), 8), dtype=np.uint16)
    across = np.zeros(3, dtype=np.int64)
    size = len(letters)
    for j in range(reads[0], reads[1]):
        left, right = anchors(kept, j, outer)
        read = kept.codes[kept.starts[j] : kept.starts[j + 1]]
        strand = kept.rows[j, STRAND]
        if left >= 0 and right >= 0:
            agrees = right - left == size and _agree(read, left, letters, 0, size)
            across[strand if agrees else 2] += 1
            if agrees:
                _add(read, left, (0, size), strand, counts)
        elif left >= 0:
            shared = min(size, len(read) - left)
            if _agree(read, left, letters, 0, shared):
                _add(read, left, (0, shared), strand, counts)
        elif right >= 0:
            skipped = max(0, size - right)
            if _agree(read, right - size, letters, skipped, size):
                _add(read, right - size, (skipped, size), strand, counts)
    return Support(counts, across[0], across[1], across[2])


@kernel
def _agree(read: Codes, offset: int, letters: Codes, start: int, end: int) -> bool:
    """Whether read[offset + c] is letters[c] for nearly all c."""
    wrong = 0
    for c in range(start, end):
        wrong += read[offset + c] != letters[c] and read[offset + c] < 4
    return wrong <= 1 + (end - start) // 16


@kernel
def _add(
    read: Codes, offset: int, span: tuple[int, int], strand: int, counts: NDArray[np.uint16]
) -> None:
    for c in range(span[0], span[1]):
        if read[offset + c] < 4:
            counts[c, 4 * strand + read[offset + c]] += 1

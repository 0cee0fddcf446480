"""Extension of a read along a diagonal, and the step from one diagonal to the next across a gap."""

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.kernels import kernel, signed
from abscope.isolate.letters import Codes
from abscope.isolate.placements import FIRST, MOST_SEGMENTS, SCORE, SEGMENTS, Placements
from abscope.isolate.seeds import Genome

MISMATCH = 4
GAP_OPEN, GAP_SHARE = 6, 8
WIDEST_GAP = 64
SHORTEST_SEGMENT = 8
SHORTEST_TAIL = 10

_LEAST_GAIN = 4
_PROBE = 10


@kernel
def extend(
    read: Codes,
    codes: Codes,
    diagonal: int,
    span: tuple[int, int],
    mismatches: NDArray[np.int32],
) -> tuple[int, int, int]:
    """Best local score along one diagonal within `span` of the read, and its half-open ends.

    The first of equal stretches wins. `mismatches` is room for the read's length.
    """
    low = max(span[0], -diagonal)
    high = min(span[1], len(codes) - diagonal)
    if low >= high:
        return 0, span[0], span[0]
    found = 0
    for i in range(low, high):
        mismatches[found] = i
        found += read[i] != codes[diagonal + i]
    mismatches[found] = high
    return _best_stretch(mismatches, found, low)


@kernel
def _best_stretch(mismatches: NDArray[np.int32], found: int, low: int) -> tuple[int, int, int]:
    """Kadane's rule on runs of matches; mismatches[found] is the end of the range."""
    best, best_start, best_end = 0, low, low
    score, start, after = 0, low, low
    for k in range(found + 1):
        score += mismatches[k] - after
        if score > best:
            best, best_start, best_end = score, start, mismatches[k]
        after = mismatches[k] + 1
        score -= MISMATCH
        if score <= 0:
            score, start = 0, after
    return best, best_start, best_end


@kernel
def gap_cost(shift: int) -> int:
    """What a step between two diagonals takes from the score."""
    return GAP_OPEN + abs(shift) // GAP_SHARE


@kernel
def bridge(
    read: Codes,
    genome: Genome,
    row: Placements,
    near: NDArray[np.int64],
    mismatches: NDArray[np.int32],
) -> None:
    """Add segments to both ends of a placement while they raise its score.

    near: other diagonals (and strands) on which the read has seeds, tried first.
    """
    growing = True
    while growing and row[SEGMENTS] < MOST_SEGMENTS:
        growing = _grow(read, genome, row, near, mismatches, True)
        if row[SEGMENTS] < MOST_SEGMENTS:
            growing = _grow(read, genome, row, near, mismatches, False) or growing


@kernel
def _grow(
    read: Codes,
    genome: Genome,
    row: Placements,
    near: NDArray[np.int64],
    mismatches: NDArray[np.int32],
    rightwards: bool,
) -> bool:
    """Try to align one unaligned end of the read beyond a gap."""
    at = FIRST + 3 * (row[SEGMENTS] - 1) if rightwards else FIRST
    diagonal, a, b = row[at], row[at + 1], row[at + 2]
    span = (signed(b), signed(len(read))) if rightwards else (signed(0), signed(a))
    if span[1] - span[0] < SHORTEST_TAIL:
        return False
    gain, other, start, end = _best_shift(read, genome.codes, diagonal, span, near, mismatches)
    if gain < _LEAST_GAIN:
        return False
    if rightwards:
        left, right = (signed(diagonal), signed(a)), (other, end)
    else:
        left, right = (other, start), (signed(diagonal), signed(b))
    score, cut, resume = split(read, genome.codes, left, right)
    if cut - left[1] < SHORTEST_SEGMENT or right[1] - resume < SHORTEST_SEGMENT:
        return False
    old = segment_score(read, genome.codes, diagonal, a, b)
    if score - old - gap_cost(other - diagonal) < _LEAST_GAIN:
        return False
    row[SCORE] += score - old - gap_cost(other - diagonal)
    _insert(row, at, (left[0], left[1], cut), (right[0], resume, right[1]))
    return True


@kernel
def _insert(
    row: Placements, at: int, left: tuple[int, int, int], right: tuple[int, int, int]
) -> None:
    """Replace the segment at column `at` by two."""
    for column in range(FIRST + 3 * row[SEGMENTS] - 1, at + 2, -1):
        row[column + 3] = row[column]
    for k in range(3):
        row[at + k] = left[k]
        row[at + 3 + k] = right[k]
    row[SEGMENTS] += 1


@kernel
def segment_score(read: Codes, codes: Codes, diagonal: int, a: int, b: int) -> int:
    """Matches less four times mismatches of read[a:b] on one diagonal."""
    mismatched = 0
    for i in range(a, b):
        mismatched += read[i] != codes[diagonal + i]
    return b - a - (MISMATCH + 1) * mismatched


@kernel
def split(
    read: Codes, codes: Codes, left: tuple[int, int], right: tuple[int, int]
) -> tuple[int, int, int]:
    """Where to leave the left diagonal for the right one: best score, cut, and where it resumes.

    left: diagonal and first base. right: diagonal and end. Of equal cuts the leftmost is taken.
    """
    inserted = max(0, left[0] - right[0])
    if left[1] + inserted >= right[1]:
        return 0, left[1], right[1]
    total = segment_score(read, codes, right[0], left[1] + inserted, right[1])
    best, cut = total, left[1]
    for i in range(left[1], right[1] - inserted):
        on_left = read[i] == codes[left[0] + i]
        on_right = read[i + inserted] == codes[right[0] + i + inserted]
        total += (MISMATCH + 1) * (signed(on_left) - signed(on_right))
        if total > best:
            best, cut = total, i + 1
    return best, cut, cut + inserted


@kernel
def _best_shift(
    read: Codes,
    codes: Codes,
    diagonal: int,
    span: tuple[int, int],
    near: NDArray[np.int64],
    mismatches: NDArray[np.int32],
) -> tuple[int, int, int, int]:
    """The nearby diagonal on which the unaligned span scores best: gain, diagonal, start, end."""
    best = (signed(0), signed(diagonal), signed(0), signed(0))
    for t in range(len(near)):
        best = _better(best, read, codes, (diagonal, near[t, 0]), span, mismatches)
    if best[0] >= SHORTEST_TAIL:
        return best
    for probe in (span[0] + (span[1] - span[0] - _PROBE) // 2, span[1] - _PROBE, span[0]):
        for size in range(1, WIDEST_GAP + 1):
            for other in (diagonal - size, diagonal + size):
                if _probe_matches(read, codes, other, probe):
                    best = _better(best, read, codes, (diagonal, other), span, mismatches)
        if best[0] >= _LEAST_GAIN:
            break
    return best


@kernel
def _better(
    best: tuple[int, int, int, int],
    read: Codes,
    codes: Codes,
    diagonals: tuple[int, int],
    span: tuple[int, int],
    mismatches: NDArray[np.int32],
) -> tuple[int, int, int, int]:
    shift = diagonals[1] - diagonals[0]
    if shift == 0 or abs(shift) > WIDEST_GAP:
        return best
    score, a, b = extend(read, codes, diagonals[1], span, mismatches)
    gain = score - gap_cost(shift)
    if gain > best[0]:
        return gain, signed(diagonals[1]), signed(a), signed(b)
    return best


@kernel
def _probe_matches(read: Codes, codes: Codes, diagonal: int, start: int) -> bool:
    """Whether ten bases match with at most one exception."""
    if diagonal + start < 0 or diagonal + start + _PROBE > len(codes):
        return False
    wrong = 0
    for i in range(start, start + _PROBE):
        wrong += read[i] != codes[diagonal + i]
        if wrong > 1:
            return False
    return True

"""Extension of a read along a diagonal, and the step from one diagonal to the next across a gap."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import Codes, find_unlike
from abscope.isolate.placements import FIRST, MOST_SEGMENTS, SCORE, SEGMENTS, Placements
from abscope.kernels import inner, lean, signed

MISMATCH = 4
GAP_OPEN, GAP_SHARE = 6, 8
WIDEST_GAP = 64
FARTHEST_LOOK = 64
DROP = 20
SHORTEST_SEGMENT = 8
SHORTEST_TAIL = 10

_LEAST_GAIN = 4
_PROBE = 10
_OFFSETS = (5, 0, 12, 22, 32, 42, 54)


@inner
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
    found = find_unlike(read[low:high], codes[diagonal + low : diagonal + high], mismatches)
    if found == 0:
        return high - low, low, high
    for k in range(found):
        mismatches[k] += low
    mismatches[found] = high
    return _best_stretch(mismatches, found, low)


@inner
def _best_stretch(mismatches: NDArray[np.int32], found: int, low: int) -> tuple[int, int, int]:
    """Kadane's rule on runs of matches; mismatches[found] is the end of the range.

    A stretch ends where its score falls by `DROP`: beyond lies another gap, not another SNP.
    """
    best, best_start, best_end = 0, low, low
    score, top, start, after = 0, 0, low, low
    for k in range(found + 1):
        score += mismatches[k] - after
        top = max(top, score)
        if score > best:
            best, best_start, best_end = score, start, mismatches[k]
        after = mismatches[k] + 1
        score -= MISMATCH
        if score <= max(0, top - DROP):
            score, top, start = 0, 0, after
    return best, best_start, best_end


@lean
def gap_cost(shift: int) -> int:
    """What a step between two diagonals takes from the score."""
    return GAP_OPEN + abs(shift) // GAP_SHARE


@lean
def bridge(
    read: Codes,
    codes: Codes,
    row: Placements,
    near: NDArray[np.int64],
    mismatches: NDArray[np.int32],
) -> None:
    """Add segments to both ends of a placement while they raise its score.

    near: other diagonals (and strands) on which the read has seeds, tried first.
    """
    growing = True
    while growing:
        growing = _grow(read, codes, row, near, mismatches, True)
        growing = _grow(read, codes, row, near, mismatches, False) or growing


class Edge(NamedTuple):
    """The outermost segment of an alignment: where it lies, its score, and the bases beyond it."""

    diagonal: int
    a: int
    b: int
    score: int
    low: int
    high: int
    rightwards: bool


@lean
def _grow(
    read: Codes,
    codes: Codes,
    row: Placements,
    near: NDArray[np.int64],
    mismatches: NDArray[np.int32],
    rightwards: bool,
) -> bool:
    """Try to align one unaligned end of the read beyond a gap."""
    at = FIRST + 3 * (row[SEGMENTS] - 1) if rightwards else FIRST
    diagonal, a, b = signed(row[at]), signed(row[at + 1]), signed(row[at + 2])
    beyond = signed(len(read)) - b if rightwards else a
    if row[SEGMENTS] == MOST_SEGMENTS or beyond < SHORTEST_TAIL:
        return False
    reach = min(beyond, FARTHEST_LOOK)
    low, high = (b, b + reach) if rightwards else (a - reach, a)
    score = segment_score(read, codes, diagonal, a, b)
    edge = Edge(diagonal, a, b, score, low, high, rightwards)
    step = _best_step(read, codes, edge, near, mismatches)
    if step.gain < _LEAST_GAIN:
        return False
    row[SCORE] += step.gain
    left, right = (diagonal, step.diagonal) if rightwards else (step.diagonal, diagonal)
    _insert(row, at, (left, step.start, step.cut), (right, step.resume, step.end))
    _run_on(read, codes, row, rightwards)
    return True


@lean
def _run_on(read: Codes, codes: Codes, row: Placements, rightwards: bool) -> None:
    """Extend the outermost segment along its diagonal while the score does not fall by `DROP`."""
    at = FIRST + 3 * (row[SEGMENTS] - 1) if rightwards else FIRST
    diagonal, step = signed(row[at]), 1 if rightwards else -1
    i = signed(row[at + 2]) if rightwards else signed(row[at + 1]) - 1
    score, best, end = 0, 0, i
    while 0 <= i < len(read) and 0 <= diagonal + i < len(codes) and score > best - DROP:
        score += 1 if read[i] == codes[diagonal + i] else -MISMATCH
        i += step
        if score > best:
            best, end = score, i
    row[SCORE] += best
    if rightwards:
        row[at + 2] = end
    else:
        row[at + 1] = end + 1


@lean
def cover_ends(read: Codes, codes: Codes, row: Placements) -> None:
    """Let the outermost segments run on to the read's ends where these fit but for a few bases.

    An end with SNPs close together scores less than nothing, yet has far more matches than bases laid
    beside the wrong letters: a third mismatched at most. The score stays.
    """
    last = FIRST + 3 * (row[SEGMENTS] - 1)
    low = max(0, -row[FIRST])
    if row[FIRST + 1] - low >= SHORTEST_TAIL and _alike(
        read, codes, row[FIRST], (low, row[FIRST + 1])
    ):
        row[FIRST + 1] = low
    high = min(len(read), len(codes) - row[last])
    if high - row[last + 2] >= SHORTEST_TAIL and _alike(
        read, codes, row[last], (row[last + 2], high)
    ):
        row[last + 2] = high


@lean
def _alike(read: Codes, codes: Codes, diagonal: int, span: tuple[int, int]) -> bool:
    mismatched = 0
    for i in range(span[0], span[1]):
        mismatched += read[i] != codes[diagonal + i]
    return 3 * mismatched <= span[1] - span[0]


@lean
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


@lean
def segment_score(read: Codes, codes: Codes, diagonal: int, a: int, b: int) -> int:
    """Matches less four times mismatches of read[a:b] on one diagonal."""
    mismatched = 0
    for i in range(a, b):
        mismatched += read[i] != codes[diagonal + i]
    return b - a - (MISMATCH + 1) * mismatched


@lean
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


class Step(NamedTuple):
    """A gap beside an edge: what it gains, the new diagonal, and both segments' ends in the read."""

    gain: int
    diagonal: int
    start: int
    cut: int
    resume: int
    end: int


@lean
def _best_step(
    read: Codes, codes: Codes, edge: Edge, near: NDArray[np.int64], mismatches: NDArray[np.int32]
) -> Step:
    """The nearby diagonal that gains most; the first of equals."""
    best = Step(0, 0, 0, 0, 0, 0)
    for t in range(len(near)):
        best = _better(best, _step(read, codes, edge, signed(near[t, 0]), mismatches))
    if best.gain >= SHORTEST_TAIL:
        return best
    room = edge.high - edge.low - _PROBE
    for offset in _OFFSETS:
        ahead = min(offset, room)
        probe = edge.low + ahead if edge.rightwards else edge.low + room - ahead
        for size in range(1, WIDEST_GAP + 1):
            for other in (edge.diagonal - size, edge.diagonal + size):
                if _probe_matches(read, codes, other, probe):
                    best = _better(best, _step(read, codes, edge, other, mismatches))
        if best.gain >= SHORTEST_TAIL or offset >= room:
            break
    return best


@lean
def _better(best: Step, other: Step) -> Step:
    return other if other.gain > best.gain else best


@lean
def _step(read: Codes, codes: Codes, edge: Edge, other: int, mismatches: NDArray[np.int32]) -> Step:
    """What it gains to go on along the diagonal `other` beyond the edge."""
    none = Step(0, 0, 0, 0, 0, 0)
    shift = other - edge.diagonal
    if shift == 0 or abs(shift) > WIDEST_GAP:
        return none
    score, a, b = extend(read, codes, other, (edge.low, edge.high), mismatches)
    if score - gap_cost(shift) < _LEAST_GAIN:
        return none
    left, right = (edge.diagonal, edge.a), (other, signed(b))
    if not edge.rightwards:
        left, right = (other, signed(a)), (edge.diagonal, edge.b)
    total, cut, resume = split(read, codes, left, right)
    if cut - left[1] < SHORTEST_SEGMENT or right[1] - resume < SHORTEST_SEGMENT:
        return none
    return Step(total - edge.score - gap_cost(shift), other, left[1], cut, resume, right[1])


@lean
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

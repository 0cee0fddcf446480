"""Gapped alignment of a short stretch, and how sure each of its columns is.

Gotoh's affine-gap alignment, end to end, by a pass in either direction: a column that some alignment
within `SLACK` of the best would read differently is uncertain. Scores are bwa mem's, doubled (match 1,
mismatch -4, a gap of n bases -(6 + n)), but for a transition, which is by far the commoner mismatch:
where a SNP beside a gap can be placed in two ways, the likelier is taken instead of neither.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import Codes
from abscope.kernels import kernel

MATCH, TRANSITION, TRANSVERSION, OPEN, EXTEND = 2, -7, -9, -12, -2
SLACK = 0
DELETED = -1

_LOW = -(1 << 20)
_PAIRED, _DELETED, _INSERTED = range(3)
Scores = NDArray[np.int32]


@kernel
def align(reference: Codes, other: Codes) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
    """Align `other` to `reference` end to end.

    Returns, for every reference base, the base of `other` paired with it (-1: deleted), gaps as far
    left as they go; whether that pairing is uncertain; and the score.
    """
    before, after = _forwards(reference, other), _backwards(reference, other)
    pairs = _trace(reference, other, after)
    unsure = _uncertain(reference, other, pairs, before, after)
    return pairs, unsure, after[_PAIRED, 0, 0]


@kernel
def gapless_score(reference: Codes, other: Codes) -> int:
    """Score of two sequences of one length laid side by side."""
    score = 0
    for i in range(len(reference)):
        score += _step(reference[i], other[i])
    return score


@kernel
def _step(one: int, two: int) -> int:
    if one == two:
        return MATCH
    return TRANSITION if one ^ two == 3 else TRANSVERSION


@kernel
def _gap(state: int, wanted: int) -> int:
    return EXTEND if state == wanted else OPEN + EXTEND


@kernel
def _forwards(reference: Codes, other: Codes) -> Scores:
    """Best score of every pair of beginnings that ends in each state."""
    n, m = len(reference), len(other)
    scores = np.full((3, n + 1, m + 1), _LOW, dtype=np.int32)
    scores[_PAIRED, 0, 0] = 0
    for i in range(n + 1):
        for j in range(m + 1):
            for state in range(3):
                if i > 0:
                    reached = scores[state, i - 1, j] + _gap(state, _DELETED)
                    scores[_DELETED, i, j] = max(scores[_DELETED, i, j], reached)
                if j > 0:
                    reached = scores[state, i, j - 1] + _gap(state, _INSERTED)
                    scores[_INSERTED, i, j] = max(scores[_INSERTED, i, j], reached)
                if i > 0 and j > 0:
                    reached = scores[state, i - 1, j - 1] + _step(reference[i - 1], other[j - 1])
                    scores[_PAIRED, i, j] = max(scores[_PAIRED, i, j], reached)
    return scores


@kernel
def _backwards(reference: Codes, other: Codes) -> Scores:
    """Best score of every pair of endings, given the state before them."""
    n, m = len(reference), len(other)
    scores = np.full((3, n + 1, m + 1), _LOW, dtype=np.int32)
    scores[:, n, m] = 0
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            for state in range(3):
                best = scores[state, i, j]
                if i < n:
                    best = max(best, scores[_DELETED, i + 1, j] + _gap(state, _DELETED))
                if j < m:
                    best = max(best, scores[_INSERTED, i, j + 1] + _gap(state, _INSERTED))
                if i < n and j < m:
                    paired = scores[_PAIRED, i + 1, j + 1] + _step(reference[i], other[j])
                    best = max(best, paired)
                scores[state, i, j] = best
    return scores


@kernel
def _trace(reference: Codes, other: Codes, after: Scores) -> NDArray[np.int64]:
    n, m = len(reference), len(other)
    pairs = np.full(n, DELETED, dtype=np.int64)
    i, j, state = 0, 0, _PAIRED
    while i < n or j < m:
        score = after[state, i, j]
        if i < n and score == after[_DELETED, i + 1, j] + _gap(state, _DELETED):
            i, state = i + 1, _DELETED
        elif j < m and score == after[_INSERTED, i, j + 1] + _gap(state, _INSERTED):
            j, state = j + 1, _INSERTED
        else:
            pairs[i] = j
            i, j, state = i + 1, j + 1, _PAIRED
    return pairs


@kernel
def _uncertain(
    reference: Codes, other: Codes, pairs: NDArray[np.int64], before: Scores, after: Scores
) -> NDArray[np.bool_]:
    """Columns that a nearly best alignment pairs with another letter, or a SNP it would delete."""
    n, m = len(reference), len(other)
    unsure = np.zeros(n, dtype=np.bool_)
    enough = after[_PAIRED, 0, 0] - SLACK
    for i in range(n):
        if pairs[i] == DELETED:
            continue
        letter = other[pairs[i]]
        for j in range(m + 1):
            pairing = before[_PAIRED, i + 1, j] + after[_PAIRED, i + 1, j] >= enough
            deleting = before[_DELETED, i + 1, j] + after[_DELETED, i + 1, j] >= enough
            if j > 0 and pairing and other[j - 1] != letter:
                unsure[i] = True
            if deleting and letter != reference[i]:
                unsure[i] = True
    return unsure

"""Extension and gaps against the obvious slow ways."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abscope.isolate.gaps import DROP, MISMATCH, bridge, extend, gap_cost, split
from abscope.isolate.placements import FIRST, SCORE, SEGMENTS, WIDTH
from isolate.small_reads import indexed, random_bases

few = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(
    lambda x: np.array(x, dtype=np.uint8)
)


def step(one: int, two: int) -> int:
    return 1 if one == two else -MISMATCH


def slow_best_stretch(read, codes, diagonal, low, high) -> int:
    best = 0
    for start in range(low, high):
        score = top = 0
        for i in range(start, high):
            score += step(read[i], codes[diagonal + i])
            top = max(top, score)
            best = max(best, score)
            if score <= max(0, top - DROP):
                break
    return best


@given(few, few, st.integers(-30, 30))
def test_extension_finds_the_best_stretch_on_a_diagonal(read, codes, diagonal):
    low, high = max(0, -diagonal), min(len(read), len(codes) - diagonal)
    room = np.empty(len(read) + 1, dtype=np.int32)
    score, a, b = extend(read, codes, diagonal, (0, len(read)), room)
    assert score == slow_best_stretch(read, codes, diagonal, low, high)
    assert score == sum(step(read[i], codes[diagonal + i]) for i in range(a, b))


@given(few, st.integers(0, 20), st.integers(0, 20))
def test_a_read_leaves_one_diagonal_for_another_where_that_scores_most(codes, left, right):
    read = codes[: max(1, len(codes) - 20)]
    inserted, end = max(0, left - right), len(read)
    if inserted >= end or max(left, right) + end > len(codes):
        return
    scores = [
        sum(step(read[i], codes[left + i]) for i in range(cut))
        + sum(step(read[i], codes[right + i]) for i in range(cut + inserted, end))
        for cut in range(end - inserted + 1)
    ]
    best, cut, resume = split(read, codes, (left, 0), (right, end))
    assert (best, cut, resume) == (
        max(scores),
        scores.index(max(scores)),
        scores.index(max(scores)) + inserted,
    )


def aligned(read: np.ndarray, seeds, diagonal: int) -> np.ndarray:
    row = np.zeros(WIDTH, dtype=np.int32)
    room = np.empty(len(read) + 1, dtype=np.int32)
    score, a, b = extend(read, seeds.genome.codes, diagonal, (0, len(read)), room)
    row[SCORE], row[SEGMENTS], row[FIRST : FIRST + 3] = score, 1, (diagonal, a, b)
    bridge(read, seeds.genome.codes, row, np.empty((0, 2), dtype=np.int64), room)
    return row


@given(st.integers(0, 500), st.integers(1, 50), st.integers(25, 75))
def test_a_deletion_is_bridged_from_either_side(seed, size, before):
    seeds = indexed(random_bases(600, seed))
    codes = seeds.genome.codes
    read = np.concatenate([codes[200 : 200 + before], codes[200 + before + size : 300 + size]])
    for diagonal in (200, 200 + size):
        row = aligned(read, seeds, diagonal)
        assert row[SEGMENTS] == 2
        assert row[[FIRST, FIRST + 3]].tolist() == [200, 200 + size]
        assert row[SCORE] == 100 - gap_cost(size)


@given(st.integers(0, 500), st.integers(1, 30), st.integers(25, 75))
def test_an_insertion_is_bridged_from_either_side(seed, size, before):
    seeds = indexed(random_bases(600, seed))
    codes = seeds.genome.codes
    new = indexed(random_bases(size + 20, seed + 1000)).genome.codes[:size]
    read = np.concatenate([codes[200 : 200 + before], new, codes[200 + before : 300]])
    for diagonal in (200, 200 - size):
        row = aligned(read, seeds, diagonal)
        assert row[SEGMENTS] == 2
        assert row[[FIRST, FIRST + 3]].tolist() == [200, 200 - size]
        assert row[FIRST + 4] - row[FIRST + 2] == size


@given(st.integers(0, 100))
def test_a_read_that_fits_is_left_in_one_piece(seed):
    seeds = indexed(random_bases(600, seed))
    row = aligned(seeds.genome.codes[100:250], seeds, 100)
    assert row[SEGMENTS] == 1
    assert row[FIRST : FIRST + 3].tolist() == [100, 0, 150]

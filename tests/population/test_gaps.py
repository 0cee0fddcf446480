"""Runs of unreadable positions say the same as sets of positions."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abscope.population import gaps
from abscope.population.gaps import Longs

LENGTH = 40
positions = st.sets(st.integers(0, LENGTH - 1))


def runs_of(chosen: set[int]) -> Longs:
    flags = np.isin(np.arange(LENGTH), sorted(chosen)).astype(np.int8)
    return np.flatnonzero(np.diff(flags, prepend=0, append=0)).reshape(-1, 2).astype(np.int64)


@given(positions, positions, st.integers(0, LENGTH), st.integers(0, LENGTH))
def test_readable_positions_are_those_in_no_run_of_either(
    one: set[int], other: set[int], a: int, b: int
) -> None:
    start, end = min(a, b), max(a, b)
    both = gaps.gathered([runs_of(one), runs_of(other)])
    expected = len(set(range(start, end)) - one - other)
    assert gaps.readable(both.runs, both.offsets, 0, 1, start, end) == expected


@given(positions, positions)
def test_runs_in_common_are_the_positions_in_common(one: set[int], other: set[int]) -> None:
    assert np.array_equal(gaps.in_common(runs_of(one), runs_of(other)), runs_of(one & other))


@given(positions)
def test_positions_inside_and_before_are_counted(one: set[int]) -> None:
    everywhere = np.arange(LENGTH)
    inside = gaps.covers(runs_of(one), everywhere)
    assert np.array_equal(inside, np.isin(everywhere, sorted(one)))
    free = everywhere[~inside]
    assert gaps.before(runs_of(one), free).tolist() == [
        len([p for p in one if p < place]) for place in free
    ]

"""The scan finds the stretch an obvious slow search finds, and its chance is no understatement."""

from itertools import combinations
from math import inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from abscope.population.density_scan import (
    as_chance,
    dense_stretches,
    densest,
    log_chance,
    without_gaps,
)

LENGTH = 10_000
places = st.sets(st.integers(0, LENGTH - 1), min_size=3, max_size=12).map(
    lambda chosen: np.array(sorted(chosen), dtype=np.int64)
)


def ratio(inside: int, total: int, share: float) -> float:
    """Poisson likelihood at the best two rates over that at the best single one."""
    outside = total - inside
    return inside * log(inside / (total * share)) + (
        outside * log(outside / (total * (1 - share))) if outside else 0.0
    )


@given(places)
def test_the_densest_stretch_is_the_one_of_largest_likelihood_ratio(at: np.ndarray) -> None:
    best = 0.0
    for first, last in combinations(range(len(at)), 2):
        share = (at[last] - at[first] + 1) / LENGTH
        inside = last - first + 1
        if inside >= 3 and inside / len(at) >= 2 * share:
            best = max(best, ratio(inside, len(at), share))
    _, _, found = densest(at, LENGTH, 3)
    assert found == pytest.approx(best)


@pytest.mark.parametrize(("inside", "total", "share"), [(3, 10, 1e-4), (20, 60, 0.01), (5, 5, 0.3)])
def test_the_chance_is_the_binomial_tail_for_every_start_and_number(
    inside: int, total: int, share: float
) -> None:
    tail = binom.sf(inside - 2, total - 1, share)
    assert np.exp(log_chance(inside, total, share)) == pytest.approx(total**2 * tail)


def test_two_imports_apart_are_two_stretches() -> None:
    rng = np.random.default_rng(1)
    spread = rng.choice(1_000_000, 15, replace=False)
    one, two = 200_000 + rng.choice(8_000, 80), 300_000 + rng.choice(8_000, 80)
    at = np.unique(np.concatenate([spread, one, two]))
    bounds, _ = dense_stretches(at, 1_000_000, 3, 100.0, 0.05)
    found = sorted((int(at[a]), int(at[b])) for a, b in bounds)
    assert len(found) == 2
    assert one.min() == found[0][0]
    assert two.max() == found[1][1]


@pytest.mark.parametrize("seed", range(5))
def test_with_more_looks_the_first_stretches_remain_up_to_one_that_is_chance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    clumps = [
        rng.integers(1_000_000) + rng.choice(20_000, size) for size in rng.integers(4, 12, 12)
    ]
    at = np.unique(np.concatenate([rng.choice(1_000_000, 30), *clumps]))
    bounds, chances = dense_stretches(at, 1_000_000, 3, 1.0, 0.05)
    for looks in (10.0, 1e3, 1e6, 1e9):
        beyond = np.flatnonzero(chances + np.log(looks) > np.log(0.05))
        remain = int(beyond[0]) if len(beyond) else len(chances)
        fewer, their_chances = dense_stretches(at, 1_000_000, 3, looks, 0.05)
        assert np.array_equal(fewer, bounds[:remain])
        assert np.array_equal(their_chances, chances[:remain])
    assert len(bounds) > len(fewer)


def test_a_stretch_without_a_long_gap_stays_whole() -> None:
    at = np.arange(0, 1000, 10, dtype=np.int64)
    assert without_gaps(at, 1_000_000, 0, len(at) - 1) == (0, len(at) - 1)


@pytest.mark.parametrize("seed", range(5))
def test_scattered_substitutions_are_no_stretch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = np.sort(rng.choice(5_000_000, 40, replace=False))
    bounds, _ = dense_stretches(at, 5_000_000, 3, 50.0, 0.05)
    assert not len(bounds)


def test_no_chance_is_nought() -> None:
    assert as_chance(-inf) == 1e-300
    assert as_chance(log(0.01)) == pytest.approx(0.01)

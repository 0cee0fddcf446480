"""How many cases are not counted: published arithmetic, and the truth recovered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.outbreak.undetected import two_lists, undetected
from abscope.records.traces import Factor


@pytest.mark.parametrize(
    ("share", "median", "interval"),
    [(0.05, 54, (14, 142)), (0.1, 27, (7, 70)), (0.3, 9, (3, 22))],
)
def test_three_counted_cases_stand_for_many(
    share: float, median: int, interval: tuple[int, int]
) -> None:
    found = undetected(3, [Factor("all", share)], certainty=None)
    assert (found.median, found.interval) == (median, interval)


def test_an_uncertain_share_widens_the_interval() -> None:
    found = undetected(3, [Factor("all", 0.1)], certainty=20)
    assert found.median == 31
    assert found.interval == pytest.approx((6, 254), abs=3)


def test_the_factors_are_multiplied_and_always_shown() -> None:
    found = undetected(3, [Factor("cultured", 0.5), Factor("reported", 0.4)])
    assert found.share == pytest.approx(0.2)
    assert "cultured 0.5 x reported 0.4" in found.sentence


def test_where_every_case_is_counted_none_is_missed() -> None:
    assert undetected(7, [Factor("all", 1.0)]).interval == (7, 7)


def test_the_interval_holds_the_truth() -> None:
    rng = np.random.default_rng(5)
    totals = np.exp(rng.uniform(np.log(10), np.log(400), 300)).astype(int)
    held = 0
    for total in totals:
        counted = int(rng.binomial(total, rng.beta(4, 16)))
        if not counted:
            held += 1
            continue
        low, high = undetected(counted, [Factor("all", 0.2)]).interval
        held += low <= total <= high
    assert held / len(totals) > 0.9


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_two_lists_agree_with_chapman(alone: int, other: int, both: int) -> None:
    total, (low, high) = two_lists(alone + both, other + both, both)
    assert total == pytest.approx((alone + both + 1) * (other + both + 1) / (both + 1) - 1)
    assert alone + other + both <= low + 1e-9
    assert low <= total + 1e-9
    assert total <= high + 1e-9


def test_more_on_both_lists_than_on_one_is_refused() -> None:
    with pytest.raises(ValueError, match="both lists"):
        two_lists(3, 4, 5)

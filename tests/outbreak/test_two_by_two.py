"""The classical panel agrees with counting, with print, and with itself."""

from fractions import Fraction
from math import comb, inf

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.outbreak.two_by_two import TwoByTwo

COUNTS = st.integers(0, 12)


def fisher_by_hand(table: TwoByTwo) -> float:
    """Sum of the probabilities of all tables with these margins that are as rare as this one."""
    (a, b), (c, d) = table.rows
    total, exposed, cases = a + b + c + d, a + c, a + b
    ways = {
        k: Fraction(comb(exposed, k) * comb(total - exposed, cases - k), comb(total, cases))
        for k in range(max(0, cases + exposed - total), min(cases, exposed) + 1)
    }
    return float(sum(p for p in ways.values() if p <= ways[a]))


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_fisher_agrees_with_counting_all_tables(a: int, b: int, c: int, d: int) -> None:
    table = TwoByTwo(a, b, c, d)
    if a + b and c + d:
        assert table.p_value == pytest.approx(fisher_by_hand(table))
    else:
        assert table.p_value is None


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_odds_ratio_lies_in_its_interval_and_turns_over_with_the_table(
    a: int, b: int, c: int, d: int
) -> None:
    one, turned = TwoByTwo(a, b, c, d), TwoByTwo(c, d, a, b)
    if one.odds_ratio is None:
        assert one.interval is None
        assert 0 in (a + b, c + d, a + c, b + d)
        return
    assert one.interval is not None
    assert one.interval[0] <= one.odds_ratio <= one.interval[1]
    assert turned.odds_ratio is not None
    if 0 < one.odds_ratio < inf:
        assert one.odds_ratio * turned.odds_ratio == pytest.approx(1, rel=1e-4)
    else:
        assert {one.odds_ratio, turned.odds_ratio} == {0, inf}


def test_an_exposure_of_all_cases_and_no_other_has_an_unbounded_odds_ratio() -> None:
    table = TwoByTwo(2, 0, 0, 5)
    assert table.odds_ratio == inf
    assert table.p_value == pytest.approx(1 / 21)


def test_vanilla_ice_cream_at_oswego(oswego: pl.DataFrame) -> None:
    counts = oswego.group_by("Ill", "Van.Ice.Cream").len().rows()
    n = {(ill, ate): number for ill, ate, number in counts}
    table = TwoByTwo(n["Y", "Y"], n["Y", "N"], n["N", "Y"], n["N", "N"])
    assert table == TwoByTwo(43, 3, 11, 18)
    assert table.risk_ratio == pytest.approx(5.574, abs=0.001)
    assert table.odds_ratio == pytest.approx(22.1, abs=0.1)
    assert table.interval == pytest.approx((5.2, 138), rel=0.01)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_risk_ratio_is_the_ratio_of_attack_rates(a: int, b: int, c: int, d: int) -> None:
    ratio = TwoByTwo(a, b, c, d).risk_ratio
    if a + c and b:
        assert ratio == pytest.approx(Fraction(a, a + c) / Fraction(b, b + d))
    else:
        assert ratio is None


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        TwoByTwo(1, -1, 0, 0)

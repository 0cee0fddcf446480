"""Strata, matched sets, several exposures at once: truth, reference and laws."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from abscope.outbreak import regression
from abscope.outbreak.epicurve import curve
from abscope.outbreak.matched import matched
from abscope.outbreak.reporting_delay import delays
from abscope.outbreak.stratified import stratified
from abscope.outbreak.two_by_two import TwoByTwo
from abscope.tables import CASES

CELL = st.integers(1, 30)
TABLE = st.builds(TwoByTwo, CELL, CELL, CELL, CELL)


def people(table: TwoByTwo) -> tuple[np.ndarray, np.ndarray]:
    """One row a person: exposed, is a case."""
    (a, b), (c, d) = table.rows
    exposed = np.repeat([1.0, 0.0, 1.0, 0.0], [a, b, c, d])
    return exposed[:, None], np.repeat([1.0, 1.0, 0.0, 0.0], [a, b, c, d])


@given(TABLE)
@settings(max_examples=40)
def test_firth_of_one_exposure_is_the_odds_ratio_with_a_half_in_every_cell(table: TwoByTwo) -> None:
    (a, b), (c, d) = table.rows
    (found,) = regression.firth(*people(table))
    known = math.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    assert found.estimate == pytest.approx(known, abs=1e-6)
    assert found.low < found.estimate < found.high


def test_firth_has_an_answer_where_an_exposure_separates_cases_from_others() -> None:
    (found,) = regression.firth(*people(TwoByTwo(5, 0, 0, 10)))
    assert found.estimate == pytest.approx(math.log(5.5 * 10.5 / 0.25))
    assert found.low > 0
    assert found.p_value < 0.001


def test_exposures_that_cannot_be_told_apart_are_refused() -> None:
    exposed, ill = people(TwoByTwo(5, 2, 3, 10))
    with pytest.raises(ValueError, match="same in everybody"):
        regression.firth(np.column_stack([exposed, exposed]), ill)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_cauchy_estimate_is_the_highest_point_of_its_posterior(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exposed = rng.integers(0, 2, (40, 2)).astype(float)
    ill = rng.integers(0, 2, 40).astype(float)
    found = regression.cauchy(exposed, ill)

    def unlikely(beta: np.ndarray) -> float:
        p = expit(beta[0] + (exposed - exposed.mean(0)) @ beta[1:])
        prior = np.log1p((beta / [10, 2.5, 2.5]) ** 2).sum()
        return float(-np.log(np.where(ill == 1, p, 1 - p)).sum() + prior)

    slow = minimize(
        unlikely, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10}
    )
    assert found == pytest.approx(slow.x[1:], abs=1e-3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_firth_recovers_odds_ratios_that_were_put_in(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exposed = (rng.random((4000, 3)) < [0.3, 0.5, 0.2]).astype(float)
    truth = np.log([4.0, 1.0, 2.0])
    ill = (rng.random(4000) < expit(-1.5 + exposed @ truth)).astype(float)
    for found, known in zip(regression.firth(exposed, ill), truth, strict=True):
        assert found.low - 0.2 < known < found.high + 0.2


@given(TABLE)
@settings(max_examples=30)
def test_one_stratum_twice_pools_to_its_own_odds_ratio_and_agrees_with_itself(
    table: TwoByTwo,
) -> None:
    (a, b), (c, d) = table.rows
    found = stratified([table, table, TwoByTwo(0, 0, 3, 4)])
    assert found.strata == 2
    assert found.odds_ratio == pytest.approx(a * d / (b * c))
    assert found.breslow_day == pytest.approx(1)
    assert found.woolf == pytest.approx(1)


def test_mantel_haenszel_takes_away_what_the_strata_make_up() -> None:
    inner = [TwoByTwo(40, 10, 20, 5), TwoByTwo(5, 20, 10, 40)]  # odds ratio 1 in both
    found = stratified(inner)
    assert found.odds_ratio == pytest.approx(1)
    crude = TwoByTwo(45, 30, 30, 45).odds_ratio
    assert crude is not None
    assert crude > 2


@given(st.lists(TABLE, min_size=2, max_size=5))
@settings(max_examples=25)
def test_strata_agree_with_statsmodels(tables: list[TwoByTwo]) -> None:
    reference = pytest.importorskip(
        "statsmodels.stats.contingency_tables", reason="statsmodels is not installed"
    )
    known = reference.StratifiedTable([np.array(table.rows, float).T for table in tables])
    found = stratified(tables)
    assert found.odds_ratio == pytest.approx(known.oddsratio_pooled)
    assert found.interval == pytest.approx(known.oddsratio_pooled_confint())
    assert found.risk_ratio == pytest.approx(known.riskratio_pooled)
    assert found.p_value == pytest.approx(known.test_null_odds(correction=False).pvalue)
    if abs(known.oddsratio_pooled - 1) > 1e-6:  # there statsmodels divides by zero
        known_p = known.test_equal_odds(adjust=True).pvalue
        assert found.breslow_day == pytest.approx(known_p, abs=1e-6)


def test_strata_that_disagree_are_said_to() -> None:
    found = stratified([TwoByTwo(30, 5, 5, 30), TwoByTwo(5, 30, 30, 5)])
    assert found.breslow_day is not None
    assert found.woolf is not None
    assert max(found.breslow_day, found.woolf) < 0.001


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 5))
def test_pairs_that_agree_tell_nothing_and_the_odds_ratio_is_that_of_those_that_do_not(
    case_only: int, other_only: int, agree: int
) -> None:
    sets = [[(True, True), (False, False)]] * case_only + [
        [(True, False), (False, True)]
    ] * other_only
    found = matched([*sets, *[[(True, True), (False, True)]] * agree])
    assert found.sets == case_only + other_only
    if case_only and other_only:
        assert found.odds_ratio == pytest.approx(case_only / other_only)
        assert found.interval is not None
        assert found.interval[0] <= found.odds_ratio <= found.interval[1]


def test_matched_triples_agree_with_their_own_likelihood() -> None:
    rng = np.random.default_rng(3)
    sets = [
        [(True, bool(rng.random() < 0.6)), *((False, bool(rng.random() < 0.3)) for _ in range(2))]
        for _ in range(40)
    ]
    found = matched(sets)

    def unlikely(beta: np.ndarray) -> float:
        odds = [[math.exp(beta[0] * exposed) for _, exposed in own] for own in sets]
        return -sum(math.log(own[0] / sum(own)) for own in odds)

    assert found.odds_ratio == pytest.approx(
        math.exp(minimize(unlikely, [0.0], method="Nelder-Mead").x[0]), rel=1e-3
    )


@given(CELL, CELL, CELL, CELL)
@settings(max_examples=40)
def test_the_mid_p_interval_lies_within_the_exact_one(a: int, b: int, c: int, d: int) -> None:
    table = TwoByTwo(a, b, c, d)
    exact, mid = table.interval, table.mid_p_interval
    assert exact is not None
    assert mid is not None
    assert exact[0] <= mid[0] * (1 + 1e-4)
    assert mid[1] <= exact[1] * (1 + 1e-4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recent_cases_not_yet_reported_are_counted_back_in(seed: int) -> None:
    rng = np.random.default_rng(seed)
    today = date(2022, 12, 31)
    onset = [today - timedelta(days=int(d)) for d in rng.integers(0, 120, 1500)]
    told = [day + timedelta(days=int(rng.gamma(3, 8))) for day in onset]
    seen = [(a, b) for a, b in zip(onset, told, strict=True) if b <= today]
    found = delays(seen, today)
    assert found is not None
    first = today - timedelta(days=27)
    really = sum(day >= first for day in onset)
    known = sum(a >= first for a, _ in seen)
    assert known < 0.75 * really
    assert known / found.known(first, today, today) == pytest.approx(really, rel=0.2)


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=40),
    st.sampled_from(["day", "week", "month"]),
)
@settings(max_examples=40)
def test_no_case_with_an_onset_is_missing_from_the_curve(days: list[int], unit: str) -> None:
    first = date(2022, 1, 5)
    rows = [
        {"case_id": str(n), "date_onset": first + timedelta(days=d)} for n, d in enumerate(days)
    ]
    frame = curve(CASES.frame(rows), date(2022, 12, 31), unit)
    assert frame["cases"].sum() == len(days)
    assert (frame["first"].to_list()[1:] > frame["last"].to_list()[:-1]) or len(frame) == 1

"""Weekly counts: bounds are crossed as often as they say, and late reports make no outbreak."""

from datetime import date, timedelta

import numpy as np
import pytest

from abscope.outbreak.count_alarms import A_YEAR, Weekly, alarms, weekly
from abscope.outbreak.farrington import farrington
from abscope.outbreak.reporting_delay import Delays

MONDAY = date(2020, 1, 6)
METHODS = ("EARS C1", "EARS C2", "EARS C3", "CUSUM")


def series(counts: np.ndarray, known: np.ndarray | None = None) -> Weekly:
    return Weekly(MONDAY, counts.astype(float), np.ones(len(counts)) if known is None else known)


def judged(counts: np.ndarray, method: str, *, known: np.ndarray | None = None, seed: int = 1):
    rng = np.random.default_rng(seed)
    return alarms(series(counts, known), method, a_year=0.5, ratio=2.0, rng=rng)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("mean", [0.3, 2.0])
def test_years_without_an_outbreak_cross_the_bound_no_more_often_than_asked(
    method: str, mean: float
) -> None:
    years = 200
    counts = np.random.default_rng(7).poisson(mean, years * A_YEAR)
    found = judged(counts, method)
    above = found.statistic > found.bound
    crossings = int((above[1:] & ~above[:-1]).sum()) / years
    assert found.false_a_year <= 0.5
    assert crossings == pytest.approx(found.false_a_year, abs=0.2)


def test_the_cusum_sees_a_doubled_rate_that_no_single_week_shows() -> None:
    counts = np.concatenate([np.tile([1, 0, 1, 2], 36), np.tile([2, 3], 6)])
    assert judged(counts, "CUSUM").since is not None
    assert judged(counts, "EARS C1").since is None


def test_a_week_half_known_is_held_against_half_of_what_is_expected() -> None:
    counts, known = np.full(80, 4), np.ones(80)
    counts[-3:], known[-3:] = 4, 0.4
    assert judged(counts, "CUSUM").since is None
    assert (
        judged(counts, "CUSUM", known=known).statistic[-1] > judged(counts, "CUSUM").statistic[-1]
    )


def test_weeks_are_whole_and_too_recent_ones_are_left_off() -> None:
    today = MONDAY + timedelta(days=7 * 40 + 3)
    days = [MONDAY + timedelta(days=7 * week) for week in range(41)]
    every = weekly(days, None, today=today, years=5)
    assert every is not None
    assert every.counts.tolist() == [1.0] * 40
    late = Delays(np.repeat(np.linspace(0, 1, 6), 7), 50)
    known = weekly(days, late, today=today, years=5)
    assert known is not None
    assert 36 <= len(known.counts) < 40
    assert known.known.min() >= 0.2
    assert weekly(days[-10:], None, today=today, years=5) is None
    assert weekly([], None, today=today, years=5) is None


def test_farrington_expects_what_years_of_trend_and_season_lead_to() -> None:
    at = np.arange(300)
    mean = np.exp(1.5 + 0.002 * at + 0.5 * np.sin(2 * np.pi * at / 52.18))
    found = [
        farrington(
            np.random.default_rng(seed).poisson(mean).astype(float), np.ones(300), alpha=0.01
        )
        for seed in range(20)
    ]
    expected = [one.mean for one in found if one]
    assert np.median(expected) == pytest.approx(mean[-1], rel=0.15)
    assert all(one.bound > one.mean for one in found if one)


def test_farrington_forgets_past_outbreaks_and_says_nothing_of_a_short_history() -> None:
    quiet = np.random.default_rng(3).poisson(3.0, 260).astype(float)
    past = quiet.copy()
    past[100:104] += 25
    bounds = [farrington(counts, np.ones(260), alpha=0.01) for counts in (quiet, past)]
    assert bounds[0] is not None
    assert bounds[1] is not None
    assert bounds[1].bound <= bounds[0].bound + 3
    assert farrington(quiet[:77], np.ones(77), alpha=0.01) is None

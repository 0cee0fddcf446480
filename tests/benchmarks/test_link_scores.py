"""Scores of chances, and the rule links are compared with."""

import numpy as np
import pytest
from benchmarks.link_scores import average_precision, brier, reliability
from benchmarks.transcluster import close
from scipy.stats import gamma, poisson


def test_a_perfect_order_has_full_precision_and_none_has_the_share() -> None:
    truth = np.array([True, True, False, False])
    assert average_precision(np.array([4.0, 3.0, 2.0, 1.0]), truth) == 1
    assert average_precision(np.zeros(4), truth) == 0.5


def test_average_precision_of_a_known_order() -> None:
    truth = np.array([True, False, True])
    assert average_precision(np.array([3.0, 2.0, 1.0]), truth) == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("seed", range(3))
def test_honest_chances_are_reliable_and_boastful_ones_are_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chance = rng.random(20_000)
    truth = rng.random(20_000) < chance
    assert reliability(chance, truth).error < 0.02
    boast = np.where(chance > 0.5, 0.999, 0.001)
    assert reliability(boast, truth).error > 0.2
    assert brier(chance, truth) < brier(boast, truth)


def test_transclusters_chance_agrees_with_its_integral() -> None:
    snps, apart, rate, beta = 4, 1.3, 0.8, 2.0
    years = np.linspace(0, 80, 160_001)
    weight = np.zeros_like(years)
    for i in range(snps + 1):
        weight += poisson.pmf(snps - i, rate * apart) * gamma.pdf(years, i + 1, scale=1 / rate)
    within = poisson.cdf(3, beta * (years + apart))
    assert close(snps, apart) == pytest.approx(np.sum(weight * within) / np.sum(weight), abs=1e-3)

"""The chance of a distance, against arithmetic done slowly and against simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import geom, poisson

from abscope.outbreak.link_hypotheses import explained
from abscope.outbreak.link_likelihood import (
    Clockwork,
    Growth,
    geometric_poisson,
    likelihoods,
    rate_nodes,
)
from abscope.outbreak.link_settings import SOURCES, LinkSettings
from linked import SITES, founding


@settings(max_examples=30, deadline=None)
@given(mean=st.floats(0, 20), excess=st.floats(0, 30))
def test_the_closed_form_is_the_sum_of_a_poisson_and_a_geometric_count(
    mean: float, excess: float
) -> None:
    found = geometric_poisson(30, np.array([mean]), np.array([excess]))[:, 0]
    p = 1 / (1 + excess)
    slow = [
        sum(poisson.pmf(d - k, mean) * geom.pmf(k + 1, p) for k in range(d + 1)) for d in range(31)
    ]
    assert found == pytest.approx(slow, abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_closed_form_agrees_with_simulated_pairs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs, per_year, years, theta = 400_000, 2.0, 0.9, 1.0
    snps = rng.poisson(per_year * (years + 2 * rng.exponential(theta, pairs)))
    seen = np.bincount(snps, minlength=41)[:41] / pairs
    expected = geometric_poisson(40, np.array([per_year * years]), np.array([2 * per_year * theta]))
    assert np.abs(seen - expected[:, 0]).max() < 0.0025


@pytest.mark.parametrize("seed", [4, 5])
def test_dormancy_diversity_and_rate_are_integrated_as_they_are_drawn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs, source, settings = 400_000, SOURCES["unknown"], LinkSettings()
    median, spread = settings.rate(None)
    rate = median * np.exp(spread * rng.standard_normal(pairs)) * SITES
    active = rng.choice(source.activity, pairs, p=source.activity_weight)
    theta = rng.choice(source.diversity, pairs, p=source.diversity_weight)
    outside = active * (0.5 + 2 * rng.exponential(1, pairs) * theta)
    seen = np.bincount(rng.poisson(rate * (0.7 + outside) + 0.2), minlength=31)[:31] / pairs
    clockwork = Clockwork(
        *rate_nodes(median, spread), sites=np.array([float(SITES)]), errors=np.array([0.2])
    )
    growth = Growth(
        source.activity, source.activity_weight, source.diversity, source.diversity_weight
    )
    expected = likelihoods(
        30, np.array([[0.7]]), np.array([[0.5]]), clockwork=clockwork, growth=growth
    )
    assert np.abs(seen - expected[0]).max() < 0.0025


def test_bayes_factors_of_the_worked_example_are_reproduced() -> None:
    """Rate 2 SNPs a year, 0.9 years apart, diversity 1 year, chance spread evenly over 0-25 SNPs."""
    source = geometric_poisson(20, np.array([1.8]), np.array([4.0]))[:, 0]
    outside = source / (3 / 400 / 26)
    inside = source / (0.05 / 26)
    assert [round(x) for x in outside[[0, 2, 5, 10, 20]]] == [115, 424, 347, 117, 13]
    assert [round(x) for x in inside[[0, 2, 5, 10]]] == [17, 64, 52, 18]


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_chances_add_to_one_and_fall_beyond_their_mode(source: str) -> None:
    pairs = [tuple(founding())]
    found = explained(pairs, np.array([SITES]), None, LinkSettings(source=SOURCES[source]), 600)  # type: ignore[arg-type]
    for chances in (
        found.common_source[0],
        found.person_to_person[0],
        found.laboratory[0],
        found.lasting[0],
    ):
        assert chances.sum() == pytest.approx(1, abs=1e-3)
        mode = int(chances.argmax())
        assert (np.diff(chances[mode:]) <= 1e-15).all()


def test_fewer_comparable_sites_make_fewer_snps_likely() -> None:
    pairs = [tuple(founding())] * 2
    found = explained(pairs, np.array([SITES, SITES // 2]), None, LinkSettings(), 40)  # type: ignore[arg-type]
    assert found.common_source[1, 0] > found.common_source[0, 0]


def test_a_rate_spreads_as_its_interval_says() -> None:
    at, weight = rate_nodes(1.64e-7, 0.3)
    assert weight.sum() == pytest.approx(1)
    assert float(weight @ np.log(at)) == pytest.approx(np.log(1.64e-7))
    assert float(weight @ (np.log(at) - np.log(1.64e-7)) ** 2) == pytest.approx(0.09)

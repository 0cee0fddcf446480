"""The weighing of exposures agrees with the formulas written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc, betaln, logit

from abscope.outbreak import attribution
from abscope.outbreak.attribution import attribute
from abscope.records.sources import SourcePriors

PRIORS = SourcePriors()
ONE_KIND = np.zeros(1, np.intp)


def column(cases: tuple[int, int], comparison: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Answers (yes, no) of certain cases and of comparison patients about one exposure."""
    said = [1] * cases[0] + [0] * cases[1] + [1] * comparison[0] + [0] * comparison[1]
    weights = [1.0] * sum(cases) + [0.0] * sum(comparison)
    return np.array(said, np.int8)[:, None], np.array(weights)


def recall(yes: int, no: int) -> float:
    """The chance that linked cases answer so about a rare source, in good records or in poor ones."""
    parts = ((1 - PRIORS.poor, PRIORS.recall), (PRIORS.poor, PRIORS.poor_recall))
    return float(sum(p * np.exp(betaln(s + yes, u + no) - betaln(s, u)) for p, (s, u) in parts))


EDGES = np.sin(np.linspace(0, np.pi / 2, 401)) ** 2  # narrow at both ends, where shares pile up
CELLS = (EDGES[1:] + EDGES[:-1]) / 2
_GOOD, _POOR = (np.diff(betainc(*of, EDGES)) for of in (PRIORS.recall, PRIORS.poor_recall))
RECALL = (1 - PRIORS.poor) * _GOOD + PRIORS.poor * _POOR
AT_LEAST = np.maximum.outer(CELLS, CELLS)
SELDOM, STRUCK = PRIORS.mistaken
AMONG_STRUCK = STRUCK * CELLS + (1 - STRUCK) * AT_LEAST


def by_hand(cases: tuple[int, int], comparison: tuple[int, int]) -> float:
    """Every recall and every share of the background, added up one by one, for every hyperparameter."""
    (r, t), (r0, t0) = cases, comparison
    of_cases = {
        True: (1 - SELDOM) * (RECALL @ (AT_LEAST**r * (1 - AT_LEAST) ** t))
        + SELDOM * (RECALL @ (AMONG_STRUCK**r * (1 - AMONG_STRUCK) ** t)),
        False: CELLS**r * (1 - CELLS) ** t,
    }
    background = CELLS**r0 * (1 - CELLS) ** t0
    total = dict.fromkeys(of_cases, 0.0)
    for mean in attribution._MEANS:
        for mass in attribution._CONCENTRATIONS:
            share = np.diff(betainc(mean * mass, (1 - mean) * mass, EDGES))
            off = (logit(mean) - logit(PRIORS.prevalence[0])) / PRIORS.spread[0]
            for source, likely in of_cases.items():
                total[source] += np.exp(-0.5 * off**2) * float(share @ (likely * background))
    return total[True] / total[False]


COUNTS = st.tuples(st.integers(0, 8), st.integers(0, 6))


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_the_bayes_factor_agrees_with_beta_functions(
    cases: tuple[int, int], comparison: tuple[int, int]
) -> None:
    answers, weights = column(cases, comparison)
    found = attribute(answers, weights, ONE_KIND)
    assert found.factors[0] == pytest.approx(by_hand(cases, comparison), rel=0.02)


def test_a_source_is_not_rarer_among_those_it_infected_than_among_others() -> None:
    """Everybody else had it and the cases did not: that speaks for no source."""
    assert attribute(*column((0, 3), (30, 0)), ONE_KIND).factors[0] <= 1


def test_the_posterior_is_prior_times_factor_over_all() -> None:
    answers, weights = column((3, 0), (1, 29))
    found = attribute(answers, weights, ONE_KIND)
    odds = found.factors[0] * (1 - PRIORS.not_recorded) / PRIORS.not_recorded
    assert found.posterior[0] == pytest.approx(odds / (1 + odds))
    assert found.posterior.sum() == pytest.approx(1)


def test_a_case_that_is_not_linked_at_all_counts_as_a_comparison_patient() -> None:
    answers, weights = column((2, 0), (3, 20))
    more = np.vstack([answers, [[1]]]), np.append(weights, 0.0)
    assert np.allclose(
        attribute(*more, ONE_KIND).factors,
        attribute(*column((2, 0), (4, 20)), ONE_KIND).factors,
    )


def test_comparison_patients_mend_a_wrong_guess_of_how_common_things_are() -> None:
    answers, weights = column((4, 0), (24, 6))
    rare = SourcePriors(prevalence=(0.01, 0.4))
    assert attribute(answers, weights, ONE_KIND, priors=rare).factors[0] < 5


def test_of_exposures_that_go_together_none_is_sure() -> None:
    """Four were part of one event; by luck the first has one answer more."""
    people = [[1, 1, 1, 1]] * 3 + [[1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]] + [[0] * 4] * 30
    weights = np.array([0.98] * 6 + [0.0] * 30)
    kinds = np.zeros(4, np.intp)
    found = attribute(np.array(people, np.int8), weights, kinds)
    single = SourcePriors(companions=(1e-60, 0.2))
    sure = attribute(np.array(people, np.int8), weights, kinds, priors=single)
    assert sure.posterior[0] > 0.8
    assert found.posterior[0] < 0.5
    assert found.posterior[-1] < 0.01
    assert found.posterior.argmax() == 0


def test_companions_change_little_where_one_exposure_stands_out() -> None:
    rng = np.random.default_rng(1)
    answers = (rng.random((36, 12)) < 0.1).astype(np.int8)
    answers[:6, 0] = 1
    weights, kinds = np.array([0.98] * 6 + [0.0] * 30), np.zeros(12, np.intp)
    single = SourcePriors(companions=(1e-60, 0.2))
    sure = attribute(answers, weights, kinds, priors=single).posterior
    np.testing.assert_allclose(attribute(answers, weights, kinds).posterior, sure, atol=0.02)


def test_a_guarded_exposure_has_a_factor_of_one_and_moves_no_other() -> None:
    answers = np.array([[1, 1], [1, 0], [1, -1], [0, 0], [0, 1]], np.int8)
    weights, kinds = np.array([0.98, 0.98, 0.5, 0, 0]), np.array([0, 1])
    guarded = attribute(answers, weights, kinds, guarded=np.array([True, False]))
    alone = attribute(answers, weights, kinds)
    assert guarded.factors[0] == 1
    assert guarded.factors[1] == pytest.approx(alone.factors[1])


def test_two_users_of_one_product_with_one_lot_are_less_striking_than_the_product() -> None:
    """product, lot within it: the lot adds little to what the product says."""
    answers = np.array([[1, 1], [1, 1], *[[0, 0]] * 20], np.int8)
    weights = np.array([0.98] * 2 + [0.0] * 20)
    found = attribute(answers, weights, np.array([0, 1]), within=np.array([-1, 0]))
    assert 1 < found.factors[1] / found.factors[0] < found.factors[0] / 2


def test_who_does_not_know_the_lot_counts_for_it_by_the_product() -> None:
    answers = np.array([[1, 1], [1, 1], [1, -1], *[[0, 0]] * 20], np.int8)
    weights = np.array([0.98, 0.98, 0.2] + [0.0] * 20)
    found = attribute(answers, weights, np.array([0, 1]), within=np.array([-1, 0]))
    assert found.linked[2, 1] == pytest.approx(found.linked[2, 0]) != weights[2]


def test_the_tipping_point_is_where_the_factor_falls_below_ten() -> None:
    answers, weights = column((3, 0), (0, 0))
    exact = ((1 - SELDOM) * recall(3, 0) / 10) ** (1 / 3)
    assert attribute(answers, weights, ONE_KIND).tipping[0] == pytest.approx(exact, abs=0.02)


def test_no_share_is_small_enough_where_no_case_was_exposed() -> None:
    assert np.isnan(attribute(*column((0, 3), (0, 0)), ONE_KIND).tipping[0])


def test_thousands_of_comparison_patients_are_weighed_without_overflow() -> None:
    answers, weights = column((12, 0), (20, 4000))
    found = attribute(answers, weights, ONE_KIND)
    assert np.isfinite(found.log_evidence).all()
    assert found.factors[0] == pytest.approx(by_hand((12, 0), (20, 4000)), rel=0.5)

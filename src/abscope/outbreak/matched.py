"""One exposure in matched sets: a case, and the comparison patients chosen for it."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from scipy.stats import binomtest, chi2

from abscope.outbreak.two_by_two import exact_share

Set = Sequence[tuple[bool, bool]]  # (is a case, is exposed) of each person with an answer


@dataclass(frozen=True, slots=True)
class Matched:
    """The conditional odds ratio; None where every set that tells anything says the same.

    sets: those in which people differ both in being a case and in exposure. exact: pairs only.
    """

    sets: int
    odds_ratio: float | None
    interval: tuple[float, float] | None
    p_value: float | None
    exact: bool


def matched(sets: Sequence[Set]) -> Matched:
    """The odds ratio of matched sets: exact for pairs (McNemar), conditional logistic otherwise.

    Breslow and Day 1980, chapters 5 and 7. A set in which all are cases, none is, or all or none are
    exposed tells nothing.
    """
    telling = [own for own in sets if all(len({one[k] for one in own}) == 2 for k in (0, 1))]
    if not telling:
        return Matched(0, None, None, None, True)
    if all(len(own) == 2 for own in telling):
        return _pairs(sum((True, True) in own for own in telling), len(telling))
    return _conditional(telling)


def _pairs(case_exposed: int, discordant: int) -> Matched:
    other = discordant - case_exposed
    ratio = case_exposed / other if other else math.inf
    low, high = exact_share(case_exposed, discordant)
    interval = (low / (1 - low), high / (1 - high) if high < 1 else math.inf)
    p = float(binomtest(case_exposed, discordant).pvalue)
    return Matched(discordant, ratio, interval, p, True)


def _conditional(sets: Sequence[Set]) -> Matched:
    """Conditional logistic regression (statsmodels), tested by likelihood ratio."""
    if _one_sided(sets):
        return Matched(len(sets), None, None, None, False)
    models = import_module("statsmodels.discrete.conditional_models")
    people = [(case, exposed, k) for k, own in enumerate(sets) for case, exposed in own]
    case, exposed, group = np.array(people, float).T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the optimiser's own bookkeeping
        model = models.ConditionalLogit(case, exposed[:, None], groups=group.astype(int))
        fitted = model.fit(disp=False)
    ((low, high),) = np.exp(fitted.conf_int())
    lead = 2 * (model.loglike(fitted.params) - model.loglike(np.zeros(1)))
    ratio = float(np.exp(fitted.params[0]))
    return Matched(len(sets), ratio, (float(low), float(high)), float(chi2.sf(lead, 1)), False)


def _one_sided(sets: Sequence[Set]) -> bool:
    """Whether the odds ratio would be 0 or unbounded: cases as exposed as they can be, or as little."""
    seen = sum(case and exposed for own in sets for case, exposed in own)
    most = sum(min(sum(c for c, _ in own), sum(e for _, e in own)) for own in sets)
    least = sum(max(0, sum(c for c, _ in own) + sum(e for _, e in own) - len(own)) for own in sets)
    return seen in (most, least)

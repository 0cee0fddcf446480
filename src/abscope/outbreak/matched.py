"""One exposure in matched sets: a case, and the comparison patients chosen for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln, logsumexp
from scipy.stats import binomtest, chi2

from abscope.outbreak.two_by_two import exact_share

Floats = NDArray[np.float64]
Set = Sequence[tuple[bool, bool]]  # (is a case, is exposed) of each person with an answer


@dataclass(frozen=True, slots=True)
class Matched:
    """The conditional odds ratio; None where every set that tells anything says the same.

    sets: those in which people differ both in being a case and in exposure.
    """

    sets: int
    odds_ratio: float | None
    interval: tuple[float, float] | None
    p_value: float | None


def matched(sets: Sequence[Set]) -> Matched:
    """The odds ratio of matched sets: exact for pairs (McNemar), conditional logistic otherwise.

    Breslow and Day 1980, chapters 5 and 7. A set in which all are cases, none is, or all or none are
    exposed tells nothing.
    """
    telling = [own for own in sets if all(len({one[k] for one in own}) == 2 for k in (0, 1))]
    if not telling:
        return Matched(0, None, None, None)
    if all(len(own) == 2 for own in telling):
        return _pairs(sum((True, True) in own for own in telling), len(telling))
    return _conditional(telling)


def _pairs(case_exposed: int, discordant: int) -> Matched:
    other = discordant - case_exposed
    ratio = case_exposed / other if other else math.inf
    low, high = exact_share(case_exposed, discordant)
    interval = (low / (1 - low), high / (1 - high) if high < 1 else math.inf)
    p = float(binomtest(case_exposed, discordant).pvalue)
    return Matched(discordant, ratio, interval, p)


def _conditional(sets: Sequence[Set]) -> Matched:
    """Conditional likelihood of one log odds ratio, tested by likelihood ratio.

    Given how many of a set are cases and how many exposed, the exposed cases follow Fisher's noncentral
    hypergeometric distribution; the sets multiply.
    """
    if _one_sided(sets):
        return Matched(len(sets), None, None, None)
    counted = [_ways(own) for own in sets]

    def slope(beta: float) -> tuple[float, float]:
        parts = [_moments(*one, beta) for one in counted]
        seen = sum(one[2] for one in counted)
        return seen - sum(mean for mean, _, _ in parts), sum(spread for _, spread, _ in parts)

    def height(beta: float) -> float:
        return sum(one[2] * beta - _moments(*one, beta)[2] for one in counted)

    best = float(brentq(lambda beta: slope(beta)[0], -_WIDEST, _WIDEST))
    spread = 1.959963984540054 / math.sqrt(slope(best)[1])
    lead = 2 * (height(best) - height(0.0))
    interval = (math.exp(best - spread), math.exp(best + spread))
    return Matched(len(sets), math.exp(best), interval, float(chi2.sf(max(lead, 0.0), 1)))


_WIDEST = 30.0  # log odds ratio beyond which no set goes


def _ways(own: Set) -> tuple[Floats, Floats, int]:
    """Exposed cases there can be, the logarithm of in how many ways, and how many there are."""
    cases, exposed = (sum(one[k] for one in own) for k in (0, 1))
    k = np.arange(max(0, cases + exposed - len(own)), min(cases, exposed) + 1, dtype=float)
    counts = (k, exposed - k, cases - k, len(own) - exposed - cases + k)
    seen = sum(case and exposed_ for case, exposed_ in own)
    return k, -sum((gammaln(count + 1) for count in counts), np.zeros(len(k))), int(seen)


def _moments(k: Floats, ways: Floats, _: int, beta: float) -> tuple[float, float, float]:
    """Mean and variance of the exposed cases at these log odds, and the logarithm of the sum."""
    total = float(logsumexp(ways + beta * k))
    chance = np.exp(ways + beta * k - total)
    mean = float(chance @ k)
    return mean, float(chance @ (k - mean) ** 2), total


def _one_sided(sets: Sequence[Set]) -> bool:
    """Whether the odds ratio would be 0 or unbounded: cases as exposed as they can be, or as little."""
    seen = sum(case and exposed for own in sets for case, exposed in own)
    most = sum(min(sum(c for c, _ in own), sum(e for _, e in own)) for own in sets)
    least = sum(max(0, sum(c for c, _ in own) + sum(e for _, e in own) - len(own)) for own in sets)
    return seen in (most, least)

"""More cases in the last week than years before lead to expect: the flexible Farrington algorithm.

A quasi-Poisson regression on trend and season, in which weeks with unusually many cases weigh less, and a
bound from the negative binomial (Noufaily, Stat Med 2013;32:1206). Season here is one yearly wave, not ten
steps: the counts of this germ are small.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Values = NDArray[np.float64]

EXCLUDED = 26  # last weeks that are no part of what is expected: an outbreak may have begun in them
REWEIGHTED = 2.58  # residuals beyond this weigh less
YEARS = 3  # of history below which there is no season to be told
_ROUNDS, _REWEIGHTINGS = 25, 4


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of the last week, and the count that is exceeded by chance with `alpha`."""

    mean: float
    bound: float
    dispersion: float


def farrington(counts: Values, known: Values, *, alpha: float) -> Expected | None:
    """The last week's bound; None with less than a year before the weeks excluded.

    counts: cases by week. known: share of them known by now.
    """
    history = len(counts) - EXCLUDED
    if history < 52:
        return None
    design = _design(len(counts), seasonal=history >= 52 * YEARS)
    past, observed, offset = design[:history], counts[:history], known[:history]
    weights = np.ones(history)
    for _ in range(_REWEIGHTINGS):
        slope = _fitted(past, observed, offset, weights)
        mean = np.exp(past @ slope) * offset
        dispersion = _dispersion(observed, mean, weights, past.shape[1])
        weights = _reweighted(observed, mean, dispersion)
    expected = float(np.exp(design[-1] @ slope) * known[-1])
    return Expected(expected, _quantile(expected, dispersion, alpha), dispersion)


def _design(weeks: int, *, seasonal: bool) -> Values:
    at = np.arange(weeks)
    columns = [np.ones(weeks), (at - weeks / 2) / max(weeks, 1)]
    if seasonal:
        columns += [np.sin(2 * np.pi * at / 52.18), np.cos(2 * np.pi * at / 52.18)]
    return np.column_stack(columns)


def _fitted(design: Values, counts: Values, offset: Values, weights: Values) -> Values:
    """Log-linear Poisson regression by iteratively reweighted least squares."""
    slope: Values = np.zeros(design.shape[1])
    slope[0] = np.log(max(float(counts.mean()), 1 / len(counts)))
    for _ in range(_ROUNDS):
        linear = np.clip(design @ slope, -20, 20)
        mean = np.exp(linear) * offset
        target = linear + (counts - mean) / mean
        scaled = design * (weights * mean)[:, None]
        ridge = 1e-8 * np.eye(design.shape[1])
        step = np.asarray(np.linalg.solve(design.T @ scaled + ridge, scaled.T @ target), float)
        if np.abs(step - slope).max() < 1e-8:
            return step
        slope = step
    return slope


def _dispersion(counts: Values, mean: Values, weights: Values, terms: int) -> float:
    residual = (weights * (counts - mean) ** 2 / mean).sum()
    return max(1.0, float(residual / max(len(counts) - terms, 1)))


def _reweighted(counts: Values, mean: Values, dispersion: float) -> Values:
    """Anscombe residuals; those far above the bound count as one over their square."""
    residual = 1.5 * (counts ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6) / np.sqrt(dispersion)
    weights = np.where(residual > REWEIGHTED, (REWEIGHTED / np.maximum(residual, 1e-9)) ** 2, 1.0)
    return np.asarray(weights * len(weights) / weights.sum())


def _quantile(mean: float, dispersion: float, alpha: float) -> float:
    if dispersion <= 1 + 1e-9:
        return float(stats.poisson.ppf(1 - alpha, mean))
    return float(stats.nbinom.ppf(1 - alpha, mean / (dispersion - 1), 1 / dispersion))

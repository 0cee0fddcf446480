"""Several exposures at once, in small tables: logistic regression that never runs off to infinity.

Firth's penalty (Biometrika 1993;80:27; Heinze and Schemper, Stat Med 2002;21:2409) removes most of the
bias of small samples and has an answer where an exposure separates cases from others. A weak Cauchy
prior (Gelman et al., Ann Appl Stat 2008;2:1360) is the other usual way; both are given.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import expit
from scipy.stats import chi2

Floats = NDArray[np.float64]

_STEPS, _SMALL, _LONGEST = 200, 1e-9, 1.0
_FARTHEST = 30.0  # log odds beyond which an end of an interval is unbounded
_CHI2_95 = 3.841458820694124
INTERCEPT_SCALE, SCALE = 10.0, 2.5


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A log odds ratio, its 95 % interval by profile likelihood, and its p value."""

    estimate: float
    low: float
    high: float
    p_value: float


def firth(exposures: Floats, is_case: Floats) -> tuple[Coefficient, ...]:
    """One coefficient per column of `exposures` (people x exposures, 0 or 1), an intercept besides.

    Raises ValueError where columns repeat one another, so that nothing can tell them apart.
    """
    design = _design(exposures)
    free = np.arange(design.shape[1])
    best, peak = _fit(design, is_case, free, np.zeros(len(free)))
    found = []
    for column in range(1, design.shape[1]):
        profile = _profile(design, is_case, column, best)
        lead = 2 * (peak - profile(0.0))
        low, high = (_end(profile, float(best[column]), peak, sign) for sign in (-1, 1))
        found.append(Coefficient(float(best[column]), low, high, float(chi2.sf(max(lead, 0), 1))))
    return tuple(found)


def cauchy(exposures: Floats, is_case: Floats) -> Floats:
    """The likeliest log odds ratios under Cauchy(0, 2.5) priors (10 for the intercept), columns centred."""
    centred = exposures - exposures.mean(0)
    design = _design(centred, distinct=False)
    scales = np.array([INTERCEPT_SCALE, *[SCALE] * exposures.shape[1]])

    def unlikely(beta: Floats) -> tuple[float, Floats]:
        eta = design @ beta
        loss = np.logaddexp(0, eta).sum() - is_case @ eta + np.log1p((beta / scales) ** 2).sum()
        slope = design.T @ (expit(eta) - is_case) + 2 * beta / (scales**2 + beta**2)
        return float(loss), slope

    found = minimize(unlikely, np.zeros(len(scales)), jac=True, method="BFGS")
    coefficients: Floats = found.x[1:]
    return coefficients


def _design(exposures: Floats, *, distinct: bool = True) -> Floats:
    design = np.column_stack([np.ones(len(exposures)), exposures])
    if distinct and np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError("some exposures are the same in everybody, or follow from the others")
    return design


def _penalised(design: Floats, is_case: Floats, beta: Floats) -> float:
    eta = design @ beta
    p = expit(eta)
    _, log_det = np.linalg.slogdet(design.T @ (design * (p * (1 - p))[:, None]))
    return float(is_case @ eta - np.logaddexp(0, eta).sum() + log_det / 2)


def _fit(
    design: Floats, is_case: Floats, free: NDArray[np.int64], start: Floats
) -> tuple[Floats, float]:
    """The penalised maximum over the `free` coefficients, the others held; and its height."""
    beta, height = start.copy(), _penalised(design, is_case, start)
    for _ in range(_STEPS):
        step = np.zeros_like(beta)
        step[free] = _step(design, is_case, beta, free)
        step *= min(1.0, _LONGEST / max(np.abs(step).max(), _SMALL))
        while (above := _penalised(design, is_case, beta + step)) < height - _SMALL:
            step /= 2
            if np.abs(step).max() < _SMALL:
                return beta, height
        beta, height = beta + step, above
        if np.abs(step).max() < _SMALL:
            break
    return beta, height


def _step(design: Floats, is_case: Floats, beta: Floats, free: NDArray[np.int64]) -> Floats:
    """Newton's step with Firth's score: residuals plus leverages times (1/2 - p)."""
    p = expit(design @ beta)
    weights = p * (1 - p)
    rooted = design * np.sqrt(weights)[:, None]
    leverage = np.einsum("ij,ji->i", rooted, np.linalg.pinv(rooted))
    score = design.T @ (is_case - p + leverage * (0.5 - p))
    information = design.T @ (design * weights[:, None])
    solved: Floats = np.linalg.solve(information[np.ix_(free, free)], score[free])
    return solved


def _profile(
    design: Floats, is_case: Floats, column: int, best: Floats
) -> Callable[[float], float]:
    """Height of the penalised likelihood as a function of one coefficient."""
    free = np.array([k for k in range(design.shape[1]) if k != column])

    def height(value: float) -> float:
        start = best.copy()
        start[column] = value
        return _fit(design, is_case, free, start)[1]

    return height


def _end(profile: Callable[[float], float], best: float, peak: float, sign: int) -> float:
    """Where the profile has fallen by half the 95 % point of chi-square on one side."""

    def above(value: float) -> float:
        return profile(value) - (peak - _CHI2_95 / 2)

    reach = 1.0
    while above(best + sign * reach) > 0:
        reach *= 2
        if reach > _FARTHEST:
            return sign * math.inf
    return float(brentq(above, best, best + sign * reach, xtol=1e-6))

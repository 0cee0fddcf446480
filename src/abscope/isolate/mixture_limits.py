"""What mixture could have been found: the smallest share, for strains a given number of SNPs apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from abscope.isolate.mixture_model import (
    Floats,
    Looked,
    Scatter,
    Sites,
    chances,
    fit,
    power,
    scatter,
    sites_of,
)

SHARES = np.array([0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5])
OFTEN = 0.9
MARGIN = 2.0
"""Evidence beyond the bar (natural logarithm) that the mean must have so that nine in ten pass it."""


def limits(
    looked: Looked,
    differences: Sequence[int],
    *,
    covered: float,
    bar: float,
    least: int,
) -> tuple[tuple[int, float | None], ...]:
    """The smallest of SHARES that is found nine times in ten, for each number of differences.

    covered: share of the genome that is looked at. bar: log-likelihood ratio needed. least: sites.
    """
    evidence, shown = _evidence(looked), power(looked, SHARES) * covered
    found = []
    for number in differences:
        sure = binom.sf(least - 1, number, shown) >= OFTEN
        good = np.flatnonzero(sure & (number * covered * evidence >= bar + MARGIN))
        found.append((number, float(SHARES[good[0]]) if len(good) else None))
    return tuple(found)


def _evidence(looked: Looked) -> Floats:
    """Expected log-likelihood ratio that one difference gives, for each of SHARES."""
    table, weight = _cells(looked)
    blank = sites_of(looked, table, np.ones(len(table)))
    scattered = scatter(blank, looked)
    densities, seen = chances(blank.depth, blank.seen, SHARES), power(looked, SHARES)
    return np.array(
        [
            _ratio(blank, scattered, looked, (densities[:, at], float(seen[at]), weight))
            for at in range(len(SHARES))
        ]
    )


def _cells(looked: Looked) -> tuple[NDArray[np.int64], Floats]:
    """Every depth and count that counts as a site, for C read as T, and how common the depth is."""
    rows, weights = [], []
    for at, depth in enumerate(looked.depths):
        seen = np.arange(looked.least[1, 3, depth], depth // 2 + 1)
        same = np.ones_like(seen)
        rows.append(np.stack([same, 3 * same, depth * same, seen], axis=1))
        weights.append(np.full(len(seen), looked.weights[:, at].sum()))
    return np.concatenate(rows), np.concatenate(weights)


def _ratio(
    blank: Sites, scattered: Scatter, looked: Looked, share: tuple[Floats, float, Floats]
) -> float:
    densities, seen, weight = share
    many = 1000.0
    sites = blank._replace(weights=many * densities * weight)
    common = fit(sites, scattered, looked, (densities, seen)).log_likelihood
    return (common - fit(sites, scattered, looked, None).log_likelihood) / many

"""Whether three or more isolates spread from one point in time, like the rays of a star.

Under a point source all isolates go back to one ancestor at date A, so each has its own private SNPs,
m_i ~ Poisson(lambda (t_i - A)), independent given A; chains of patients and chance neighbours nest, and
share SNPs with some but not with others. Of distances along a tree the private SNPs of an isolate are
m_i = min over j, k of (d_ij + d_ik - d_jk) / 2 (Buneman 1971), so distances are enough: a pair shares the
differences of a star exactly when d_ij = m_i + m_j. What is shared tells how likely a star is
(star_chance.py), how uneven the private SNPs are whether one isolate does not belong.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from abscope.outbreak.star_chance import ANCESTOR_YEARS, chance
from abscope.records import Star, StarVerdict

Values = NDArray[np.float64]

SURE = 0.8
"""Chance of a star from which it is called one; of its contrary, from which it is called nested."""
UNEVEN = 0.01
"""Point sources as uneven, below which an isolate does not belong."""
_REPEATS = 2000
_BRANCH_RATES = (-1.5, -0.75, 0.0, 0.75, 1.5)


def star(
    names: Sequence[str],
    snps: Values,
    collected: Sequence[float],
    rate: tuple[float, float],
    *,
    sites: int,
    rng: np.random.Generator,
) -> Star:
    """How star-like the isolates are.

    snps: (isolates, isolates) distances, all known. collected: decimal years. rate: median per site and
    year, standard deviation of its logarithm. sites: positions at which they could differ. Raises
    ValueError for fewer than three isolates.
    """
    if len(names) < 3:
        raise ValueError("a star has three rays at least")
    private = private_snps(snps)
    own, total = float(private.sum()), float(snps.sum()) / 2
    shared = max(total - (len(names) - 1) * own, 0.0)
    times = np.asarray(collected) - min(collected)
    rates = rate[0] * sites * np.exp(rate[1] * np.array(_BRANCH_RATES))
    return Star(
        isolates=tuple(names),
        private=tuple(private.tolist()),
        variable=own + shared / max(2 * (len(names) - 2), 1),
        index=1 - shared / total if total else None,
        as_even=_as_uneven(private, times, rates, rng),
        chance=None if len(names) == 3 else chance(own, shared, times, rates, rng=rng),
    )


def verdict(found: Star) -> StarVerdict:
    """What the numbers come to; three isolates cannot nest, so of them only unevenness can be told."""
    if found.chance is not None and found.chance <= 1 - SURE:
        return "nested"
    if found.as_even < UNEVEN:
        return "uneven"
    return "star" if found.chance is not None and found.chance >= SURE else "cannot tell"


def private_snps(snps: Values) -> Values:
    """SNPs of each isolate that no other has, from the distances between three isolates or more."""
    found = np.empty(len(snps))
    for at, row in enumerate(snps):
        others = np.delete(np.arange(len(snps)), at)
        apart = (row[others][:, None] + row[others][None, :] - snps[np.ix_(others, others)]) / 2
        np.fill_diagonal(apart, np.inf)
        found[at] = max(apart.min(), 0.0)
    return found


def _means(times: Values, rates: Values) -> Values:
    """Private SNPs expected, by rate, ancestor's date and isolate."""
    expected: Values = rates[:, None, None] * (times[None, None, :] + ANCESTOR_YEARS[None, :, None])
    return expected


def _as_uneven(private: Values, times: Values, rates: Values, rng: np.random.Generator) -> float:
    """Share of point sources, simulated as the counts suggest, whose counts are at least as uneven."""
    mean = _means(times, rates)
    fit = (private * np.log(mean) - mean).sum(axis=2).ravel()
    weight = np.exp(fit - logsumexp(fit))
    chosen = rng.choice(len(weight), size=_REPEATS, p=weight / weight.sum())
    expected = mean.reshape(-1, len(private))[chosen]
    drawn = rng.poisson(expected)
    unevenness = ((drawn - expected) ** 2 / expected).sum(axis=1)
    seen = ((private - expected) ** 2 / expected).sum(axis=1)
    return float(((unevenness >= seen).sum() + 1) / (_REPEATS + 1))

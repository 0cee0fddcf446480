"""Whether three or more isolates spread from one point in time, like the rays of a star.

Under a point source all isolates go back to one ancestor at date A, so each has its own private SNPs,
m_i ~ Poisson(lambda (t_i - A)), independent given A; chains of patients and chance neighbours nest, and
share SNPs with some but not with others. Of distances along a tree the private SNPs of an isolate are
m_i = min over j, k of (d_ij + d_ik - d_jk) / 2 (Buneman 1971), so distances are enough: a pair shares the
differences of a star exactly when d_ij = m_i + m_j.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from abscope.records import Star, StarVerdict

Values = NDArray[np.float64]

ANCESTOR_YEARS = np.geomspace(0.05, 30.0, 40)
"""How long before the first specimen the ancestor may have lived, all equally likely on this scale."""
UNLIKELY = 0.05
"""Chance samples as star-like, below which a star is one."""
UNEVEN = 0.01
"""Point sources as uneven, below which an isolate does not belong."""
NESTED = 0.25
"""Share of differences that some but not all share, from which a star is none."""
FEWEST = 3
"""Differences without which nothing can be told."""
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
    nested = float(snps.sum()) / 2 - (len(names) - 1) * float(private.sum())
    variable = float(private.sum()) + max(nested, 0.0) / max(2 * (len(names) - 2), 1)
    index = _index(private, snps)
    times = np.asarray(collected) - min(collected)
    rates = rate[0] * sites * np.exp(rate[1] * np.array(_BRANCH_RATES))
    return Star(
        isolates=tuple(names),
        private=tuple(private.tolist()),
        variable=variable,
        index=index,
        likelihood=float(np.exp(_log_likelihood(private, times, rates))),
        as_even=_as_uneven(private, times, rates, rng),
        as_starlike=None
        if index is None or len(names) == 3
        else _by_chance(len(names), max(round(variable), 1), index, rng),
    )


def verdict(found: Star) -> StarVerdict:
    """What the numbers come to; three isolates cannot nest, so of them only unevenness can be told."""
    if found.variable < FEWEST or found.index is None:
        return "cannot tell"
    if found.as_even < UNEVEN:
        return "uneven"
    if found.as_starlike is None:
        return "cannot tell"
    if found.index <= 1 - NESTED:
        return "nested"
    return "star" if found.as_starlike < UNLIKELY else "cannot tell"


def private_snps(snps: Values) -> Values:
    """SNPs of each isolate that no other has, from the distances between three isolates or more."""
    found = np.empty(len(snps))
    for at, row in enumerate(snps):
        others = np.delete(np.arange(len(snps)), at)
        apart = (row[others][:, None] + row[others][None, :] - snps[np.ix_(others, others)]) / 2
        np.fill_diagonal(apart, np.inf)
        found[at] = max(apart.min(), 0.0)
    return found


def _index(private: Values, snps: Values) -> float | None:
    """The share of all pairs' differences that one isolate alone makes."""
    total = float(snps.sum()) / 2
    return min((len(private) - 1) * float(private.sum()) / total, 1.0) if total else None


def _means(times: Values, rates: Values) -> Values:
    """Private SNPs expected, by rate, ancestor's date and isolate."""
    expected: Values = rates[:, None, None] * (times[None, None, :] + ANCESTOR_YEARS[None, :, None])
    return expected


def _log_likelihood(private: Values, times: Values, rates: Values) -> float:
    """Of the private counts, over the ancestor's date and the rate."""
    mean = _means(times, rates)
    each = private * np.log(mean) - mean - gammaln(private + 1)
    return float(logsumexp(each.sum(axis=2)) - np.log(len(rates) * len(ANCESTOR_YEARS)))


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


def _by_chance(tips: int, variable: int, index: float, rng: np.random.Generator) -> float:
    """Share of chance samples (coalescent trees) in which as much is one isolate's alone."""
    shares = np.array([_coalescent_index(tips, variable, rng) for _ in range(_REPEATS // 4)])
    return float(((shares >= index - 1e-9).sum() + 1) / (len(shares) + 1))


def _coalescent_index(tips: int, variable: int, rng: np.random.Generator) -> float:
    """The index of `variable` sites thrown on one coalescent tree."""
    sizes, length = [1] * tips, np.zeros(tips + 1)
    while len(sizes) > 1:
        k = len(sizes)
        wait = rng.exponential(2 / (k * (k - 1)))
        np.add.at(length, sizes, wait)
        first, second = sorted(rng.choice(k, 2, replace=False).tolist())
        sizes[first] += sizes.pop(second)
    carriers = np.arange(1, tips)
    drawn = rng.multinomial(variable, length[1:tips] / length[1:tips].sum())
    pairs = drawn * carriers * (tips - carriers)
    return float((pairs[0] + pairs[-1]) / pairs.sum())

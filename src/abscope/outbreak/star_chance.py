"""How likely a group of isolates spread from one point, by what is shared among their differences.

Any group is a coalescent tree of scale theta (mean years two lineages have had in common apart from the
rest; Kingman 1982), whose lineages then each went on alone for A years and to their specimens' dates. One
event or one frozen product is theta near 0: all differences are private. Chains of patients, sources that
go on, and chance neighbours have theta of months to years: some differences are shared. Given a tree,
private and shared SNPs are Poisson counts. How many are private says more of time than of theta, so what
weighs is the chance of as many shared given so many private, averaged over trees, A and rate.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit, logsumexp

Values = NDArray[np.float64]

POINT_SCALES = np.array([0.0, 0.03, 0.1])
"""Years in common, of one event or a frozen product."""
OTHER_SCALES = np.geomspace(0.8, 10.0, 6)
"""The same of anything else."""
ANCESTOR_YEARS = np.geomspace(0.05, 30.0, 20)
"""How long each lineage went on alone before the first specimen, all equally likely on this scale."""
PRIOR = 0.5
"""That a group spread from one point, before its SNPs are seen."""
_RECURRENT = 0.02
"""SNPs expected to look shared by error or by arising twice."""
_TREES = 300


def chance(
    private: float, shared: float, times: Values, rates: Values, *, rng: np.random.Generator
) -> float:
    """The posterior that isolates spread from one point.

    private: SNPs that one isolate alone has, of all. shared: sum over pairs of the differences that are
    not private to either. times: years of each specimen after the first. rates: SNPs a year of a genome,
    all equally likely.
    """
    alone, common, weight = _trees(len(times), rng)
    log_each = [
        _likelihood(private, np.round(shared / weight), scale, (alone, common), times, rates)
        for scale in (*POINT_SCALES, *OTHER_SCALES)
    ]
    point = logsumexp(log_each[: len(POINT_SCALES)]) - np.log(len(POINT_SCALES))
    other = logsumexp(log_each[len(POINT_SCALES) :]) - np.log(len(OTHER_SCALES))
    return float(expit(logit(PRIOR) + point - other))


def _likelihood(
    private: float,
    shared: Values,
    scale: float,
    trees: tuple[Values, Values],
    times: Values,
    rates: Values,
) -> float:
    """Log chance of the shared SNPs given the private ones. shared: by tree."""
    alone, common = (scale * part for part in trees)
    years = alone[:, None] + times.sum() + len(times) * ANCESTOR_YEARS
    of_private = logsumexp(_log_poisson(private, years[..., None] * rates), axis=1)
    of_shared = _log_poisson(shared[:, None], common[:, None] * rates + _RECURRENT)
    return float(logsumexp(of_private + of_shared) - logsumexp(of_private))


def _log_poisson(count: Values | float, mean: Values) -> Values:
    found: Values = count * np.log(mean) - mean - gammaln(np.asarray(count) + 1)
    return found


def _trees(tips: int, rng: np.random.Generator) -> tuple[Values, Values, Values]:
    """Of coalescent trees of scale 1: length that cuts off one tip, other length, pairs it parts."""
    length = np.stack([_lengths(tips, rng) for _ in range(_TREES)])
    carriers = np.arange(1, tips)
    inner = (carriers > 1) & (carriers < tips - 1)
    common = length[:, inner].sum(1)
    parted = length[:, inner] @ (carriers * (tips - carriers))[inner]
    weight = np.divide(parted, common, out=np.full(_TREES, np.inf), where=common > 0)
    return length[:, ~inner].sum(1), common, weight


def _lengths(tips: int, rng: np.random.Generator) -> Values:
    """Length of a tree's edges above 1, 2, ... tips - 1 tips."""
    sizes, length = [1] * tips, np.zeros(tips)
    while len(sizes) > 1:
        k = len(sizes)
        np.add.at(length, sizes, rng.exponential(2 / (k * (k - 1))))
        first, second = sorted(rng.choice(k, 2, replace=False).tolist())
        sizes[first] += sizes.pop(second)
    return length[1:]

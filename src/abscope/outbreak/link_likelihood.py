"""The chance of exactly d SNPs between two isolates, given how their infections hang together.

With rate lambda (SNPs a year over the sites both have), L0 dated years between them and a common ancestor
an exponential time (mean theta) before, d is a Poisson count plus a geometric one:

    P(d) = sum over k = 0..d of Poisson(d - k; lambda L0 + errors) p (1 - p)^k,  p = 1 / (1 + 2 lambda theta)

which follows from P(d) = p Poisson(d) + (1 - p) P(d - 1) and is averaged here over dates, rate, theta and
the share delta of its time in which the germ replicates in the source.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

Values = NDArray[np.float64]

RATE_NODES = 7
_CHUNK = 512


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """What may have happened between two isolates, each with its prior mass (adding to 1).

    activity: share of its time in which the germ replicates outside patients. diversity: mean years from
    two draws to their common ancestor, beyond the dated ones; times activity where `resting`.
    """

    activity: Values
    activity_weight: Values
    diversity: Values
    diversity_weight: Values
    resting: bool = True


def geometric_poisson(limit: int, mean: Values, excess: Values) -> Values:
    """P(0..limit) of a Poisson count of `mean` plus a geometric one of mean `excess`.

    mean and excess broadcast; returns float64 (limit + 1, ...).
    """
    return _convolved(_poisson(limit, mean) + 0 * excess, excess)


def _poisson(limit: int, mean: Values) -> Values:
    """Poisson probabilities of 0..limit, in front of the axes of `mean`."""
    found = np.empty((limit + 1, *mean.shape))
    found[0] = np.exp(-mean)
    for d in range(1, limit + 1):
        np.multiply(found[d - 1], mean, out=found[d])
        found[d] /= d
    return found


def _convolved(poisson: Values, excess: Values) -> Values:
    p = 1 / (1 + excess)
    found = np.empty_like(poisson)
    found[0] = p * poisson[0]
    for d in range(1, len(poisson)):
        found[d] = p * poisson[d] + (1 - p) * found[d - 1]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Clockwork:
    """How SNPs come to be counted between the isolates of each pair.

    rate, rate_weight: per site and year, with prior mass. sites: compared, (pairs,). errors: false SNPs
    expected of both isolates, (pairs,).
    """

    rate: Values
    rate_weight: Values
    sites: Values
    errors: Values

    def part(self, rows: slice) -> "Clockwork":
        """The same for some of the pairs."""
        return Clockwork(self.rate, self.rate_weight, self.sites[rows], self.errors[rows])


def rate_nodes(median: float, spread: float) -> tuple[Values, Values]:
    """Rates and their prior mass under a log-normal, by Gauss-Hermite quadrature."""
    at, weight = hermegauss(RATE_NODES)
    return median * np.exp(spread * at), weight / weight.sum()


def likelihoods(
    limit: int, host: Values, gap: Values, *, clockwork: Clockwork, growth: Growth
) -> Values:
    """P(0..limit SNPs) for each pair, float64 (pairs, limit + 1).

    host, gap: years in patients and in the source, (pairs, nodes), see link_paths.
    """
    found = np.zeros((len(host), limit + 1))
    for start in range(0, len(host), _CHUNK):
        rows = slice(start, start + _CHUNK)
        found[rows] = _chunk(limit, host[rows], gap[rows], clockwork.part(rows), growth)
    return found


def _chunk(limit: int, host: Values, gap: Values, clockwork: Clockwork, growth: Growth) -> Values:
    total = np.zeros((limit + 1, len(host)))
    even = np.full(host.shape[1], 1 / host.shape[1])
    for rate, mass in zip(clockwork.rate, clockwork.rate_weight, strict=True):
        per_year = (rate * clockwork.sites)[:, None]
        for activity, weight in zip(growth.activity, growth.activity_weight, strict=True):
            mean = per_year * (host + activity * gap) + clockwork.errors[:, None]
            poisson = _poisson(limit, mean) @ even
            share = activity if growth.resting else 1.0
            excess = 2 * per_year * share * growth.diversity[None, :]
            spread = _convolved(np.repeat(poisson[:, :, None], excess.shape[1], 2), excess)
            total += mass * weight * (spread @ growth.diversity_weight)
    return total.T

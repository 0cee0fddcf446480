"""The lower end of a distribution of SNPs between unlinked isolates: smoothed, and with its interval.

Two patients whose isolates parted L SNPs' worth of time ago are a Poisson number of SNPs apart, so the
distances of a stratum are a mixture of Poisson distributions. The mixture over L is found by expectation-
maximisation from a start that prefers no scale, stopped early, which keeps it smooth (a maximum-likelihood
mixture; Laird, J Am Stat Assoc 1978;73:805). One pair more than were seen is added, spread over 0 to the
largest distance by 1/(d + 1), so that no distance is ever impossible.

The interval is by bootstrap of patients (pairs share patients, and are not independent). It reaches up to
1 - 0.05^(1/n), about 3/n, of n patients at least: what none among n leaves open.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import norm as normal
from scipy.stats import t as student

from abscope.kernels import kernel

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

STEPS = 300  # of expectation-maximisation
REPEATS = 500
_GRID = 160
_BEYOND = 3  # distances up to this many times the limit shape the mixture


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Pairs of one stratum whose distance is known: their two patients (0-based) and SNPs, int64 (pairs,)."""

    patients: int
    first: Counts
    second: Counts
    snps: Counts


def pairs_apart(snps: NDArray[np.float32]) -> Apart:
    """Every two patients of a matrix (n, n) with a distance; NaN: it cannot be told."""
    first, second = np.triu_indices(len(snps), 1)
    found = snps[first, second]
    told = ~np.isnan(found)
    return Apart(len(snps), first[told], second[told], np.rint(found[told]).astype(np.int64))


def counted(apart: Apart, limit: int) -> Counts:
    """Pairs at most d SNPs apart, for d = 0 to limit."""
    return np.cumsum(np.bincount(np.minimum(apart.snps, limit + 1), minlength=limit + 2)[:-1])


def smoothed(apart: Apart, limit: int) -> Floats:
    """Share of pairs at most d SNPs apart, for d = 0 to limit: rises at every step, never zero."""
    pairs = len(apart.snps)
    farthest = max(int(apart.snps.max(initial=0)), limit)
    steps = 1 / np.arange(1, limit + 2)
    prior = np.cumsum(steps) / np.sum(1 / np.arange(1, farthest + 2))
    cap = _BEYOND * limit + 20
    seen = np.bincount(np.minimum(apart.snps, cap + 1), minlength=cap + 2)[:-1]
    return (_mixture(seen, limit) + prior) / (pairs + 1)


def _mixture(seen: Counts, limit: int) -> Floats:
    """Expected pairs at most d apart, of the pairs in `seen`, by the fitted mixture."""
    total = int(seen.sum())
    if not total:
        return np.zeros(limit + 1)
    rates = np.geomspace(0.1, len(seen), _GRID)
    snps = np.arange(len(seen))
    table = np.exp(np.outer(np.log(rates), snps) - rates[:, None] - gammaln(snps + 1))
    weight = np.full(len(rates), 1 / len(rates))
    for _ in range(STEPS):
        fitted = np.maximum(weight @ table, 1e-300)
        weight *= table @ (seen / fitted) / total
    expected = total * np.cumsum(weight @ table)[: limit + 1]
    return np.asarray(np.minimum(expected, total), dtype=np.float64)


def resampled(apart: Apart, limit: int, rng: np.random.Generator) -> Floats:
    """Shares at most d SNPs apart among patients drawn again with replacement, (repeats, limit + 1).

    A patient drawn twice is not compared with itself.
    """
    drawn = rng.multinomial(apart.patients, [1 / apart.patients] * apart.patients, size=REPEATS)
    weights = _weighed(drawn, apart.first, apart.second, np.minimum(apart.snps, limit + 1), limit)
    pairs = weights.sum(axis=1, keepdims=True)
    within = np.cumsum(weights[:, : limit + 1], axis=1)
    found = np.zeros(within.shape)
    np.divide(within, pairs, out=found, where=pairs > 0)
    return found


@kernel
def _weighed(
    drawn: Counts, first: Counts, second: Counts, snps: Counts, limit: int
) -> Floats:  # pragma: no cover
    """Pairs at each distance, each as often as its two patients were drawn together; last: farther."""
    found = np.zeros((len(drawn), limit + 2))
    for row in range(len(drawn)):
        times = drawn[row]
        for pair in range(len(snps)):
            found[row, snps[pair]] += times[first[pair]] * times[second[pair]]
    return found


def interval(
    apart: Apart, share: Floats, rng: np.random.Generator, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Lower and upper bounds of a smoothed share."""
    limit = len(share) - 1
    unseen = none_seen(apart.patients)
    if not len(apart.snps):
        return np.zeros(limit + 1), np.ones(limit + 1)
    tail = 100 * _expanded(apart.patients, (1 - level) / 2)
    low, high = np.percentile(resampled(apart, limit, rng), [tail, 100 - tail], axis=0)
    low = np.minimum.accumulate(np.minimum(low, share)[::-1])[::-1]
    high = np.maximum.accumulate(np.maximum(np.maximum(high, share), unseen))
    return low, np.minimum(high, 1.0)


def _expanded(patients: int, tail: float) -> float:
    """The percentile to read so that few patients give no narrower an interval than Student's t would.

    Hesterberg, Am Stat 2015;69:371: resampling shrinks the spread by (n - 1)/n.
    """
    if patients < 3:
        return 0.0
    widened = np.sqrt(patients / (patients - 1)) * student.ppf(tail, patients - 1)
    return float(normal.cdf(widened))


def none_seen(patients: int) -> float:
    """The largest share that is still credible (95 %) where none of n patients shows it: about 3/n."""
    return float(1 - 0.05 ** (1 / patients)) if patients else 1.0

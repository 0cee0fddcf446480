"""How many cases nobody has counted.

A case is counted if it passes every step: it seeks care, is cultured, identified, reported, linked. With n
counted of N and a chance p, n ~ Binomial(N, p); with a prior on N as 1/N, N - n is negative binomial,
and beta-negative-binomial where p itself is uncertain, Beta(p k, (1-p) k). Two lists that overlap tell
the number without guessing p (Chapman 1951).
"""

from collections.abc import Sequence
from math import prod, sqrt

from scipy import stats

from abscope.records.traces import Factor, Undetected

CERTAINTY = 20.0
"""How sure one is of the share counted, as Beta(p k, (1-p) k) with k = 20: as good as having seen twenty."""


def undetected(
    counted: int, factors: Sequence[Factor], *, certainty: float | None = CERTAINTY
) -> Undetected:
    """The number of cases in all, median and 95 % interval, beside the factors it rests on.

    certainty: None takes the share as known exactly. Raises ValueError without a case or a factor.
    """
    if counted < 1 or not factors:
        raise ValueError("at least one counted case and one factor are needed")
    share = prod(factor.share for factor in factors)
    low, median, high = (_missed(counted, share, certainty, at) for at in (0.025, 0.5, 0.975))
    steps = " x ".join(f"{factor.name} {factor.share:g}" for factor in factors)
    sentence = (
        f"{counted} counted; if {share:.1%} of cases are ({steps}), there are about {counted + median} "
        f"in all (95 % interval {counted + low} to {counted + high})."
    )
    interval = (counted + low, counted + high)
    return Undetected(counted, tuple(factors), share, counted + median, interval, sentence)


def _missed(counted: int, share: float, certainty: float | None, at: float) -> int:
    if share == 1:
        return 0
    if certainty is None:
        return int(stats.nbinom.ppf(at, counted, share))
    return _beta_negative_binomial(at, counted, share * certainty, (1 - share) * certainty)


def _beta_negative_binomial(at: float, n: int, a: float, b: float) -> int:
    """Quantile by doubling, then halving: the tail is heavy."""
    low, high = -1, 1
    while stats.betanbinom.cdf(high, n, a, b) < at:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if stats.betanbinom.cdf(middle, n, a, b) < at:
            low = middle
        else:
            high = middle
    return high


def two_lists(first: int, second: int, both: int) -> tuple[float, tuple[float, float]]:
    """Chapman's estimate of all cases from two lists, and a 95 % interval.

    first, second: cases on each list (a laboratory's, the clinicians'); both: on either. It holds if being
    on one list says nothing about being on the other. Raises ValueError where counts contradict.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError("no more cases can be on both lists than on either")
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both)
    spread = 1.96 * sqrt(variance / ((both + 1) ** 2 * (both + 2)))
    seen = first + second - both
    return total, (max(total - spread, float(seen)), total + spread)

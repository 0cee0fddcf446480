"""Stretches of a branch where substitutions lie denser than elsewhere on it.

The densest stretch is the one of largest likelihood ratio, one rate inside and one outside (Croucher
et al. 2015, with Kulldorff's scan statistic, 1997, over all stretches that begin and end at a
substitution instead of windows). What is found is cut out, and the rest is looked at again, as long
as a stretch is beyond chance.
"""

from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel

Longs = NDArray[np.int64]
Reals = NDArray[np.float64]
Found = tuple[int, int, float]

_DENSER = 2.0  # a stretch is at least so many times denser than the branch
_GAPPED = 1e-3  # chance of a gap below which a stretch is two
_PRECISION = 1e-12


@kernel
def dense_stretches(
    places: Longs, length: int, fewest: int, looks: float, level: float
) -> tuple[Longs, Reals]:
    """First and last substitution of every dense stretch, (k, 2), and their log p-values of one branch.

    places: where substitutions lie on the readable genome of `length`, ascending. fewest: of them in a
    stretch. looks: branches looked at. level: largest p-value, corrected for looks. They are in the
    order in which they were found: with more looks the first of them remain, up to one that is chance.
    """
    left, index = places.copy(), np.arange(len(places))
    bounds, chances = np.empty((len(places), 2), np.int64), np.empty(len(places))
    count = 0
    while len(left) >= fewest:
        first, last, _ = densest(left, length, fewest)
        if first < 0:
            break
        first, last = without_gaps(left, length, first, last)
        inside, span = last - first + 1, left[last] - left[first] + 1
        chance = log_chance(inside, len(left), span / length)
        if inside >= fewest:
            if chance + log(looks) > log(level):
                break
            bounds[count] = index[first], index[last]
            chances[count] = chance
            count += 1
        left = _cut(left, first, last, span)
        index = np.concatenate((index[:first], index[last + 1 :]))
        length -= span
    return bounds[:count].copy(), chances[:count].copy()


@kernel
def densest(places: Longs, length: int, fewest: int) -> Found:
    """First and last substitution of the stretch of largest log likelihood ratio, and that; or -1."""
    total, best = len(places), 0.0
    found = (-1, -1)
    for first in range(total - fewest + 1):
        for last in range(first + fewest - 1, total):
            inside, span = last - first + 1, places[last] - places[first] + 1
            if inside * float(length) >= _DENSER * total * float(span):
                ratio = _log_ratio(inside, total, span / length)
                if ratio > best:
                    best, found = ratio, (first, last)
    return found[0], found[1], best


@kernel
def without_gaps(places: Longs, length: int, first: int, last: int) -> tuple[int, int]:
    """Narrow a stretch until no gap inside is too long for it; of two parts the likelier one is kept.

    Two imports far apart on one branch look like one as long as either counts as background of the
    other. A gap is too long where chance would leave one as long among k substitutions in fewer than
    one of a thousand stretches: k (1 - gap / span)^(k - 1).
    """
    while first < last:
        span, at = places[last] - places[first] + 1, first
        for k in range(first, last):
            if places[k + 1] - places[k] > places[at + 1] - places[at]:
                at = k
        count, gap = last - first + 1, places[at + 1] - places[at]
        if count * (1 - gap / span) ** (count - 1) >= _GAPPED:
            break
        left = _ratio_of(places, length, first, at)
        if left >= _ratio_of(places, length, at + 1, last):
            last = at
        else:
            first = at + 1
    return first, last


@kernel
def _ratio_of(places: Longs, length: int, first: int, last: int) -> float:
    share = (places[last] - places[first] + 1) / length
    return float(_log_ratio(last - first + 1, len(places), share))


@kernel
def _log_ratio(inside: int, total: int, share: float) -> float:
    """Log likelihood ratio of one rate in a share of the genome and another outside, against one rate."""
    outside = total - inside
    ratio = inside * log(inside / (total * share))
    if outside:
        ratio += outside * log(outside / (total * (1 - share)))
    return ratio


@kernel
def log_chance(inside: int, total: int, share: float) -> float:
    """Log of the most that chance gives a stretch anywhere with so many in so small a share.

    Substitutions scattered at random: each may begin a stretch that holds `inside` - 1 of the others,
    and every number of them was tried (Bonferroni for both).
    """
    return 2 * log(total) + float(_log_tail(inside - 1, total - 1, share))


@kernel
def _log_tail(least: int, trials: int, share: float) -> float:
    """Log of the binomial chance of `least` successes or more."""
    if least <= trials * share:
        return 0.0
    term = lgamma(trials + 1.0) - lgamma(least + 1.0) - lgamma(trials - least + 1.0)
    term += least * log(share) + (trials - least) * np.log1p(-share)
    odds, whole, part = share / (1 - share), 1.0, 1.0
    for k in range(least, trials):
        part *= (trials - k) / (k + 1) * odds
        whole += part
        if part < _PRECISION * whole:
            break
    return float(term + log(whole))


@kernel
def _cut(places: Longs, first: int, last: int, span: int) -> Longs:
    """Close the gap that a stretch leaves."""
    return np.concatenate((places[:first], places[last + 1 :] - span))


def as_chance(log_value: float) -> float:
    """A p-value; below 1e-300 it is 1e-300, since nought would be a claim."""
    return max(exp(max(log_value, -745.0)), 1e-300)

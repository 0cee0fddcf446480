"""How often isolates of patients with nothing to do with each other are d SNPs apart, with its doubt.

Close pairs are few, so the share of pairs at exactly d is read off the narrowest stretch of distances
around d that holds enough of them. What no pair has shown is not impossible: of n patients without a pair
that close, about 1/(n + 1) of further pairs may be, and at most about 3/n.
"""

from dataclasses import dataclass
from math import expm1, log1p

from abscope.records import Background, ChanceMatches

ENOUGH = 3
"""Pairs a stretch must hold before their share is taken as it is."""
NARROWEST = 25
"""Distances over which the doubt about unseen pairs is spread at least, SNPs."""


@dataclass(frozen=True, slots=True)
class ChanceLikelihood:
    """The chance of exactly d SNPs between unlinked patients, and with the background at its bounds."""

    expected: float
    low: float
    high: float


def at_distance(background: Background, snps: int) -> ChanceLikelihood:
    """The chance that two unlinked patients of this stratum are exactly `snps` apart."""
    limit = background.limit
    if snps > limit:
        beyond = (1 - float(background.share[-1]) + 1 / (background.patients + 1)) / (
            4 * (limit + 1)
        )
        return ChanceLikelihood(beyond, beyond, beyond)
    low, high = _stretch(background, snps)
    width = high - low + 1
    seen = _between(background, low, high)
    extent = max(2 * snps, NARROWEST) + 1
    unseen = 1 / ((background.patients + 1) * extent)
    share = float(background.share[high])
    expected = seen / width + unseen
    most = seen / width * _ratio(float(background.upper[high]), share)
    return ChanceLikelihood(
        expected=expected,
        low=seen / width * _ratio(float(background.lower[high]), share) + unseen / 20,
        high=max(most, 3 * unseen, expected),
    )


def matches(background: Background, snps: int, compared: int | None) -> ChanceMatches:
    """How many of `compared` unlinked patients one isolate is expected to match by chance."""
    at = min(snps, background.limit)
    share, upper = float(background.share[at]), float(background.upper[at])
    searched = background.patients if compared is None else compared
    return ChanceMatches(
        stratum=background.stratum,
        patients=background.patients,
        share=share,
        upper=upper,
        compared=searched,
        expected=searched * share,
        any=_any(share, searched),
        any_upper=_any(upper, searched),
    )


def _any(share: float, searched: int) -> float:
    return 1.0 if share >= 1 else -expm1(searched * log1p(-share))


def _between(background: Background, low: int, high: int) -> float:
    below = float(background.share[low - 1]) if low else 0.0
    return float(background.share[high]) - below


def _stretch(background: Background, snps: int) -> tuple[int, int]:
    """The narrowest stretch around `snps` with enough pairs; all distances where none has."""
    for reach in range(1, background.limit + 1):
        low, high = max(0, snps - reach), min(background.limit, snps + reach)
        if _between(background, low, high) * background.pairs >= ENOUGH:
            return low, high
    return 0, background.limit


def unseen_to(background: Background) -> int | None:
    """The largest distance within which less than one pair was seen; None where some are identical."""
    seen = background.share * background.pairs >= 1
    first = int(seen.argmax()) if seen.any() else background.limit + 1
    return first - 1 if first else None


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0

"""How likely the second bases of an isolate are, if errors, scattered shares or one common share made them.

The reads' own error rates come from positions with a single odd base. What errors do not explain is a
Poisson number of positions of three kinds: shares scattered evenly (by their logarithm) from 0.2 % to
50 %, shares of which low ones are far commoner (f to the power -2), and shares that are all one. Reads of
a share are beta-binomial: the depth of one strain varies against the other's along the genome.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln
from scipy.stats import binom

from abscope.records import MinorSites

Floats = NDArray[np.float64]
SCATTERED = np.geomspace(0.002, 0.5, 56)
"""Shares over which scattered ones are summed."""
WAVE = 0.2
"""Standard deviation of the logit of a share along the genome."""
GUARD = 2.0
"""Errors are taken to be so many times as frequent as they are seen to be: some places draw more."""
HEAPS, LOOSE = np.geomspace(0.005, 0.5, 12), 0.5
"""Where shares of a mutator's offspring may gather, and the standard deviation of their logit."""
_DEPTHS, _ROUNDS = 40, 60


class Looked(NamedTuple):
    """Positions looked at in the range of depths that is judged.

    depths: int64 (r,), a few that stand for all. weights: (4, r), share of the positions looked at, by
    base. total: positions. least: int64 (4, 4, depths), reads that a second base needs so that errors
    give about one position in the whole genome; by commonest base, second base and depth. rates:
    (4, 4), guarded errors per base read.
    """

    depths: NDArray[np.int64]
    weights: Floats
    total: int
    least: NDArray[np.int64]
    rates: Floats


class Sites(NamedTuple):
    """Positions with a second base beyond errors.

    depth, seen: int64 (k,), reads and those with the second base. weights: (k,), less than 1 where
    sites crowd. errors: (k,), chance that errors give so many reads.
    """

    depth: NDArray[np.int64]
    seen: NDArray[np.int64]
    weights: Floats
    errors: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The likelihood of the sites with so many scattered ones and so many of one share.

    belongs: (k,), the chance that each site is of the common share.
    """

    log_likelihood: float
    common: float
    scattered: float
    belongs: Floats


def error_rates(minor: MinorSites) -> Floats:
    """Errors per base read, (4, 4), by true base and base read (A C G T).

    Positions with one odd base against those with none: real second bases rarely show just once.
    """
    rates = (minor.odd.sum(axis=2) + 0.5) / np.maximum(minor.clean, 1.0)[:, None]
    np.fill_diagonal(rates, 0.0)
    return np.asarray(np.minimum(rates, 0.1))


def looked_at(minor: MinorSites, low: int, high: int) -> Looked:
    """Positions of depth `low` to `high` (exclusive), and what a second base needs there."""
    inside = minor.looked[:, low:high]
    total = int(inside.sum())
    rates = np.minimum(GUARD * error_rates(minor), 0.25)
    depths = np.arange(high)
    chance = 1 / max(total, 1)
    beyond = np.asarray(binom.isf(chance, depths[None, None, :], rates[:, :, None]))
    least = np.maximum(beyond.astype(np.int64) + 1, np.maximum(2, -(-depths // 100)))
    edges = np.unique(np.linspace(low, high, min(_DEPTHS, high - low) + 1).astype(np.int64))
    parts = [inside[:, a - low : b - low].sum(axis=1) for a, b in pairwise(edges)]
    weights = np.stack(parts, axis=1) / max(total, 1)
    return Looked((edges[:-1] + edges[1:] - 1) // 2, weights, total, least, rates)


def sites_of(looked: Looked, table: NDArray[np.int64], weights: Floats) -> Sites:
    """Sites from a table, int64 (k, 4): index of both bases, depth, reads of the second base."""
    major, second, depth, seen = table.T
    errors = binom.pmf(seen, depth, looked.rates[major, second])
    return Sites(depth, seen, weights, np.asarray(errors))


def chances(depth: NDArray[np.int64], seen: NDArray[np.int64], shares: Floats) -> Floats:
    """Chance that the rarer of two bases shows in `seen` of `depth` reads, (k, shares)."""
    one = np.exp(_log_beta_binomial(depth[:, None], seen[:, None], shares))
    two = np.exp(_log_beta_binomial(depth[:, None], (depth - seen)[:, None], shares))
    return np.where((2 * seen == depth)[:, None], one, one + two)


def _log_beta_binomial(depth: NDArray[np.int64], seen: NDArray[np.int64], shares: Floats) -> Floats:
    spread = 1 / (WAVE**2 * shares * (1 - shares))
    a, b = shares * spread, (1 - shares) * spread
    ways = gammaln(depth + 1) - gammaln(seen + 1) - gammaln(depth - seen + 1)
    return np.asarray(ways + betaln(seen + a, depth - seen + b) - betaln(a, b))


def power(looked: Looked, shares: Floats) -> Floats:
    """Share of the differences between two strains that show beyond errors, one for each share."""
    found = np.zeros(len(shares))
    for at, depth in enumerate(looked.depths):
        if not looked.weights[:, at].any():
            continue
        half = np.arange(depth // 2 + 1)
        tails = np.cumsum(chances(np.full(len(half), depth), half, shares)[::-1], axis=0)[::-1]
        tails = np.concatenate([tails, np.zeros((1, len(shares)))])
        for base in range(4):
            needed = np.minimum(np.delete(looked.least[base, :, depth], base), len(half))
            found += looked.weights[base, at] * tails[needed].mean(axis=0)
    return found


def _scatter_weights() -> Floats:
    """Weights of SCATTERED under both kinds of scattered shares, (shares, 2)."""
    steep = SCATTERED**-1.0  # on a logarithmic grid: density f^-2
    return np.stack([np.full(len(SCATTERED), 1 / len(SCATTERED)), steep / steep.sum()], axis=1)


def _heap_weights() -> Floats:
    """Weights of SCATTERED for shares that gather loosely around each of HEAPS, (shares, heaps)."""
    logits = np.log(SCATTERED / (1 - SCATTERED))
    centres = np.log(HEAPS / (1 - HEAPS))
    weights = np.exp(-(((logits[:, None] - centres) / LOOSE) ** 2) / 2)
    return np.asarray(weights / weights.sum(axis=0))


class Scatter(NamedTuple):
    """What scattered shares would give.

    densities: chance of each site, evenly and steeply scattered (k, 2); power: of being seen (2,).
    heaped, heaped_power: the same of shares that gather loosely around each of HEAPS, (k, h) and (h,).
    """

    densities: Floats
    power: Floats
    heaped: Floats
    heaped_power: Floats


def scatter(sites: Sites, looked: Looked) -> Scatter:
    """What scattered shares would give."""
    densities, seen = chances(sites.depth, sites.seen, SCATTERED), power(looked, SCATTERED)
    mixing, heaps = _scatter_weights(), _heap_weights()
    return Scatter(densities @ mixing, seen @ mixing, densities @ heaps, seen @ heaps)


def fit(
    sites: Sites, scattered: Scatter, looked: Looked, share: tuple[Floats, float | Floats] | None
) -> Fit:
    """Fit the numbers of positions of each kind by expectation and maximisation.

    share: chance of each site (k,) and of being seen, for one common share, or (k, h) and (h,) for
    several heaps; None for no such sites.
    """
    columns, seen = scattered.densities, scattered.power
    if share is not None:
        columns = np.column_stack([columns, share[0]])
        seen = np.append(seen, share[1])
    seen = np.maximum(seen, 1e-9)
    columns = columns / (3 * looked.total)  # a position's own base leaves three second bases
    numbers = np.full(len(seen), sites.weights.sum() / len(seen)) / seen
    for _ in range(_ROUNDS):
        parts = columns * numbers
        whole = parts.sum(axis=1) + sites.errors
        numbers = (sites.weights[:, None] * parts / whole[:, None]).sum(axis=0) / seen
    parts = columns * numbers
    whole = parts.sum(axis=1) + sites.errors
    expected = numbers * seen
    belongs = parts[:, 2] / whole if share is not None else np.zeros(len(whole))
    return Fit(
        float(sites.weights @ np.log(whole) - expected.sum()),
        float(numbers[2]) if share is not None else 0.0,
        float(expected[:2].sum()),
        belongs,
    )

"""Whether three or more isolates spread from one point in time, like the rays of a star.

Under a point source all isolates go back to one ancestor at date A, so each has its own private SNPs,
m_i ~ Poisson(lambda (t_i - A)), independent given A; chains of patients and chance neighbours nest, and
share SNPs with some but not with others.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from abscope.records import Star

Values = NDArray[np.float64]

ANCESTOR_YEARS = np.geomspace(0.05, 30.0, 40)
"""How long before the first specimen the ancestor may have lived, all equally likely on this scale."""
_REPEATS = 2000


def star(
    names: Sequence[str],
    letters: NDArray[np.uint8],
    collected: Sequence[float],
    rate: tuple[float, float],
    *,
    sites: int,
    rng: np.random.Generator,
) -> Star:
    """How star-like the isolates are.

    letters: (isolates, variable sites) ASCII; a site with anything but A, C, G, T in it does not count.
    collected: decimal years. rate: median per site and year, standard deviation of its logarithm. sites:
    positions at which they could differ. Raises ValueError for fewer than three isolates.
    """
    if len(names) < 3:
        raise ValueError("a star has three rays at least")
    carries = _carriers(letters)
    alone = (carries == 1) | (carries == len(names) - 1)
    private = _private(letters, alone & (carries > 0))
    variable = int((carries > 0).sum())
    single = int(private.sum())
    times = np.asarray(collected) - min(collected)
    rates = rate[0] * sites * np.exp(rate[1] * np.array([-1.5, -0.75, 0.0, 0.75, 1.5]))
    index = single / variable if variable else None
    return Star(
        isolates=tuple(names),
        variable=variable,
        singletons=single,
        private=tuple(private.tolist()),
        index=index,
        likelihood=float(np.exp(_log_likelihood(private, times, rates))),
        as_even=_as_uneven(private, times, rates, rng),
        as_starlike=None if index is None else _by_chance(len(names), variable, index, rng),
    )


def _carriers(letters: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many isolates differ from the first at each site of two letters; 0: site does not count."""
    known = np.isin(letters, np.frombuffer(b"ACGT", dtype=np.uint8)).all(axis=0)
    differs = letters != letters[0]
    other = np.where(differs, letters, 0).max(axis=0)
    two = (~differs | (letters == other)).all(axis=0)
    return np.where(known & two, differs.sum(axis=0), 0)


def _private(letters: NDArray[np.uint8], alone: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sites at which each isolate alone differs from all others."""
    differs = (letters != letters[0])[:, alone]
    odd = np.where(differs.sum(axis=0) == 1, differs.argmax(axis=0), 0)
    return np.bincount(odd, minlength=len(letters))


def _log_likelihood(private: NDArray[np.int64], times: Values, rates: Values) -> float:
    """Of the private counts, over the ancestor's date and the rate."""
    mean = rates[:, None, None] * (times[None, None, :] + ANCESTOR_YEARS[None, :, None])
    each = private * np.log(mean) - mean - gammaln(private + 1)
    return float(logsumexp(each.sum(axis=2)) - np.log(len(rates) * len(ANCESTOR_YEARS)))


def _as_uneven(
    private: NDArray[np.int64],
    times: Values,
    rates: Values,
    rng: np.random.Generator,
) -> float:
    """Share of point sources, simulated as the counts suggest, whose counts are at least as uneven."""
    mean = rates[:, None, None] * (times[None, None, :] + ANCESTOR_YEARS[None, :, None])
    fit = (private * np.log(mean) - mean).sum(axis=2).ravel()
    weight = np.exp(fit - logsumexp(fit))
    chosen = rng.choice(len(weight), size=_REPEATS, p=weight / weight.sum())
    expected = mean.reshape(-1, len(private))[chosen]
    drawn = rng.poisson(expected)
    unevenness = ((drawn - expected) ** 2 / expected).sum(axis=1)
    seen = ((private - expected) ** 2 / expected).sum(axis=1)
    return float(((unevenness >= seen).sum() + 1) / (_REPEATS + 1))


def _by_chance(tips: int, variable: int, index: float, rng: np.random.Generator) -> float:
    """Share of chance samples (coalescent trees) with as large a share of singletons."""
    shares = np.array([_coalescent_index(tips, variable, rng) for _ in range(_REPEATS // 4)])
    return float(((shares >= index).sum() + 1) / (len(shares) + 1))


def _coalescent_index(tips: int, variable: int, rng: np.random.Generator) -> float:
    """Singletons among `variable` sites thrown on one coalescent tree."""
    sizes, length = [1] * tips, np.zeros(tips + 1)
    while len(sizes) > 1:
        k = len(sizes)
        wait = rng.exponential(2 / (k * (k - 1)))
        np.add.at(length, sizes, wait)
        first, second = sorted(rng.choice(k, 2, replace=False).tolist())
        sizes[first] += sizes.pop(second)
    by_size = length[1:tips] / length[1:tips].sum()
    drawn = rng.multinomial(variable, by_size)
    single = drawn[0] + (drawn[-1] if tips > 2 else 0)
    return float(single / variable)

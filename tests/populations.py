"""Populations of isolates whose every distance is known, to draw patients from."""

import numpy as np
from numpy.typing import NDArray

POPULATIONS = ("constant", "growing", "star", "families", "no clone")
_SCALE = 35.0  # SNPs from an isolate to the middle of its clone


def population(kind: str, size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """SNPs of every two of `size` isolates (n, n).

    constant, growing: a coalescent. star: each alone since the clone began. families: outbreaks within a
    star, a few of them large. no clone: thousands apart, but for pairs of one strain.
    """
    match kind:
        case "constant":
            return _coalescent(size, rng, growth=0.0)
        case "growing":
            return _coalescent(size, rng, growth=0.15)
        case "star":
            return _star(rng.poisson(_SCALE, size))
        case "families":
            family = rng.zipf(1.6, size) % 400
            between = _star(rng.poisson(_SCALE, 400))[np.ix_(family, family)]
            apart = _star(rng.poisson(3, size)) + between
        case _:
            family = rng.integers(0, size // 3, size)
            apart = _star(rng.poisson(3, size)) + 8_000.0 * (family[:, None] != family)
    np.fill_diagonal(apart, 0)
    return apart.astype(np.float32)


def _star(own: NDArray[np.int64]) -> NDArray[np.float32]:
    apart = (own[:, None] + own).astype(np.float32)
    np.fill_diagonal(apart, 0)
    return apart


def _coalescent(size: int, rng: np.random.Generator, *, growth: float) -> NDArray[np.float32]:
    """Lineages join two by two, looking back; a branch gathers a Poisson number of SNPs."""
    scale = _SCALE * np.exp(_SCALE * growth)
    apart = np.zeros((size, size))
    groups = [np.array([k]) for k in range(size)]
    now = 0.0
    while len(groups) > 1:
        wait = rng.exponential() * 2 * scale / (len(groups) * (len(groups) - 1))
        then = np.log(np.exp(growth * now) + growth * wait) / growth if growth else now + wait
        for members in groups:
            _grow(apart, members, int(rng.poisson(then - now)))
        one, two = (groups.pop(int(rng.integers(len(groups)))) for _ in range(2))
        groups.append(np.concatenate((one, two)))
        now = then
    return apart.astype(np.float32)


def _grow(apart: NDArray[np.float64], members: NDArray[np.int64], snps: int) -> None:
    """SNPs of one lineage set its members apart from everybody else."""
    if snps:
        others = np.ones(len(apart), dtype=bool)
        others[members] = False
        apart[np.ix_(members, np.flatnonzero(others))] += snps
        apart[np.ix_(np.flatnonzero(others), members)] += snps

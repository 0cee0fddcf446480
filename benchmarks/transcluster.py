"""transcluster's rule, written from its paper (Stimson, Mol Biol Evol 2019;36:587, 10.1093/molbev/msy242).

N SNPs separate two specimens taken delta years apart. Beyond delta, h years lie on the path through their
common ancestor, all h equally likely before; SNPs fall at lambda a year, transmissions at beta a year.
"""

from functools import cache

import numpy as np
from scipy.stats import nbinom, poisson

RATE = 0.8
TRANSMISSIONS = 2.0
MOST = 3


def close(snps: int, apart: float, *, rate: float = RATE, beta: float = TRANSMISSIONS) -> float:
    """The chance that at most MOST transmissions lie between two specimens."""
    return _close(int(snps), round(float(apart), 1), rate, beta)


@cache
def _close(snps: int, apart: float, rate: float, beta: float) -> float:
    within = np.arange(snps + 1)
    weight = poisson.pmf(snps - within, rate * apart)
    if not weight.sum() > 0:
        return 0.0
    counts = np.arange(MOST + 1)
    on_path = nbinom.pmf(counts[None, :], within[:, None] + 1, rate / (rate + beta))
    during = poisson.cdf(MOST - counts, beta * apart)
    return float(weight @ (on_path @ during) / weight.sum())

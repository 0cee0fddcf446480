"""How much of a cluster is in one place, next to everybody else: the log-likelihood ratio of TB alerts."""

from collections.abc import Mapping
from math import log

import numpy as np
from scipy import stats


def ratio(here: int, cluster: int, place: int, everybody: int) -> float:
    """Log-likelihood ratio that a cluster has more than its share in a place; 0 where it has less.

    here: of the cluster in the place. c ln(c/E) + (C-c) ln((C-c)/(C-E)) (Kulldorff; the CDC's bands for
    tuberculosis: 5 to under 10 medium, from 10 high).
    """
    expected = cluster * place / everybody
    if here <= expected or not expected:
        return 0.0
    rest = cluster - here
    inside = here * log(here / expected)
    return inside + (rest * log(rest / (cluster - expected)) if rest else 0.0)


def by_chance(cluster: int, totals: Mapping[str, int], *, least: float, cases: int) -> float:
    """Chance that a cluster of this size, dealt out blindly, reaches `least` in some place."""
    everybody = sum(totals.values())
    chance = 0.0
    for place in totals.values():
        here = np.arange(cases, min(place, cluster) + 1)
        reached = [one for one in here.tolist() if ratio(one, cluster, place, everybody) >= least]
        chance += sum(float(stats.hypergeom.pmf(n, everybody, place, cluster)) for n in reached)
    return min(chance, 1.0)

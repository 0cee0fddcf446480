"""Who descends from whom, and when: germs of a growing clone, of a source, of a chain of patients.

A genealogy is a list of edges; SNPs fall on them by a Poisson clock, and two tips are as many SNPs apart
as lie on the edges that lead to one of them and not to the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Years = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Genealogy:
    """Nodes and the years between them.

    above: int64 (nodes,), each node's parent, -1 at the root. length: years from it. tips: int64.
    """

    above: NDArray[np.int64]
    length: Years
    tips: NDArray[np.int64]

    def snps(self, per_year: float, rng: np.random.Generator) -> NDArray[np.int64]:
        """SNPs between every two tips, (tips, tips)."""
        fallen = rng.poisson(per_year * self.length)
        return self.between(fallen.astype(np.float64)).astype(np.int64)

    def between(self, weight: Years) -> Years:
        """Sum of an edge weight on the path between every two tips, (tips, tips)."""
        lineage = np.zeros((len(self.tips), len(self.above)))
        for row, tip in enumerate(self.tips.tolist()):
            node = tip
            while node >= 0:
                lineage[row, node] = 1
                node = int(self.above[node])
        weighted = lineage * weight
        alone = weighted.sum(axis=1)
        return np.asarray(alone[:, None] + alone[None, :] - 2 * weighted @ lineage.T)


def growing(tips: int, size: float, growth: float, rng: np.random.Generator) -> Genealogy:
    """A coalescent of tips of one day whose number of ancestors shrank by `growth` a year going back.

    size: coalescent units (years) of today. Slatkin & Hudson, Genetics 1991;129:555.
    """
    above, height = np.full(2 * tips - 1, -1), np.zeros(2 * tips - 1)
    alive, now = list(range(tips)), 0.0
    for node in range(tips, 2 * tips - 1):
        pairs = len(alive) * (len(alive) - 1) / 2
        wait = rng.exponential() * size / pairs
        now += np.log1p(growth * np.exp(-growth * now) * wait) / growth
        _join(alive, node, above, rng)
        height[node] = now
    return Genealogy(above, _lengths(above, height), np.arange(tips))


def drawn(days: Sequence[float], theta: float, rng: np.random.Generator) -> Genealogy:
    """Draws from a source at several dates (decimal years): two lineages meet after theta years on average.

    Lineages join the sample, going back, at their own dates.
    """
    tips = len(days)
    order = np.argsort(days)[::-1]
    above, when = np.full(2 * tips - 1, -1), np.concatenate([days, np.zeros(tips - 1)])
    alive: list[int] = []
    node, now, entered = tips, float(days[order[0]]), 0
    while node < 2 * tips - 1:
        while entered < tips and days[order[entered]] >= now - 1e-12:
            alive.append(int(order[entered]))
            entered += 1
        pairs = len(alive) * (len(alive) - 1) / 2
        wait = rng.exponential(theta / pairs) if pairs else np.inf
        following = days[order[entered]] if entered < tips else -np.inf
        if now - wait < following:
            now = float(following)
            continue
        now -= float(wait)
        _join(alive, node, above, rng)
        when[node] = now
        node += 1
    return Genealogy(above, _lengths(above, -when), np.arange(tips))


def _join(alive: list[int], node: int, above: NDArray[np.int64], rng: np.random.Generator) -> None:
    """Let two of the lineages alive meet in `node`."""
    for _ in range(2):
        above[alive.pop(int(rng.integers(len(alive))))] = node
    alive.append(node)


def _lengths(above: NDArray[np.int64], height: Years) -> Years:
    return np.where(above >= 0, height[above] - height, 0.0)


def extended(genealogy: Genealogy, years: Sequence[float]) -> Genealogy:
    """The same with each tip grown on by some years, as in a patient after infection."""
    tips, nodes = len(genealogy.tips), len(genealogy.above)
    return Genealogy(
        np.concatenate([genealogy.above, genealogy.tips]),
        np.concatenate([genealogy.length, np.asarray(years)]),
        np.arange(nodes, nodes + tips),
    )


def scaled(genealogy: Genealogy, share: float) -> Genealogy:
    """The same with every edge shortened: a germ that replicates for a share of the time only."""
    return Genealogy(genealogy.above, genealogy.length * share, genealogy.tips)


def chained(
    infected: Sequence[float], sampled: Sequence[float], within: float, rng: np.random.Generator
) -> Genealogy:
    """Patients who infected one another, in the order of their dates; the first is the first.

    within: mean years in the giver between the ancestor passed on and the day it was passed on.
    """
    giver = [-1, *(int(rng.integers(k)) for k in range(1, len(infected)))]
    leaves = [float(infected[0]) - within]
    for k in range(1, len(infected)):
        back = infected[k] - rng.exponential(within)
        latest = min(infected[k], sampled[giver[k]])
        leaves.append(
            float(np.clip(back, leaves[giver[k]] + 1e-6, max(latest, leaves[giver[k]] + 2e-6)))
        )
    return _lineages(giver, leaves, np.maximum(sampled, leaves))


def _lineages(giver: Sequence[int], leaves: Sequence[float], ends: Years) -> Genealogy:
    """A genealogy in which each patient's lineage leaves its giver's at a date."""
    above, when, at = [-1], [leaves[0]], {0: [0]}
    tips = []
    offspring = sorted(range(1, len(giver)), key=lambda k: leaves[k])
    for k in offspring:
        line = at[giver[k]]
        above.append(line[-1])
        when.append(leaves[k])
        line.append(len(above) - 1)
        at[k] = [len(above) - 1]
    for k in range(len(giver)):
        above.append(at[k][-1])
        when.append(max(float(ends[k]), when[at[k][-1]]))
        tips.append(len(above) - 1)
    parents, dates = np.array(above), np.array(when)
    length = np.where(parents >= 0, dates - dates[parents], 0.0)
    return Genealogy(parents, length, np.array(tips))

"""Trees whose dates are known, with the substitutions a clock puts on their branches."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

import numpy as np

from abscope.population.phylogeny import Phylogeny
from abscope.population.root_to_tip import Span
from abscope.simulate.phylogeny import coalescent

LAST = 2020.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Isolates sampled evenly over `span` years from a population of `size` (years), by a clock.

    rate: substitutions per genome and year. spread: variance over mean, less 1. whole_years: a date is
    known to the year only.
    """

    name: str
    isolates: int = 40
    span: float = 15.0
    size: float = 15.0
    rate: float = 1.5
    spread: float = 0.0
    whole_years: bool = False


@dataclass(frozen=True, slots=True)
class Simulated:
    """A tree in substitutions, its leaves' dates as known, and the true year of its root."""

    tree: Phylogeny
    dates: Mapping[str, Span]
    root: float


def with_clock(scenario: Scenario, seed: int) -> Simulated:
    """Draw a dated tree and its substitutions."""
    rng = np.random.default_rng(seed)
    sampled = {
        f"t{k:03d}": LAST - scenario.span * float(rng.random()) for k in range(scenario.isolates)
    }
    return _evolved(scenario, sampled, sampled, rng)


def without_clock(scenario: Scenario, seed: int, *, clades: bool = False) -> Simulated:
    """The same evolution up to one day for all, and dates that have nothing to do with it.

    clades: neighbours share a date, as where each outbreak was sampled in a year of its own.
    """
    rng = np.random.default_rng(seed)
    names = [f"t{k:03d}" for k in range(scenario.isolates)]
    found = _evolved(scenario, dict.fromkeys(names, LAST), dict.fromkeys(names, LAST), rng)
    drawn = {name: LAST - scenario.span * float(rng.random()) for name in names}
    if clades:
        drawn = _shared(found.tree, drawn)
    return Simulated(found.tree, _spans(drawn, scenario.whole_years or clades), found.root)


def _shared(tree: Phylogeny, drawn: Mapping[str, float]) -> dict[str, float]:
    """One date for every clade of at most a sixth of the leaves."""
    dates, most = dict(drawn), len(drawn) // 6
    clades = tree.clades
    for node, parent in enumerate(tree.parents):
        if len(clades[node]) <= most < len(clades[parent]):
            dates |= dict.fromkeys(clades[node], drawn[min(clades[node])])
    return dates


def _evolved(
    scenario: Scenario,
    sampled: Mapping[str, float],
    known: Mapping[str, float],
    rng: np.random.Generator,
) -> Simulated:
    drawn = coalescent(
        list(sampled.items()), size=scenario.size, origin=-1e6, name="x", rng=rng
    ).nodes[1:]  # the first is the founder, of one child
    counts = [0.0] + [_count(node.evolving * scenario.rate, scenario, rng) for node in drawn[1:]]
    tree = Phylogeny(
        tuple((node.parent or 0) - 1 for node in drawn),
        tuple(node.name if node.name in sampled else None for node in drawn),
        tuple(counts),
        (None,) * len(drawn),
    )
    return Simulated(tree, _spans(known, scenario.whole_years), drawn[0].date)


def _count(mean: float, scenario: Scenario, rng: np.random.Generator) -> float:
    spread = scenario.spread
    return float(rng.poisson(rng.gamma(mean / spread, spread) if spread else mean))


def _spans(dates: Mapping[str, float], whole: bool) -> dict[str, Span]:
    if whole:
        return {name: (floor(date), floor(date) + 1.0) for name, date in dates.items()}
    return {name: (date, date) for name, date in dates.items()}

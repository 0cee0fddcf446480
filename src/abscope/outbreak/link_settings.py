"""What is believed of a pair before its distance is seen, and how sources, rates and errors spread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from abscope.knowledge.rows import Clock
from abscope.records import Hypothesis

Values = NDArray[np.float64]

ANY_CLONE = "*"


@dataclass(frozen=True, slots=True)
class Prior:
    """Chances that two patients' isolates of one stratum hang together, before the distance is seen.

    The laboratory's is multiplied by `same_handling` where both were on one run, plate or batch, and
    by `other_handling` where all that is known of both differs. What is unknown multiplies by 1.
    """

    common_source: float
    person_to_person: float
    laboratory: float
    same_handling: float = 10.0
    other_handling: float = 0.2

    def __post_init__(self) -> None:
        shares = (self.common_source, self.person_to_person, self.laboratory)
        if min(shares) < 0 or sum(shares) >= 1:
            raise ValueError("priors must not be negative and leave room for chance")

    def of(self, handling: float = 1.0) -> dict[Hypothesis, float]:
        """The prior of all four, the laboratory's multiplied by `handling`; they add to 1."""
        laboratory = self.laboratory * handling
        chance = 1 - self.common_source - self.person_to_person - self.laboratory
        total = self.common_source + self.person_to_person + laboratory + chance
        return {
            "common source": self.common_source / total,
            "person to person": self.person_to_person / total,
            "laboratory": laboratory / total,
            "chance": chance / total,
        }


PRIORS: Mapping[str, Prior] = {
    "investigation": Prior(0.2, 0.02, 0.005),
    "surveillance": Prior(0.01, 0.002, 0.001),
    "cystic fibrosis centre": Prior(0.02, 0.04, 0.002),
}
"""Judgements, not measurements: of cases gathered for a suspected event, of any two patients of a
region, of patients who share a ward. The verdict prints the one used."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """How a source keeps its germs: share of time they replicate, and how diverse they are.

    activity, activity_weight: delta in [0, 1] and its prior mass. diversity, diversity_weight: mean
    years from two draws to their common ancestor (theta) and its prior mass; weights add to 1.
    """

    activity: Values
    activity_weight: Values
    diversity: Values
    diversity_weight: Values

    def __post_init__(self) -> None:
        for weights in (self.activity_weight, self.diversity_weight):
            if abs(float(weights.sum()) - 1) > 1e-9:
                raise ValueError("prior mass must add to 1")


_ACTIVITY = np.array([0.02, 0.25, 0.5, 0.75, 1.0])
_THETA = np.array([0.0, 0.15, 0.5, 1.5, 4.0, 10.0])
_SPREAD = np.array([0.15, 0.2, 0.25, 0.2, 0.15, 0.05])


def _source(*mass: float) -> Source:
    return Source(_ACTIVITY, np.array(mass), _THETA, _SPREAD)


SOURCES: Mapping[str, Source] = {
    "frozen": _source(0.7, 0.15, 0.07, 0.05, 0.03),
    "water": _source(0.03, 0.05, 0.12, 0.2, 0.6),
    "unknown": _source(0.3, 0.1, 0.1, 0.1, 0.4),
}
"""Frozen product: next to no growth. Water, biofilm, device: growth most of the time. Unknown: either."""

UNKNOWN_RATE = (Clock(ANY_CLONE, 1.64e-7, 8.76e-8, 2.41e-7, "", "no clock table"),)


@dataclass(frozen=True, slots=True, eq=False)
class LinkSettings:
    """How pairs are judged.

    clock: the organism's rates, by clone; `*` for any other. stems: of each branch the clone it is part
    of, whose background and rate it has where it has none of its own. chain: years to the common
    ancestor within a chain of patients, as `Source.diversity`. lasting: the same within one patient's
    lasting infection. errors: false SNPs expected of an isolate about which nothing is known. lag:
    median years from infection to specimen where the exposure has no date, and the standard deviation
    of its logarithm. undated: years around the other's date within which a specimen without date may
    lie. sure: posterior from which a verdict is given. limit: pairs farther apart are counted, not
    judged. compared: unlinked patients searched, the background's own without.
    """

    prior: Prior = PRIORS["investigation"]
    source: Source = field(default_factory=lambda: SOURCES["unknown"])
    clock: tuple[Clock, ...] = UNKNOWN_RATE
    stems: Mapping[str, str] = field(default_factory=dict)
    chain: tuple[tuple[float, float], ...] = ((0.1, 0.3), (0.5, 0.4), (2.0, 0.3))
    lasting: tuple[tuple[float, float], ...] = ((0.3, 0.3), (1.5, 0.4), (6.0, 0.3))
    errors: float = 0.1
    lag: tuple[float, float] = (0.3, 1.0)
    undated: float = 2.5
    sure: float = 0.9
    laboratory: float = 0.5
    cutoffs: tuple[int, ...] = (5, 10, 20, 25)
    limit: int = 150
    compared: int | None = None

    def rate(self, stratum: str | None) -> tuple[float, float]:
        """Median substitutions per site and year, and the standard deviation of the logarithm."""
        clocks = {clock.clone: clock for clock in self.clock}
        named = (*self.lineage(stratum), ANY_CLONE)
        clock = next((clocks[name] for name in named if name in clocks), UNKNOWN_RATE[0])
        return clock.rate, max(log(clock.high / clock.low) / (2 * 1.96), 1e-6)

    def lineage(self, stratum: str | None) -> tuple[str, ...]:
        """The stratum and those it is part of, the narrowest first; none where it is not known."""
        found: list[str] = []
        while stratum is not None and stratum not in found:
            found.append(stratum)
            stratum = self.stems.get(stratum)
        return tuple(found)

    def shared(self, one: str | None, other: str | None) -> str | None:
        """The narrowest stratum that holds both: of a branch and its clone, the clone."""
        wider = self.lineage(other)
        return next((name for name in self.lineage(one) if name in wider), None)

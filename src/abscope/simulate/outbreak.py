"""Outbreaks: dated trees of the infecting lines, and the true record of who was infected by what.

A contaminated source: at one moment (`point`), as a population that lives on in it (`continuous`), or
in a product that is kept frozen (`frozen`: nothing evolves before the injection). Or a chain from
person to person. Dates are decimal years.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from abscope.simulate.phylogeny import Node, Tree, coalescent

Model = Literal["point", "continuous", "frozen", "chain"]


@dataclass(frozen=True, slots=True)
class Infected:
    """One case of an outbreak: exposed (infected) and sampled when."""

    name: str
    exposed: float
    sampled: float

    def __post_init__(self) -> None:
        if self.sampled < self.exposed:
            raise ValueError(f"{self.name}: sampled before the exposure")


@dataclass(frozen=True, slots=True)
class Transmission:
    """Who or what infected whom, and when; a source is named by the outbreak."""

    source: str
    case: str
    date: float


@dataclass(frozen=True, slots=True)
class Spread:
    """What an outbreak leaves behind: the tree, and the record."""

    tree: Tree
    transmissions: tuple[Transmission, ...]


def spread(
    cases: Sequence[Infected],
    *,
    name: str,
    model: Model,
    start: float,
    size: float = 1.0,
    rng: np.random.Generator,
) -> Spread:
    """Draw an outbreak that starts (contamination, or first infection) at `start`.

    size: of the population living in a continuous source, as mean age of a pair's ancestor in years.
    Raises ValueError where a case was exposed before the start.
    """
    ordered = sorted(cases, key=lambda case: (case.exposed, case.name))
    if early := [case.name for case in ordered if case.exposed < start]:
        raise ValueError(f"{name}: exposed before its start: {', '.join(early)}")
    if model == "chain":
        return _chain(ordered, name, start, rng)
    if model == "continuous":
        tree = _from_reservoir(ordered, name, start, size, rng)
    else:
        tree = _star(ordered, name, start, frozen=model == "frozen")
    return Spread(tree, tuple(Transmission(name, case.name, case.exposed) for case in ordered))


def _star(cases: Sequence[Infected], name: str, start: float, *, frozen: bool) -> Tree:
    """Every line leaves the founder itself: nothing is shared but the source."""
    tips = [Node(c.name, 0, c.sampled, c.sampled - (c.exposed if frozen else start)) for c in cases]
    return Tree((Node(name, None, start, 0.0), *tips), frozenset(c.name for c in cases))


def _from_reservoir(
    cases: Sequence[Infected], name: str, start: float, size: float, rng: np.random.Generator
) -> Tree:
    """Lines are drawn at the exposures from a population that evolves, then evolve in the patient."""
    drawn = [(case.name, max(case.exposed, np.nextafter(start, np.inf))) for case in cases]
    tree = coalescent(drawn, size=size, origin=start, name=name, rng=rng)
    later = {case.name: case for case in cases}
    nodes = [
        Node(n.name, n.parent, later[n.name].sampled, n.evolving + _in_patient(later[n.name]))
        if n.name in later
        else n
        for n in tree.nodes
    ]
    return Tree(tuple(nodes), tree.tips)


def _in_patient(case: Infected) -> float:
    return case.sampled - case.exposed


def _chain(cases: Sequence[Infected], name: str, start: float, rng: np.random.Generator) -> Spread:
    """Each case is infected by the one before, its line leaving the other's at that moment."""
    nodes, at, since = [Node(name, None, start, 0.0)], 0, start
    record: list[Transmission] = []
    for k, case in enumerate(cases):
        here = len(nodes)
        nodes.append(Node(f"{name}_in_{case.name}", at, case.exposed, case.exposed - since))
        nodes.append(Node(case.name, here, case.sampled, case.sampled - case.exposed))
        record.append(Transmission(cases[k - 1].name if k else name, case.name, case.exposed))
        at, since = here, case.exposed
    return Spread(Tree(tuple(nodes), frozenset(c.name for c in cases)), tuple(record))

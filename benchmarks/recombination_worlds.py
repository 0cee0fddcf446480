"""Simulated clones whose imports are known: genomes, true blocks, true distances.

A clone as in `abscope simulate`: it spread from 1984 on, 0.9 substitutions a genome and year, imports of
8 kb on average (500 bases at least). Donors are the other subspecies, which differ at 2.2-3 % of sites,
or another strain of its own, which differs at about 0.2 %.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Calls, Mask
from abscope.simulate import ancestor, genomes, pedigree, population
from abscope.simulate.pedigree import Clock, Pedigree
from abscope.simulate.phylogeny import coalescent

REFERENCE = "founder"


@dataclass(frozen=True)
class TrueBlock:
    """An import that samples inherited: where on the reference, who has it, letters changed."""

    start: int
    end: int
    descendants: frozenset[str]
    changed: int


@dataclass(frozen=True, eq=False)
class World:
    """Calls of a perfect caller, imports, and substitutions between every pair, imports not counted."""

    calls: dict[str, Calls]
    blocks: tuple[TrueBlock, ...]
    distances: NDArray[np.int64]

    @property
    def ids(self) -> tuple[str, ...]:
        """Isolates by name, in the order of the distances."""
        return tuple(sorted(self.calls))

    @property
    def mask(self) -> Mask:
        """No mask: nothing is hidden."""
        return Mask(REFERENCE, len(next(iter(self.calls.values())).bases))


@dataclass(frozen=True)
class Recipe:
    """What to simulate. imports: how many a genome and year."""

    isolates: int
    imports: float
    donors: str = "other subspecies"
    length: int = ancestor.LENGTH


def world(recipe: Recipe, *, seed: int) -> World:
    """Simulate a clone."""
    rng = np.random.default_rng([seed, recipe.isolates])
    root = ancestor.genome(recipe.length)
    scale = recipe.length / ancestor.LENGTH
    clock = Clock(0.9 * scale, 0.06 * scale, recipe.imports * scale)
    names = [f"iso{number:03d}" for number in range(recipe.isolates)]
    family = population.strain(population.species(root, rng), "abscessus", "donor", rng=rng)
    family = population.strain(family, "abscessus", "clone", date=1984.0, rng=rng)
    dates = np.sort(rng.uniform(2019.0, 2023.5, len(names))).tolist()
    tips = list(zip(names, dates, strict=True))
    tree = coalescent(tips, size=110.0, origin=1984.0, name="clone", rng=rng)
    close = recipe.donors == "another strain"
    donors = ("donor",) if close else population.others("abscessus")
    family = pedigree.grow(family, tree, clock, donors=donors, rng=rng)
    founder = family.genomes["clone"]
    calls = {
        name: Calls(REFERENCE, genomes.projected(family.genomes[name], founder)) for name in names
    }
    return World(calls, tuple(_blocks(family, names)), _distances(family, names))


def _below(family: Pedigree, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """The samples at or below each member."""
    found: dict[str, set[str]] = {descent.name: set() for descent in family.descents}
    for name in names:
        for descent in family.line(name):
            found[descent.name].add(name)
    return {name: frozenset(samples) for name, samples in found.items()}


def _blocks(family: Pedigree, names: list[str]) -> list[TrueBlock]:
    """Imports inside the clone: on a branch that some samples are below of, and not all."""
    founder, below = family.genomes["clone"], _below(family, names)
    blocks = []
    for descent in family.descents:
        if 0 < len(below[descent.name]) < len(names):
            for event in descent.imports:
                span = genomes.spanned(event.columns, founder)
                if span is not None and event.changed:
                    blocks.append(TrueBlock(*span, below[descent.name], event.changed))
    return blocks


def _distances(family: Pedigree, names: list[str]) -> NDArray[np.int64]:
    """Substitutions on the path between every two samples."""
    found = np.zeros((len(names), len(names)), dtype=np.int64)
    below = _below(family, names)
    for descent in family.descents:
        if below[descent.name] and descent.substitutions:
            side = np.array([name in below[descent.name] for name in sorted(names)])
            found += descent.substitutions * (side[:, None] != side[None, :])
    return found

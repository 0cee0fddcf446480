"""A species: subspecies, circulating clones, sporadic strains.

Figures come from published genomes: subspecies differ at 2.2-3 % of sites, unrelated strains of one
subspecies at thousands, members of a circulating clone at some tens with some pairs under 20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abscope.simulate import loci, pedigree
from abscope.simulate.genomes import Genome
from abscope.simulate.mutation import Change
from abscope.simulate.pedigree import Clock, Descent, Pedigree
from abscope.simulate.phylogeny import coalescent

SUBSPECIES = {"abscessus": 0.0108, "massiliense": 0.0122, "bolletii": 0.0116}
"""Subspecies, and the share of sites substituted since their common ancestor."""

COLLECTED = (2019.0, 2023.5)
"""When background isolates were collected, decimal years."""
STRAIN_DIVERGENCE = 0.0011
_INDELS_PER_SUBSTITUTION = 0.03


@dataclass(frozen=True, slots=True)
class Clone:
    """A circulating clone: `members` isolates, collected between two dates (decimal years).

    origin: when it began to spread. size: effective size times generation time, years; with the
    origin it sets how far members are apart.
    """

    name: str
    subspecies: str
    members: int
    collected: tuple[float, float] = COLLECTED
    origin: float = 1984.0
    size: float = 110.0


def species(ancestor: Genome, rng: np.random.Generator) -> Pedigree:
    """Grow the three subspecies' ancestors, each under its name, and a reference strain of each.

    References are named `SIM_<subspecies>`; each is a strain of its own, with its own indels.
    """
    family = pedigree.founded(ancestor)
    for name, divergence in SUBSPECIES.items():
        change = _change(ancestor, divergence, 12)
        family = pedigree.descend(family, "ancestor", Descent(name, None), change=change, rng=rng)
    if len(ancestor.rules) > loci.locus("erm(41)").end and ancestor.rules.any():
        truncated = loci.with_massiliense_erm41(family.genomes["massiliense"])
        family = Pedigree({**family.genomes, "massiliense": truncated}, family.descents)
    for name in SUBSPECIES:
        family = strain(family, name, f"SIM_{name}", rng=rng)
    return family


def _change(genome: Genome, divergence: float, large: int) -> Change:
    """Counts in proportion to the genome's length, so that short genomes are alike."""
    substitutions = round(divergence * len(genome))
    large = round(large * len(genome) / 5e6)
    return Change(substitutions, round(substitutions * _INDELS_PER_SUBSTITUTION), large)


def strain(
    family: Pedigree,
    subspecies: str,
    name: str,
    *,
    date: float | None = None,
    imports: int = 3,
    rng: np.random.Generator,
) -> Pedigree:
    """Add a strain of its own lineage: thousands of SNPs (on 5 Mb) from every other strain."""
    change = _change(family.genomes[subspecies], STRAIN_DIVERGENCE * rng.uniform(0.7, 1.3), 5)
    family = pedigree.descend(family, subspecies, Descent(name, None, date), change=change, rng=rng)
    donor = others(subspecies)[int(rng.integers(2))]
    count = round(imports * min(len(family.genomes[subspecies]) / 5e6, 1))
    return pedigree.importing(family, name, donor, count=count, rng=rng)


def others(subspecies: str) -> tuple[str, ...]:
    """Return the other subspecies: donors of imports."""
    return tuple(name for name in SUBSPECIES if name != subspecies)


def circulating(
    family: Pedigree, clone: Clone, clock: Clock, *, names: Sequence[str], rng: np.random.Generator
) -> Pedigree:
    """Add a clone: its founder under the clone's name, and its members under `names`."""
    family = strain(family, clone.subspecies, clone.name, date=clone.origin, rng=rng)
    dates = np.sort(rng.uniform(*clone.collected, clone.members)).round(3).tolist()
    tips = list(zip(names, dates, strict=True))
    tree = coalescent(tips, size=clone.size, origin=clone.origin, name=clone.name, rng=rng)
    return pedigree.grow(family, tree, clock, donors=others(clone.subspecies), rng=rng)

"""A simulated world: every genome, isolate, patient and transmission, nothing hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.records import Background, Distances, Interval, Letters
from abscope.simulate.genomes import GAP, Genome, Positions, Truth
from abscope.simulate.library import Source
from abscope.simulate.linelist import Degraded
from abscope.simulate.outbreak import Transmission
from abscope.simulate.pedigree import Pedigree


@dataclass(frozen=True, slots=True)
class Isolate:
    """One isolate a laboratory holds: which genome it is, and what is known of it.

    member: its genome's name in the pedigree. contaminant: another isolate, whose DNA makes up
    `contaminant_share` of what is sequenced.
    """

    name: str
    member: str
    subspecies: str
    collected: date
    kind: Literal["reads", "assembly"]
    clone: str | None = None
    outbreak: str | None = None
    depth: float = 60.0
    contaminant: str | None = None
    contaminant_share: float = 0.0

    @property
    def reference(self) -> str:
        """Name of the reference strain of its subspecies."""
        return f"SIM_{self.subspecies}"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything that is so. `cases` is the true line list, `linelist` what investigators get.

    clones: subspecies of each circulating clone, whose founder's genome is kept under its name.
    backgrounds: what an earlier survey found, by stratum.
    """

    scenario: str
    seed: int
    pedigree: Pedigree
    isolates: tuple[Isolate, ...]
    transmissions: tuple[Transmission, ...]
    cases: pl.DataFrame
    linelist: Degraded
    clones: Mapping[str, str] = field(default_factory=dict)
    backgrounds: tuple[Background, ...] = ()

    def isolate(self, name: str) -> Isolate:
        """Return the isolate of that name."""
        return next(one for one in self.isolates if one.name == name)

    def genome(self, isolate: Isolate) -> Genome:
        """Return an isolate's genome."""
        return self.pedigree.genomes[isolate.member]

    def reference(self, name: str) -> Genome:
        """Return a reference strain's genome, its contig named after it."""
        return self.pedigree.genomes[name].named(name)

    @property
    def references(self) -> dict[str, str]:
        """Subspecies of every reference strain, by its name."""
        known = (d.name for d in self.pedigree.descents if d.name.startswith("SIM_"))
        return {name: name.removeprefix("SIM_") for name in known}

    def sources(self, isolate: Isolate) -> tuple[Source, ...]:
        """Return what is in the tube of an isolate: its genome, and a contaminant's."""
        own = Source(self.genome(isolate), 1 - isolate.contaminant_share)
        if isolate.contaminant is None:
            return (own,)
        other = self.genome(self.isolate(isolate.contaminant))
        return own, Source(other, isolate.contaminant_share)

    def generator(self, *words: str) -> np.random.Generator:
        """Return a generator of this world's own for a purpose, the same in whatever order."""
        return np.random.default_rng([self.seed, *(b for word in words for b in word.encode())])


def distances(
    truths: Mapping[str, Truth], reference: Genome, hidden: tuple[Interval, ...] = ()
) -> Distances:
    """Count the true SNPs of every pair at reference positions that both hold.

    truths: each isolate's, against `reference`. hidden: stretches that do not count.
    """
    names = tuple(truths)
    counted = np.ones(len(reference), dtype=np.bool_)
    for interval in hidden:
        counted[interval.start : interval.end] = False
    held = np.stack([_held(truth, counted) for truth in truths.values()])
    sites = np.unique(np.concatenate([truth.positions for truth in truths.values()]))
    sites = sites[counted[sites]]
    letters = np.stack([_letters(truth, reference, sites) for truth in truths.values()])
    known = letters != GAP
    snps = np.zeros((len(names),) * 2, dtype=np.int64)
    comparable = np.zeros_like(snps)
    for row in range(len(names)):
        snps[row] = ((letters != letters[row]) & known & known[row]).sum(axis=1)
        comparable[row] = [int(np.count_nonzero(held[row] & other)) for other in held]
    return Distances(names, snps, comparable)


def _held(truth: Truth, counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    held = counted.copy()
    held[truth.deleted] = False
    return held


def _letters(truth: Truth, reference: Genome, sites: Positions) -> Letters:
    whole = reference.letters.copy()
    whole[truth.positions] = truth.alts
    whole[truth.deleted] = GAP
    return whole[sites]

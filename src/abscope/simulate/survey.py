"""What an earlier survey of the simulated species found: how close patients with nothing in common are.

Counted on as many more isolates of every clone and subspecies as the survey had patients, drawn the way the
world's own are; their genomes are not made, only the SNPs on the branches between them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abscope.population.background import backgrounds
from abscope.population.pair_snps import PairSnps
from abscope.records import Background, SampledIsolate, stratum_of
from abscope.simulate.pedigree import Clock
from abscope.simulate.phylogeny import coalescent
from abscope.simulate.population import STRAIN_DIVERGENCE, SUBSPECIES, Clone

PATIENTS = 120
Counts = NDArray[np.int64]


def survey(
    clones: Sequence[Clone],
    clock: Clock,
    length: int,
    *,
    rng: np.random.Generator,
) -> tuple[Background, ...]:
    """The background of every clone, and of the strains of no clone of every subspecies."""
    strata = {clone.name: _members(clone, clock, rng) for clone in clones}
    for subspecies in SUBSPECIES:
        strata[stratum_of("none", subspecies) or subspecies] = _strains(length, rng)
    return tuple(_background(name, snps, rng) for name, snps in sorted(strata.items()))


def _members(clone: Clone, clock: Clock, rng: np.random.Generator) -> Counts:
    """SNPs between members of a clone: those of the branches that join them."""
    dates = rng.uniform(*clone.collected, PATIENTS)
    tips = [(f"p{number}", float(date)) for number, date in enumerate(dates)]
    tree = coalescent(tips, size=clone.size, origin=clone.origin, name=clone.name, rng=rng)
    below = np.zeros((len(tree.nodes), PATIENTS), dtype=bool)
    for number, (tip, _) in enumerate(tips):
        below[tree.path(tip), number] = True
    years = np.array([node.evolving for node in tree.nodes])
    snps = rng.poisson(clock.substitutions * years)
    above = (below.T * snps).astype(np.int64)
    total = above.sum(1)
    shared = above @ below.astype(np.int64)
    return np.asarray(total[:, None] + total[None, :] - 2 * shared, dtype=np.int64)


def _strains(length: int, rng: np.random.Generator) -> Counts:
    """SNPs between strains of their own: each is as far from the subspecies' ancestor as its own draw."""
    own = np.round(length * STRAIN_DIVERGENCE * rng.uniform(0.7, 1.3, PATIENTS)).astype(np.int64)
    snps = own[:, None] + own[None, :]
    np.fill_diagonal(snps, 0)
    return snps


def _background(stratum: str, snps: Counts, rng: np.random.Generator) -> Background:
    names = tuple(f"p{number}" for number in range(len(snps)))
    isolates = [SampledIsolate(name, name, stratum) for name in names]
    found = backgrounds(PairSnps(names, snps.astype(np.float32)), isolates, rng=rng)
    return found.backgrounds[0]

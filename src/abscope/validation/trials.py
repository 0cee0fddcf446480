"""Isolates whose every letter is known, called as a user's are: files in, profile out.

A trial changes one thing and leaves the rest as usual: 60x, 0.5 % from the reference with small and large
insertions and deletions, one strain in the tube.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from abscope.formats import fastq_writer
from abscope.isolate.mixture import mixture
from abscope.population.masks import reference_mask
from abscope.profiling import Recipe, profile
from abscope.records import Profile, Sample
from abscope.running.provenance import key_of
from abscope.settings import CallRules
from abscope.simulate.genomes import Genome, projected, without
from abscope.simulate.library import Source
from abscope.simulate.mutation import Change, descended, mutated
from abscope.simulate.reads import paired_reads
from abscope.validation.exact import Share
from abscope.validation.platforms import LIBRARIES, USUAL

Second = Literal["none", "strain", "far strain", "species", "foreign"]
APART = 200
"""SNPs between two strains in one tube."""
FAR = 0.001
"""And share of the positions at which a strain differs that a gate by positions must see."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One isolate to make. second, share: what else is in the tube, and how much of it.

    divergence: substitutions per letter. indels: whether there are any. lost: share of the genome gone.
    library: one of LIBRARIES, None for the bench's own. repeats: judge inside the masked repeats
    instead of outside them.
    """

    varied: str
    level: str
    depth: float = 60.0
    divergence: float = 0.005
    indels: bool = True
    second: Second = "none"
    share: float = 0.0
    lost: float = 0.0
    library: str | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was called, beside what is true, outside the repeats (or inside them, where asked).

    snps: true SNPs called with the right letter. same: positions of the reference's letter not called
    another. called: positions given a letter.
    """

    trial: Trial
    snps: Share
    same: Share
    called: Share
    mixed: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """Where trials are made: an ancestor that is the reference, a folder for files, the usual platform."""

    ancestor: Genome
    folder: Path
    platform: str = USUAL
    threads: int = 1

    @property
    def recipe(self) -> Recipe:
        """How a trial is profiled: any length, identity of 90 % or more."""
        reference = self.ancestor.as_reference("reference")
        length = len(reference.sequence)
        return Recipe((reference,), 0.9, (length * 9 // 10, length * 11 // 10), CallRules())


def sampled(trial: Trial, bench: Bench, seed: int) -> tuple[Sample, Genome]:
    """Simulate a trial's reads into the bench's folder: the sample, and the true genome."""
    rng = np.random.default_rng([seed, *trial.level.encode(), *trial.varied.encode()])
    own = _genome(trial, bench.ancestor, rng)
    sources = [Source(own, 1 - trial.share), *_others(trial, own, bench.ancestor, rng)]
    name = key_of({"seed": seed, **asdict(trial)})[:16]
    paths = [bench.folder / f"{name}_{mate}.fastq.gz" for mate in (1, 2)]
    library = replace(LIBRARIES[trial.library or bench.platform], depth=trial.depth)
    blocks = paired_reads(sources, library, rng=rng)
    fastq_writer.write_pair(paths[0], paths[1], blocks)
    return Sample("trial", paths[0], paths[1]), own


def _genome(trial: Trial, ancestor: Genome, rng: np.random.Generator) -> Genome:
    share, large = (0.08, 1) if trial.indels else (0.0, 0)
    genome = mutated(ancestor, trial.divergence, indel_share=share, large_indels=large, rng=rng)
    if not trial.lost:
        return genome
    gone = np.arange(round(len(genome) * (1 - trial.lost)), len(genome))
    return without(genome, genome.columns_of(gone))


def _others(
    trial: Trial, own: Genome, ancestor: Genome, rng: np.random.Generator
) -> Sequence[Source]:
    if trial.second == "none":
        return []
    if trial.second in ("strain", "far strain"):
        snps = APART if trial.second == "strain" else round(FAR * len(own))
        return [Source(descended(own, Change(snps, snps // 12), rng), trial.share)]
    if trial.second == "foreign":
        letters = rng.choice(np.frombuffer(b"ACGT", np.uint8), len(ancestor))
        return [Source(ancestor.with_letters(letters), trial.share)]
    return [Source(mutated(ancestor, 0.25, rng=rng), trial.share)]


def judged(trial: Trial, made: Profile, own: Genome, bench: Bench) -> Found:
    """Set what was called beside what is true."""
    reference = bench.recipe.references[0]
    expected, letters = projected(own, bench.ancestor), made.called.calls.bases
    judged_here = reference_mask(reference).hidden() == trial.repeats
    shown: NDArray[np.bool_] = judged_here & (expected != ord("-"))
    differs = shown & (expected != reference.sequence)
    same = shown & (expected == reference.sequence)
    called = made.called.calls.called
    right, changed = letters == expected, called & (letters != expected)
    minor = made.called.minor
    return Found(
        trial,
        Share(int((differs & right).sum()), int(differs.sum())),
        Share(int((same & ~changed).sum()), int(same.sum())),
        Share(int((shown & called).sum()), int(shown.sum())),
        mixture(minor).verdict if minor is not None else "cannot tell",
        made.warnings,
    )


def tried(trial: Trial, bench: Bench, seed: int) -> Found:
    """Make one trial and judge it."""
    sample, own = sampled(trial, bench, seed)
    try:
        return judged(trial, profile(sample, bench.recipe, threads=bench.threads), own, bench)
    finally:
        for path in sample.files:
            path.unlink(missing_ok=True)


def usual() -> tuple[Trial, ...]:
    """Everything that is varied, one thing at a time."""
    return (
        *(Trial("depth", f"{depth}x", depth=depth) for depth in (10, 15, 20, 30, 60, 100)),
        *(Trial("divergence", f"{d:.2%}", divergence=d) for d in (0.0001, 0.001, 0.01, 0.03)),
        *(Trial("library", name, library=name) for name in LIBRARIES),
        Trial("insertions and deletions", "none", indels=False),
        Trial("insertions and deletions", "8 % as many as SNPs, and one of 0.5-15 kb"),
        Trial("repeats", "inside them, where nothing is compared", repeats=True),
        *(
            Trial("mixture, minor strain", f"{s:.0%}", second="strain", share=s)
            for s in (0.02, 0.05, 0.1, 0.2, 0.3)
        ),
        *(
            Trial("contamination, another species", f"{s:.0%}", second="species", share=s)
            for s in (0.05, 0.1, 0.3)
        ),
    )

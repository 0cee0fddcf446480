"""Genomes, isolates and reads with known truth, as files in a scratch folder."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.formats import fasta
from abscope.formats.simulation_folder import write_reads
from abscope.records import Contig, Letters, Reference, Sample
from abscope.simulate import ancestor, genomes
from abscope.simulate.mutation import mutated
from abscope.simulate.repeats import repeats

BUILT_IN, REAL = "built-in", "ATCC 19977"
DATA = Path(__file__).parents[2] / "shared" / "data"
REAL_FILE = "mabs_reference/GCA_000069185.1_ATCC19977.fna.gz"
LARGE_INDELS = 6  # stretches of 0.5-15 kb gained or lost by every isolate


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """A reference, and where it repeats itself (hidden), shape (length,)."""

    genome: genomes.Genome
    reference: Reference
    hidden: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Isolate:
    """A descendant of a home's genome, and what a perfect caller would say of it.

    expected: its letter at every reference position, `-` where it has none. near: whether a
    position is within 10 bases of an insertion or deletion.
    """

    home: Home
    genome: genomes.Genome
    expected: Letters
    near: NDArray[np.bool_]


@cache
def home(name: str, real: Path | None = None, length: int | None = None) -> Home:
    """The built-in genome, or the real one from its FASTA file; `length`: only so much of it."""
    if name == BUILT_IN:
        reference = ancestor.genome(length or ancestor.LENGTH).as_reference("ancestor")
    elif real is None:
        raise FileNotFoundError("the real genome's FASTA file is not there")
    else:
        reference = _shortened(fasta.read_reference(real, name="ATCC19977"), length)
    hidden = np.zeros(len(reference.sequence), dtype=np.bool_)
    for stretch in repeats(reference.sequence):
        hidden[stretch.start : stretch.end] = True
    return Home(genomes.from_reference(reference), reference, hidden)


def _shortened(reference: Reference, length: int | None) -> Reference:
    if length is None:
        return reference
    first = reference.contigs[0].name
    return Reference(
        reference.name, (Contig(first, 0, length),), reference.sequence[:length].copy()
    )


def isolate(at: Home, divergence: float, seed: int) -> Isolate:
    """A descendant: `divergence` substitutions per base, 8 % as many small indels, a few large ones."""
    rng = np.random.default_rng([seed, round(divergence * 1e6)])
    genome = mutated(at.genome, divergence, large_indels=LARGE_INDELS, rng=rng)
    truth = genomes.truth(genome, at.genome)
    return Isolate(at, genome, genomes.projected(genome, at.genome), truth.near_indels(10))


def reads(of: Isolate, folder: Path, *, depth: float, seed: int, name: str = "isolate") -> Sample:
    """Paired reads of an isolate, written to `folder`."""
    paths = folder / f"{name}_R1.fastq.gz", folder / f"{name}_R2.fastq.gz"
    write_reads(*paths, of.genome, depth=depth, seed=seed)
    return Sample(name, *paths)


def write_reference(reference: Reference, folder: Path) -> Path:
    """The reference as a FASTA file, for the recipes."""
    path = folder / "reference.fa"
    entries = ((c.name, reference.sequence[c.start : c.end]) for c in reference.contigs)
    fasta.write(path, entries)
    return path


def real_genome(given: Path | None) -> Path | None:
    """The real genome's file: the one given, or the one beside the project; None where it is not."""
    path = given or DATA / REAL_FILE
    return path if path.is_file() else None

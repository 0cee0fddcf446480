"""Tubes of one strain or two on a small genome, for tests of mixture."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from abscope.formats import fastq
from abscope.formats.fastq_writer import write_pair
from abscope.isolate.fast import call_reads
from abscope.isolate.seeds import SeedIndex, index
from abscope.records import Called
from abscope.settings import CallRules
from abscope.simulate import ancestor
from abscope.simulate.genomes import Genome
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.mutation import Change, descended
from abscope.simulate.reads import paired_reads

LENGTH = 150_000


@cache
def seeds(length: int = LENGTH) -> SeedIndex:
    return index(ancestor.genome(length).as_reference("ancestor"))


def strain(seed: int, length: int = LENGTH) -> Genome:
    """A strain of the subspecies: one position in a thousand and a few gaps from the reference."""
    change = Change(length // 1000, length // 20_000, 1)
    return descended(ancestor.genome(length), change, np.random.default_rng([1, seed]))


def relative(genome: Genome, snps: int, seed: int) -> Genome:
    """A strain so many SNPs from another."""
    return descended(genome, Change(snps, snps // 12), np.random.default_rng([2, seed]))


def tube(
    sources: Sequence[tuple[Genome, float]], *, depth: float, seed: int, length: int = LENGTH
) -> Called:
    """The calls of a tube that holds these genomes at these shares."""
    mixed = [Source(genome, share) for genome, share in sources]
    rng = np.random.default_rng([3, seed])
    with TemporaryDirectory() as folder:
        files = (Path(folder) / "r_1.fastq.gz", Path(folder) / "r_2.fastq.gz")
        write_pair(*files, paired_reads(mixed, Sequencing(depth=depth), rng=rng))
        return call_reads(fastq.batches(*files), seeds(length), rules=CallRules())

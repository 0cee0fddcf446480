"""A simulated world as files: reads, assemblies, sheets, an organism folder, and the whole truth.

`write_reads` alone serves tests and benchmarks that need one isolate's reads on disk.
"""

from pathlib import Path

import numpy as np

from abscope.formats import fastq_writer
from abscope.simulate.genomes import Genome
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads


def write_reads(
    path1: Path,
    path2: Path,
    genome: Genome,
    *,
    depth: float = 60.0,
    seed: int = 1,
) -> None:
    """Paired reads of one genome, gzipped; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    blocks = paired_reads((Source(genome),), Sequencing(depth=depth), rng=rng)
    fastq_writer.write_pair(path1, path2, blocks)

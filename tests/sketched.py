"""Simulated isolates as sketches: from an assembly, and from reads with errors."""

import numpy as np

from abscope.records import Block, Contig, KnownGenome, Letters, Reference, Sketch
from abscope.simulate import genomes
from abscope.simulate.genomes import Genome
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads
from abscope.tools import sketches

BASES = np.frombuffer(b"ACGT", dtype=np.uint8)


def letters(length: int, rng: np.random.Generator) -> Letters:
    return rng.choice(BASES, length, p=[0.18, 0.32, 0.32, 0.18])


def diverged(sequence: Letters, share: float, rng: np.random.Generator) -> Letters:
    """The same letters but for this share, replaced by others."""
    found = sequence.copy()
    at = rng.choice(len(found), round(share * len(found)), replace=False)
    found[at] = BASES[(np.searchsorted(BASES, found[at]) + rng.integers(1, 4, len(at))) % 4]
    return found


def assembly(*sequences: Letters) -> Sketch:
    return sketches.sketch(sequences)


def known(name: str, sequence: Letters, species: str, subspecies: str | None = None) -> KnownGenome:
    return KnownGenome(name, species, sketches.sketch_genome([sequence]), subspecies)


def genome(sequence: Letters) -> Genome:
    contigs = (Contig("c", 0, len(sequence)),)
    return genomes.from_reference(Reference("g", contigs, sequence))


def reads(*sources: tuple[Letters, float], depth: float, seed: int, quality: float = 1.0) -> Sketch:
    """A sketch of reads of a culture: (sequence, share of the fragments) of each member.

    No copies of fragments: of the reads at the head of a file, few are copies of one another.
    """
    made = [Source(genome(sequence), share) for sequence, share in sources]
    sequencing = Sequencing(depth=depth, quality=quality, duplicates=0.0)
    blocks = paired_reads(made, sequencing, rng=np.random.default_rng(seed))
    return sketches.sketch_reads((block(one), None) for one, _ in blocks)


def block(records: bytes) -> Block:
    """FASTQ records as the reader hands them on."""
    buffer = np.frombuffer(records, dtype=np.uint8)
    lines = np.flatnonzero(buffer == ord("\n"))
    starts = np.concatenate([[0], lines[:-1] + 1]).reshape(-1, 4)
    table = np.stack(
        [starts[:, 0], starts[:, 1], starts[:, 2] - starts[:, 1] - 1, starts[:, 3]], axis=1
    )
    return Block(buffer, table.astype(np.int64))

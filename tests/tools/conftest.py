"""A small world: a reference of two contigs, an isolate of it, and its reads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta
from abscope.formats.simulation_folder import write_reads
from abscope.records import Contig, Letters, Reference, Sample
from abscope.simulate import genomes, mutation


def random_letters(length: int, rng: np.random.Generator) -> Letters:
    return rng.choice(np.frombuffer(b"ACGT", dtype=np.uint8), length, p=[0.18, 0.32, 0.32, 0.18])


def random_reference(seed: int, *, length: int = 40_000) -> Reference:
    """The last tenth is a plasmid; the same 1,500 letters stand at 5,000 and at 20,000."""
    letters = random_letters(length, np.random.default_rng(seed))
    letters[20_000:21_500] = letters[5_000:6_500]
    cut = length * 9 // 10
    return Reference("toy", (Contig("chromosome", 0, cut), Contig("plasmid", cut, length)), letters)


MakeWorld = Callable[..., "World"]


@dataclass(frozen=True)
class World:
    reference: Reference
    isolate: genomes.Genome
    truth: genomes.Truth
    sample: Sample

    @property
    def expected(self) -> Letters:
        """The isolate's true letter at every position, `-` where it has none."""
        return genomes.projected(self.isolate, genomes.from_reference(self.reference))

    @property
    def unique(self) -> np.ndarray:
        """Positions where a read can say where it comes from, away from contig ends."""
        clear = np.ones(len(self.reference.sequence), dtype=np.bool_)
        clear[4_850:6_650] = clear[19_850:21_650] = False
        for contig in self.reference.contigs:
            clear[contig.start : contig.start + 150] = clear[contig.end - 150 : contig.end] = False
        return clear


def _make_world(folder: Path, seed: int, *, divergence: float = 0.005, depth: float = 40) -> World:
    reference = random_reference(seed)
    ancestor = genomes.from_reference(reference)
    isolate = mutation.mutated(ancestor, divergence, rng=np.random.default_rng(seed))
    reads1, reads2, assembly = folder / "1.fastq.gz", folder / "2.fastq.gz", folder / "a.fasta"
    write_reads(reads1, reads2, isolate, depth=depth, seed=seed)
    fasta.write(assembly, isolate.sequences())
    sample = Sample("isolate", reads1, reads2, assembly)
    return World(reference, isolate, genomes.truth(isolate, ancestor), sample)


@pytest.fixture(scope="session")
def make_world() -> MakeWorld:
    """Return a function: folder, seed, divergence, depth -> world."""
    return _make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    return _make_world(tmp_path_factory.mktemp("world"), 1)

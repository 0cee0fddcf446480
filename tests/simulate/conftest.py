"""Small random genomes for the room's tests."""

from collections.abc import Callable

import numpy as np
import pytest

from abscope.records import Contig, Reference
from abscope.simulate import genomes
from abscope.simulate.genomes import Genome

MakeGenome = Callable[..., Genome]


@pytest.fixture(scope="session")
def make() -> MakeGenome:
    """Return a function: length, rng, number of contigs -> genome of random letters."""

    def random_genome(length: int, rng: np.random.Generator, contigs: int = 1) -> Genome:
        letters = np.frombuffer(b"ACGT", dtype=np.uint8)[rng.integers(0, 4, length)]
        ends = [length * (k + 1) // contigs for k in range(contigs)]
        starts = [0, *ends[:-1]]
        parts = tuple(
            Contig(f"c{k}", *ends) for k, ends in enumerate(zip(starts, ends, strict=True))
        )
        return genomes.from_reference(Reference("r", parts, letters))

    return random_genome

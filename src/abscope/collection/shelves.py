"""The genotypes of one reference, open for adding to and asking: who is near a new isolate."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abscope.collection import genotypes
from abscope.collection.genotypes import Stored
from abscope.population import neighbours
from abscope.population.packing import Words


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored genotype near the one asked about: its row, SNPs, comparable sites."""

    row: int
    snps: int
    comparable: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one reference's genotypes lie; opened anew each time, since others may add to them.

    reference: its digest. length: positions. least: comparable sites below which a distance says nothing.
    """

    folder: Path
    reference: str
    length: int
    least: int
    threads: int = 1

    def stored(self) -> Stored:
        """What is on the disk now."""
        return genotypes.open_genotypes(self.folder, reference=self.reference, length=self.length)

    def near(self, planes: Words, within: int) -> tuple[Hit, ...]:
        """Stored isolates at most `within` SNPs from (3, words), nearest first, if enough is compared."""
        return _near(self.stored(), planes, within, self)

    def add(self, isolate_id: str, planes: Words, *, within: int) -> tuple[int, tuple[Hit, ...]]:
        """Put a genotype at the end: its row, and who was near it before. Raises as `genotypes.add`."""
        stored = self.stored()
        hits = _near(stored, planes, within, self)
        genotypes.add(stored, [isolate_id], planes[np.newaxis])
        return len(stored.genotypes), hits


def _near(stored: Stored, planes: Words, within: int, shelf: Shelf) -> tuple[Hit, ...]:
    if not len(stored.genotypes):
        return ()
    known = neighbours.index(stored.genotypes)
    found = neighbours.within(known, planes, within, threads=shelf.threads)
    rows = zip(found.index.tolist(), found.snps.tolist(), found.comparable.tolist(), strict=True)
    return tuple(Hit(*row) for row in rows if row[2] >= shelf.least)

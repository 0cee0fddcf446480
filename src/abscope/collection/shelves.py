"""The genotypes of one reference, open for adding to and asking: who is near a new isolate.

Files are looked at anew each time, since other processes add to them; but what was made ready to be
asked stays ready, because stored genotypes never change. Only those that came since are made ready then.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from abscope.collection import genotypes
from abscope.collection.genotypes import Stored
from abscope.collection.mirror import Mirror
from abscope.errors import StorageError
from abscope.population import neighbours
from abscope.population.neighbour_kernels import Members
from abscope.population.neighbours import Near
from abscope.population.packing import Words

_LATE = 1024  # late-comers at which everybody is made ready anew


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored genotype near the one asked about: its row, SNPs, comparable sites."""

    row: int
    snps: int
    comparable: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one reference's genotypes lie. Keep it to ask again quickly.

    reference: its digest. length: positions. least: comparable sites below which a distance says nothing.
    mirror: the object store whose copy the folder is, where there is one.
    """

    folder: Path
    reference: str
    length: int
    least: int
    threads: int = 1
    mirror: Mirror | None = None
    _ready: dict[int, Members] = field(default_factory=dict, repr=False, compare=False)

    def stored(self) -> Stored:
        """What is on the disk now, and in the object store."""
        here = genotypes.open_genotypes(self.folder, reference=self.reference, length=self.length)
        return here if self.mirror is None else self.mirror.catch_up(here)

    def near(self, planes: Words, within: int) -> tuple[Hit, ...]:
        """Stored isolates at most `within` SNPs from (3, words), nearest first, if enough is compared."""
        return self._near(self.stored(), planes, within)

    def add(
        self, isolate_id: str, planes: Words, *, within: int, used: int
    ) -> tuple[int, tuple[Hit, ...]]:
        """Put a genotype at the end: its row, and who was near it before. Raises as `genotypes.add`.

        used: rows that belong to isolates. What a process that was killed put behind them is taken
        where it is this very genotype, so that going on leaves the bytes of never having stopped.
        """
        stored = self.stored()
        if len(stored.genotypes) < used:
            raise StorageError(
                f"{self.folder}: holds {len(stored.genotypes)} genotypes, the database speaks of {used}",
                hint="abscope verify says which are missing; restore them from a backup",
            )
        hits = tuple(hit for hit in self._near(stored, planes, within) if hit.row < used)
        if len(stored.genotypes) > used and _last_is(stored, isolate_id, planes):
            return len(stored.genotypes) - 1, hits
        if self.mirror is None:
            genotypes.add(stored, [isolate_id], planes[np.newaxis])
        else:
            self.mirror.add(stored, isolate_id, planes)
        return len(stored.genotypes), hits

    def _near(self, stored: Stored, planes: Words, within: int) -> tuple[Hit, ...]:
        hits: list[Hit] = []
        for start, members in self._parts(stored):
            near = neighbours.within(members, planes, within, threads=self.threads)
            hits += (hit for hit in _hits(near, start) if hit.comparable >= self.least)
        return tuple(sorted(hits, key=lambda hit: (hit.snps, -hit.comparable, hit.row)))

    def _parts(self, stored: Stored) -> list[tuple[int, Members]]:
        """Everybody ready to be asked, in two parts: the many, and those who came since."""
        count, many = len(stored.genotypes), max(self._ready, default=0)
        if not many or not many <= count <= many + _LATE:
            if not count:
                return []
            ready = neighbours.index(stored.genotypes)
            self._ready.clear()
            self._ready[count] = ready
            return [(0, ready)]
        parts = [(0, self._ready[many])]
        if count > many:
            parts.append((many, neighbours.index(neighbours.since(stored.genotypes, many))))
        return parts


def _hits(near: Near, start: int) -> list[Hit]:
    rows = zip(near.index.tolist(), near.snps.tolist(), near.comparable.tolist(), strict=True)
    return [Hit(start + row, snps, comparable) for row, snps, comparable in rows]


def _last_is(stored: Stored, isolate_id: str, planes: Words) -> bool:
    """Whether the last stored genotype is this isolate's, letter by letter."""
    if stored.names()[-1] != isolate_id:
        return False
    alone = neighbours.since(stored.genotypes, len(stored.genotypes) - 1)
    snps, comparable = neighbours.distances(neighbours.index(alone), planes)
    called = int(np.bitwise_count(planes[2]).sum())
    missing = stored.genotypes.length - int(alone.members["missing"][0])
    return (int(snps[0]), int(comparable[0]), missing) == (0, called, called)

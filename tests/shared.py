"""Small collections in which isolates were called against one reference, and bundles of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np

from abscope.collection import arrivals, profiles
from abscope.collection.arrivals import Arrival
from abscope.collection.charter import Charter
from abscope.collection.history import Stamp
from abscope.collection.sharing import Terms
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.population.packing import hide, pack
from abscope.records import (
    Called,
    Calls,
    Contig,
    Depth,
    Interval,
    Letters,
    Mask,
    Profile,
    ReadStats,
    Reference,
    ReferenceChoice,
)
from abscope.records.bundles import Bundle, Details, Genome, SharedIsolate
from abscope.settings import CallRules
from abscope.tables import VARIANTS

LENGTH, LEVELS = 4_000, (5, 25)
STAMP = Stamp("2026-11-22T12:00:00", "tests")
SEQUENCE = np.frombuffer(b"ACGT" * (LENGTH // 4), dtype=np.uint8)
REFERENCE = Reference("R", (Contig("chr", 0, LENGTH),), SEQUENCE, "abscessus")
MASK = Mask("R", LENGTH, (Interval(100, 200, "repeat"),))
TERMS = Terms(date(2026, 11, 22), "AZ laboratory, +1 602 555 0100", b"s" * 32)


def genome(*changed: int, missing: tuple[int, int] = (0, 0)) -> Letters:
    """The reference with its letter changed at some positions, and none on a stretch."""
    letters = SEQUENCE.copy()
    letters[list(changed)] = np.where(letters[list(changed)] == ord("A"), ord("C"), ord("A"))
    letters[missing[0] : missing[1]] = ord("N")
    return letters


@dataclass
class Held:
    """An open collection, and what sharing needs of it."""

    collection: Collection
    charter: Charter

    def shelf(self, reference: Reference) -> Shelf:
        folder = self.collection.folder / "genotypes" / reference.digest[:16]
        mirror = self.collection.mirror
        return Shelf(folder, reference.digest, LENGTH, LENGTH // 2, mirror=mirror)

    def add(self, name: str, letters: Letters, *, jurisdiction: str = "") -> None:
        calls, key = Calls("R", letters), sha256(name.encode()).hexdigest()
        called = Called(
            calls,
            VARIANTS.frame(),
            Depth(50.0, 50.0, 1.0, 500, np.ones(8, np.float32)),
            ReadStats(100, 15_000, 150.0, 0.64),
        )
        choice = ReferenceChoice("R", (("R", 0.99),), "R is nearest")
        made = Profile(key, "paired", "fast/1", choice, called)
        profiles.save(self.collection.folder, made, REFERENCE)
        planes = pack([calls], isolates=1, length=LENGTH)[:1]
        hide(planes, MASK.hidden())
        arrival = Arrival(name, key, f"files of {name}", "R", planes[0], jurisdiction)
        shelf = self.shelf(REFERENCE)
        arrivals.admit(self.collection, arrival, shelf=shelf, levels=LEVELS, stamp=STAMP)

    def remove(self, name: str) -> None:
        arrivals.remove(self.collection, name, reason="mixed up", levels=LEVELS, stamp=STAMP)


@contextmanager
def held(folder: Path, isolates: Mapping[str, Letters]) -> Iterator[Held]:
    """A collection of these isolates."""
    charter = Charter(
        folder, "small", (0.9, (1, 9_999)), (REFERENCE,), (MASK,), LEVELS, 0.5, CallRules(), "fast"
    )
    with open_collection(folder) as collection:
        made = Held(collection, charter)
        for name, letters in isolates.items():
            made.add(name, letters)
        yield made


def bundle(**changes: object) -> Bundle:
    """Two isolates on one reference."""
    one = SharedIsolate(
        "abcd01",
        0,
        np.array([3, 9, 3_999]),
        np.frombuffer(b"TTC", np.uint8),
        np.array([[10, 20], [50, 4_000]]),
        Details("DCC1", "abscessus", "ST5", {"macrolides": "resistant"}, "2022"),
    )
    none = SharedIsolate(
        "abcd02", 0, np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros((0, 2), np.int64)
    )
    values: dict = {
        "made": "2026-11-22",
        "organism": "small",
        "jurisdiction": "AZ",
        "contact": TERMS.contact,
        "precision": "year",
        "genomes": (Genome("R", REFERENCE.digest, LENGTH),),
        "isolates": (one, none),
    }
    return Bundle(**(values | changes))

"""Small collections to be killed at: what is done to them, and what must be true of them afterwards."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from abscope.collection import arrivals, joining, mirror, profiles
from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.history import Stamp
from abscope.collection.schema import isolates, log, metadata
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.collection.verify import problems
from abscope.population.packing import hide, pack
from abscope.records import (
    Called,
    Calls,
    Contig,
    Depth,
    Interval,
    Mask,
    Profile,
    ReadStats,
    Reference,
    ReferenceChoice,
)
from abscope.settings import CallRules
from abscope.tables import VARIANTS

LENGTH, LEVELS, STAMP = 1_000, (5, 25), Stamp("2026-01-02T03:04:05", "benchmark")
LETTERS = np.frombuffer(b"ACGT" * (LENGTH // 4), dtype=np.uint8)
REFERENCE = Reference("R", (Contig("c", 0, LENGTH),), LETTERS)
MASK = Mask("R", LENGTH, (Interval(0, 50, "repeat"),))
ISOLATES = 24
STEPS = tuple(
    (verb, number)
    for first in range(0, ISOLATES, 6)
    for verb in ("remove", "restore")
    for number in range(first, first + 6, 2)
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a collection is: its folder, and its database and genotypes where they are not in it.

    Of genotypes in an object store every 4 and every 8 are joined, so that kills meet that too.
    """

    folder: Path
    url: str | None
    store: str | None = None

    @contextmanager
    def open(self) -> Iterator[Collection]:
        """Its collection, closed afterwards."""
        mirror.TOGETHER = (8, 4, 1)
        with open_collection(self.folder, database=self.url, genotypes=self.store) as collection:
            yield collection


def found(place: Place) -> None:
    """Found a collection without isolates."""
    joining.found(charter_of(place))
    with place.open():
        return


def charter_of(place: Place) -> Charter:
    """What a collection there is founded with."""
    limits, urls = (0.95, (500, 2000)), (place.url, place.store)
    masked = ((REFERENCE,), (MASK,), LEVELS, 0.5)
    return Charter(place.folder, "own", limits, *masked, CallRules(), "fast", *urls)


def _shelf(collection: Collection) -> Shelf:
    folder = collection.folder / "genotypes" / "R"
    return Shelf(folder, REFERENCE.digest, LENGTH, 475, mirror=collection.mirror)


def _profile(number: int) -> Profile:
    """Isolates in a row, two to four SNPs from one to the next, some with gaps."""
    rng = np.random.default_rng(number)
    bases = LETTERS.copy()
    changed = slice(100 + 30 * (number // 12), 100 + 30 * (number // 12) + number % 12 * 3)
    bases[changed] = np.where(bases[changed] == ord("A"), ord("C"), ord("A"))
    bases[rng.integers(500, LENGTH, 20)] = ord("N")
    called = Called(
        Calls("R", bases),
        VARIANTS.frame(),
        Depth(30.0, 30.0, 1.0, 5, np.array([30.0], dtype=np.float32)),
        ReadStats(100, 15_000, 150.0, 0.64, 0.93, 0.99, 0.02, 300),
    )
    choice = ReferenceChoice("R", (("R", 0.99),), "only one")
    return Profile(f"{number:064x}", "paired", "fast/1", choice, called, ())


def add(place: Place, numbers: range, told: Path | None = None) -> None:
    """Add isolates that are not there yet; tell of each once it is said to be in."""
    with place.open() as collection:
        shelf = _shelf(collection)
        for number in numbers:
            profile = _profile(number)
            profiles.save(place.folder, profile, REFERENCE)
            planes = pack([profile.called.calls], isolates=1, length=LENGTH)[:1]
            hide(planes, MASK.hidden())
            arrival = arrivals.Arrival(
                f"i{number:02}", profile.key, profile.key, "R", planes[0], "north"
            )
            arrivals.admit(collection, arrival, shelf=shelf, levels=LEVELS, stamp=STAMP)
            _tell(told, arrival.isolate_id)


def undo(place: Place, told: Path | None = None) -> None:
    """Remove isolates and bring them back, going on where the log says it stopped."""
    with place.open() as collection:
        with reading(collection.engine) as connection:
            query = sa.select(sa.func.count()).where(log.c.verb != "add")
            done = connection.execute(query).scalar_one()
        for verb, number in STEPS[done:]:
            name = f"i{number:02}"
            if verb == "remove":
                arrivals.remove(collection, name, reason="-", levels=LEVELS, stamp=STAMP)
            else:
                arrivals.restore(collection, name, levels=LEVELS, stamp=STAMP)
            _tell(told, f"{verb} {name}")


def _tell(told: Path | None, what: str) -> None:
    """Say that something is done; what is written outlives the process."""
    if told is not None:
        with told.open("a") as file:
            file.write(what + "\n")


def wrong(place: Place, told: Path) -> list[str]:
    """What is not as it should be; what was said to be done and is not among it."""
    said = told.read_text().splitlines() if told.exists() else []
    with place.open() as collection:
        bad = list(problems(collection, charter_of(place), lambda _: _shelf(collection)))
        with reading(collection.engine) as connection:
            query = sa.select(isolates.c.isolate_id).where(isolates.c.genotype.is_not(None))
            here = set(connection.execute(query).scalars())
            noted = connection.execute(sa.select(log.c.verb, log.c.subject)).all()
    done = [row.subject if row.verb == "add" else f"{row.verb} {row.subject}" for row in noted]
    bad += [f"{what}: was done and is not in the log" for what in said if what not in done]
    added = sorted(row.subject for row in noted if row.verb == "add")
    if added != sorted(here):
        bad.append("isolates are not those the log says were added")
    return bad


def names(place: Place) -> list[str]:
    """Everybody in the collection."""
    with place.open() as collection, reading(collection.engine) as connection:
        return sorted(connection.execute(sa.select(isolates.c.isolate_id)).scalars())


def contents(place: Place) -> dict[str, object]:
    """All rows, and all bytes that count. The database's own numbers of lines are left out.

    PostgreSQL skips a number where a transaction was given up.
    """
    with place.open() as collection, reading(collection.engine) as connection:
        rows: dict[str, object] = {
            table.name: [
                json.dumps({k: v for k, v in row.items() if k != "entry"}, sort_keys=True)
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }
        stored = _shelf(collection).stored()
        collection.fetch_profiles()
    rows["genotypes"] = {
        name: (stored.folder / name).read_bytes()[:size] if size else b""
        for name, size in stored.sizes.items()
    }
    rows["files"] = {
        path.relative_to(place.folder).as_posix(): path.read_bytes()
        for part in ("profiles", "references", "masks")
        for path in sorted((place.folder / part).rglob("*"))
        if path.is_file() and path.suffix != ".part"
    }
    return rows

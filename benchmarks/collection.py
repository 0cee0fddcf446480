"""A collection of many isolates: what one more costs (python -m benchmarks.collection).

Targets: an isolate that is called already is in, with its neighbours, clusters, ledger, logs and alerts on
the disk, within 1 s at 10,000 isolates and 2 s at 100,000; fewer than 2,000 bytes an isolate in the store of
genotypes; cost growing slower than the square root of the size beyond 10,000.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa

from abscope.collection import arrivals, watch
from abscope.collection.arrivals import Admitted, Arrival
from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.history import Stamp, read_ledger
from abscope.collection.schema import alerts, near_pairs
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.collection.watch import Tower
from abscope.organism import DEFAULT as ORGANISM
from abscope.population.packing import Words
from abscope.records import Alert
from abscope.settings import CallRules
from benchmarks import collection_world as world
from benchmarks import facts
from benchmarks.neighbours import dense

LATER = Stamp("2026-02-01T00:00:00", "benchmark")
NEAR, ONE_BY_ONE = 50, 40


@dataclass
class Desk:
    """An open collection."""

    collection: Collection
    shelf: Shelf
    tower: Tower

    def admit(self, number: int, planes: Words) -> Admitted:
        """Add one isolate that is called already."""
        content, whose = f"{number:064x}", world.jurisdiction(number)
        arrival = Arrival(world.name(number), content, content, "R", planes, whose)
        return arrivals.admit(
            self.collection, arrival, shelf=self.shelf, levels=world.LEVELS, stamp=LATER
        )

    def notice(self) -> tuple[Alert, ...]:
        """Hold the rules of the watch against what came; alerts are kept."""
        return watch.notice(self.tower, day=date(2026, 2, 1), stamp=LATER)

    def add(self, number: int, planes: Words) -> None:
        """All that `abscope add` does for an isolate that is called already."""
        self.admit(number, planes)
        self.notice()

    def remove(self, number: int) -> object:
        """Take one out."""
        return arrivals.remove(
            self.collection, world.name(number), reason="-", levels=world.LEVELS, stamp=LATER
        )

    def restore(self, number: int) -> object:
        """Bring it back."""
        return arrivals.restore(
            self.collection, world.name(number), levels=world.LEVELS, stamp=LATER
        )

    def changed(self) -> list[tuple[int, int]]:
        """Clusters that changed since the collection was filled."""
        with reading(self.collection.engine) as connection:
            told = read_ledger(connection, since=LATER.at)
        return sorted({(entry.level, entry.cluster) for _, entry in told})

    def alerts(self) -> int:
        """Alerts that are kept."""
        with reading(self.collection.engine) as connection:
            query = sa.select(sa.func.count()).select_from(alerts)
            return int(connection.execute(query).scalar_one())

    def pairs(self) -> int:
        """Pairs that are kept."""
        with reading(self.collection.engine) as connection:
            query = sa.select(sa.func.count()).select_from(near_pairs)
            return int(connection.execute(query).scalar_one())


@contextmanager
def desk(folder: Path, sites: int, url: str | None, threads: int = 1):
    with open_collection(folder, database=url) as collection:
        shelf = Shelf(folder / "genotypes" / "R", "digest", sites, sites // 2, threads)
        founded = (ORGANISM, (0.95, (1, 2)), (), (), world.LEVELS, 0.5, CallRules(), "fast")
        yield Desk(collection, shelf, Tower(collection, Charter(folder, *founded), folder))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor milliseconds."""
    begin, used = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begin) * 1000, (time.process_time() - used) * 1000


def told(name: str, spent: list[tuple[float, float]]) -> dict[str, str]:
    """Median and largest wall time, and in brackets the median processor time."""
    wall, cpu = np.array(spent).T
    return {name: f"{np.median(wall):.0f} to {wall.max():.0f} ({np.median(cpu):.0f})"}


def measured(folder: Path, count: int, sites: int, url: str | None) -> dict[str, object]:
    """One point of the curve."""
    isolates = world.plan(count + ONE_BY_ONE + 1, sites=sites)
    with desk(folder, sites, url) as here:
        begin = time.perf_counter()
        world.fill(here.collection, here.shelf, isolates, count)
        world.tell(folder, isolates, count)
        world.watch_largest(here.collection)
        facts.say(f"{count}: filled in {time.perf_counter() - begin:.0f} s")
    fresh = list(isolates.planes(range(count, count + ONE_BY_ONE + 1)))
    np.save(folder / "one.npy", fresh[-1])
    cold = _cold(folder, sites, url, count + ONE_BY_ONE)
    with desk(folder, sites, url) as here:
        here.shelf.near(fresh[0], NEAR)
        here.notice()
        added, noticed = [], []
        for n, row in enumerate(fresh[:ONE_BY_ONE]):
            added.append(timed(lambda n=n, row=row: here.admit(count + n, row)))
            noticed.append(timed(here.notice))
        together = [(a + b, c + d) for (a, c), (b, d) in zip(added, noticed, strict=True)]
        asked = [timed(lambda row=row: here.shelf.near(row, NEAR)) for row in fresh[:ONE_BY_ONE]]
        found = [len(here.shelf.near(row, NEAR)) for row in fresh[:ONE_BY_ONE]]
        _right(here, isolates, count, fresh[:3])
        listed = [timed(here.changed) for _ in range(5)]
        some = range(0, count, max(count // 10, 1))
        gone = [timed(lambda n=n: here.remove(n)) for n in some]
        back = [timed(lambda n=n: here.restore(n)) for n in some]
        return {
            "isolates": count,
            **told("add one, ms", together),
            "dearest, processor's ms": round(max(cpu for _, cpu in together)),
            **told("of which alerts, ms", noticed),
            "alerts": here.alerts(),
            **told("find all within 50, ms", asked),
            "found": f"{np.median(found):.0f} to {max(found)}",
            **told("list changed clusters, ms", listed),
            "clusters changed": len(here.changed()),
            **told("remove, ms", gone),
            **told("restore, ms", back),
            **cold,
            "genotypes, bytes an isolate": round(here.shelf.stored().nbytes / len(_stored(here))),
            "pairs within 25 an isolate": round(here.pairs() / count, 1),
            "database, bytes an isolate": _database(folder, count, url),
        }


def _stored(here: Desk):
    return here.shelf.stored().genotypes


def _database(folder: Path, count: int, url: str | None) -> int | None:
    return None if url else round((folder / "collection.db").stat().st_size / count)


def _right(here: Desk, isolates: world.Plan, count: int, rows: list[Words]) -> None:
    """Whoever is within 50 is found, and nobody else: held against counting every site."""
    expected: list[set[tuple[int, int]]] = [set() for _ in rows]
    for start in range(0, count, world.BATCH):
        planes = np.array(list(isolates.planes(range(start, min(start + world.BATCH, count)))))
        for row, near in zip(rows, expected, strict=True):
            snps = dense(planes, row)
            near |= {(start + int(k), int(snps[k])) for k in np.flatnonzero(snps <= NEAR)}
    for row, near in zip(rows, expected, strict=True):
        found = {(hit.row, hit.snps) for hit in here.shelf.near(row, NEAR) if hit.row < count}
        assert found == near


def _cold(folder: Path, sites: int, url: str | None, number: int) -> dict[str, object]:
    """A new process opens the collection and adds one isolate; libraries are loaded before."""
    words = ["--one", str(folder), "--number", str(number), "--sites", str(sites)]
    argv = [sys.executable, "-m", "benchmarks.collection", *words, *(["--url", url] if url else [])]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    spent, memory = json.loads(done.stdout)
    return {"open and add one, s": f"{spent[0]:.2f} ({spent[1]:.2f})", "memory, MB": memory}


def one(folder: Path, number: int, sites: int, url: str | None) -> None:
    """Print what it takes to open a collection and add one isolate, and the memory it takes."""
    row = np.load(folder / "one.npy")
    with TemporaryDirectory() as empty, desk(Path(empty), sites, None) as nobody:
        for n in (1, 2):  # compiled code and the database's are loaded
            nobody.add(n, row)
    before = _resident()
    begin, used = time.perf_counter(), time.process_time()
    with desk(folder, sites, url) as here:
        here.add(number, row)
        spent = time.perf_counter() - begin, time.process_time() - used
        print(json.dumps([spent, round((_resident() - before) / 2**20)]))


def _resident() -> int:
    import psutil

    return int(psutil.Process().memory_info().rss)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collection", description=__doc__)
    parser.add_argument("--isolates", nargs="+", type=int, default=[1000, 10_000, 30_000, 100_000])
    parser.add_argument("--sites", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true", help="a server of our own")
    parser.add_argument("--scratch", type=Path, help="where collections go (4 GB at 100,000)")
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    for hidden, kind in (("--one", Path), ("--number", int), ("--url", str)):
        parser.add_argument(hidden, type=kind, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return one(options.one, options.number, options.sites, options.url)
    machine, rows = facts.machine(), []
    with _databases(options.postgresql) as fresh:
        for count in options.isolates:
            with TemporaryDirectory(dir=options.scratch) as folder:
                rows.append(measured(Path(folder) / "c", count, options.sites, fresh()))
            facts.say(str(rows[-1]))
    kind = "PostgreSQL" if options.postgresql else "SQLite"
    tables = {f"One more isolate, {options.sites:,} sites, {kind}": rows}
    facts.publish(facts.Results(f"collection-{kind}", machine, tables, {}), options.out)
    return None


@contextmanager
def _databases(postgresql: bool):
    """What makes a new database: none for a file in the folder."""
    if not postgresql:
        yield lambda: None
        return
    from tests import databases

    with databases.server() as url:
        yield lambda: databases.fresh(url)


if __name__ == "__main__":
    main()

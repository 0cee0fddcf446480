"""Killed at random moments, a collection loses nothing: python -m benchmarks.kills --kills 100.

A process adds isolates, removes and restores them, brings a database up to date, or restores a backup, and
gets SIGKILL at a random moment; then everything is looked at, and another process goes on, until it is
done. Then the rows and bytes must be those of a process that nobody disturbed.
"""

import argparse
import os
import pickle
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import sqlalchemy as sa

from abscope.collection import database
from abscope.collection.backup import backup, check, unpack
from abscope.collection.shelves import Shelf
from abscope.population.packing import pack, words_for
from abscope.records import Calls
from benchmarks import facts
from benchmarks import kill_world as world
from benchmarks.kill_world import Place

T = TypeVar("T")
Work = Callable[[], object]


@dataclass
class Tally:
    """What happened. kills: that came while work was going on."""

    kills: int = 0
    rounds: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass
class Trial:
    """A kind of work. clear, prepare: once a round. look: what is wrong after a kill. compared: the end."""

    clear: Work
    prepare: Work
    work: Work
    look: Callable[[], list[str]]
    compared: Callable[[], object]


def spawn(work: Work) -> int:
    """Do the work in a process of its own: its number."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(code)


def apart(work: Callable[[], T]) -> T:
    """What work gives that is done in a process of its own.

    This process stays without threads, so that those it splits off start sound.
    """
    reading, writing = os.pipe()

    def tell() -> None:
        with os.fdopen(writing, "wb") as file:
            pickle.dump(work(), file)

    pid = spawn(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        content = file.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError("a look at the collection failed")
    found: T = pickle.loads(content)
    return found


def warm() -> None:
    """Load what every process needs, so that kills come while it works and not while it loads."""
    import alembic.command  # noqa: F401

    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), "any", world.LENGTH, 1)
        row = np.zeros((3, words_for(world.LENGTH)), np.uint64)
        for number in range(2):
            shelf.add(f"i{number}", row, within=5, used=number)
            shelf.near(row, 5)
        pack([Calls("R", world.LETTERS)], isolates=1, length=world.LENGTH)


def undisturbed(trial: Trial) -> tuple[object, float]:
    """What is there at the end, and how long it took."""
    trial.clear()
    apart(trial.prepare)
    begin = time.perf_counter()
    apart(trial.work)
    takes = time.perf_counter() - begin
    return apart(trial.compared), takes


def kill(trial: Trial, *, kills: int, rng: random.Random) -> Tally:
    """Work killed until it has happened often enough, round after round."""
    expected, takes = undisturbed(trial)
    tally = Tally()
    while tally.kills < kills and not tally.problems:
        trial.clear()
        apart(trial.prepare)
        tally.rounds += 1
        reach = takes * 0.7
        while not _done(trial, rng.uniform(0, reach), tally):
            tally.problems += apart(trial.look)
            reach *= 1.2  # a machine that has become slower must not kill for ever
        tally.problems += apart(trial.look)
        if apart(trial.compared) != expected:
            tally.problems.append("another end than undisturbed")
    return tally


def _done(trial: Trial, after: float, tally: Tally) -> bool:
    """Whether the work came to its end before it was killed."""
    pid = spawn(trial.work)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        tally.kills += 1
        return False
    if os.WEXITSTATUS(status):
        tally.problems.append("going on failed")
    return True


def trials(folder: Path, fresh: Callable[[], str | None]) -> dict[str, Trial]:
    """Every kind of work, in a folder of its own."""
    return {
        "add": _adding(folder / "add", fresh),
        "remove and restore": _undoing(folder / "undo", fresh),
        "migrate": _migrating(folder / "migrate", fresh),
        "restore a backup": _unpacking(folder / "unpack", fresh),
        "write a backup": _backing(folder / "backup", fresh),
    }


class Scene:
    """A folder and a database, new for every round."""

    def __init__(self, folder: Path, fresh: Callable[[], str | None]) -> None:
        self.folder, self.fresh = folder, fresh
        self.place = Place(folder / "c", None)

    @property
    def told(self) -> Path:
        """Where the process says what it has done."""
        return self.folder / "told"

    def clear(self) -> None:
        """Begin anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.place = Place(self.folder / "c", self.fresh())

    def wrong(self) -> list[str]:
        """What a look at everything finds."""
        return world.wrong(self.place, self.told)


def _adding(folder: Path, fresh: Callable[[], str | None]) -> Trial:
    here = Scene(folder, fresh)

    return Trial(
        here.clear,
        lambda: world.found(here.place),
        lambda: world.add(here.place, range(world.ISOLATES), here.told),
        here.wrong,
        lambda: world.contents(here.place),
    )


def _undoing(folder: Path, fresh: Callable[[], str | None]) -> Trial:
    here = Scene(folder, fresh)

    def prepare() -> None:
        world.found(here.place)
        world.add(here.place, range(world.ISOLATES))

    return Trial(
        here.clear,
        prepare,
        lambda: world.undo(here.place, here.told),
        here.wrong,
        lambda: world.contents(here.place),
    )


def _migrating(folder: Path, fresh: Callable[[], str | None]) -> Trial:
    """From the first layout, with isolates in it, to the newest."""
    here = Scene(folder, fresh)

    def where() -> Path | str:
        return here.place.url or here.folder / "collection.db"

    return Trial(
        here.clear,
        lambda: _first_layout(where()),
        lambda: database.connect(where()).dispose(),
        lambda: _half_migrated(where()),
        lambda: _layout(where()),
    )


def _first_layout(where: Path | str) -> None:
    database.HEAD = "0001"  # in this process, which is of its own
    engine = database.connect(where)
    table = sa.Table("isolates", sa.MetaData(), autoload_with=engine)
    rows = [{"isolate_id": f"i{n}", "serial": n, "profile_key": f"{n:064x}"} for n in range(50)]
    with database.writing(engine) as connection:
        connection.execute(sa.insert(table), rows)
    engine.dispose()


def _half_migrated(where: Path | str) -> list[str]:
    """Either layout is whole, and everybody is in it."""
    engine = sa.create_engine(_url(where))
    tables = set(sa.inspect(engine).get_table_names())
    with engine.connect() as connection:
        version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        count = connection.execute(sa.text("SELECT count(*) FROM isolates")).scalar()
    engine.dispose()
    whole = {"0001": False, database.HEAD: True}
    good = version in whole and count == 50 and ("alerts" in tables) == whole[version]
    return [] if good else [f"layout {version} with {count} isolates and {sorted(tables)}"]


def _layout(where: Path | str) -> object:
    engine = database.connect(where)
    found = sa.inspect(engine)
    tables = {
        name: sorted(str(column["name"]) for column in found.get_columns(name))
        for name in sorted(found.get_table_names())
    }
    with database.reading(engine) as connection:
        rows = connection.execute(sa.text("SELECT * FROM isolates ORDER BY serial")).all()
    engine.dispose()
    return tables, [tuple(row) for row in rows]


def _url(where: Path | str) -> sa.URL | str:
    if isinstance(where, Path):
        return f"sqlite:///{where}"
    return sa.make_url(where).set(drivername="postgresql+pg8000")


def _unpacking(folder: Path, fresh: Callable[[], str | None]) -> Trial:
    here, source = Scene(folder / "to", fresh), Place(folder / "from" / "c", None)
    archive = folder / "backup.tar"

    def prepare() -> None:
        if not archive.exists():
            world.found(source)
            world.add(source, range(world.ISOLATES))
            with source.open() as collection:
                backup(collection, archive)

    def work() -> None:
        if not (here.place.folder / "charter.json").exists():
            unpack(archive, here.place.folder, database=here.place.url)

    def look() -> list[str]:
        """A charter says that all of it is there."""
        return here.wrong() if (here.place.folder / "charter.json").exists() else []

    return Trial(here.clear, prepare, work, look, lambda: world.contents(here.place))


def _backing(folder: Path, fresh: Callable[[], str | None]) -> Trial:
    here = Scene(folder, fresh)
    archive = folder / "backup.tar"

    def clear() -> None:
        archive.unlink(missing_ok=True)
        if not here.place.folder.exists():
            here.clear()

    def prepare() -> None:
        if here.place.folder.exists():
            return
        world.found(here.place)
        world.add(here.place, range(world.ISOLATES))

    def work() -> None:
        with here.place.open() as collection:
            backup(collection, archive)

    def look() -> list[str]:
        """There is no archive, or a whole one."""
        if archive.exists():
            check(archive)
        return here.wrong()

    return Trial(clear, prepare, work, look, archive.read_bytes)


def together(folder: Path, url: str | None, *, rng: random.Random, kills: int = 2) -> list[str]:
    """Two processes add to one collection, and are killed now and then: what is wrong at the end."""
    place, told = Place(folder / "c", url), folder / "told"
    apart(lambda: world.found(place))
    halves = (range(0, world.ISOLATES, 2), range(1, world.ISOLATES, 2))
    codes = []
    for after in [*(rng.uniform(0.05, 0.4) for _ in range(kills)), None]:
        pids = [spawn(lambda half=half: world.add(place, half, told)) for half in halves]
        if after is not None:
            time.sleep(after)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        codes = [os.waitpid(pid, 0)[1] for pid in pids]
    bad = apart(lambda: world.wrong(place, told))
    bad += ["a process failed"] if any(codes) else []
    if apart(lambda: world.names(place)) != [f"i{n:02}" for n in range(world.ISOLATES)]:
        bad.append("not everybody is there")
    return bad


@contextmanager
def databases(kind: str) -> Iterator[Callable[[], str | None]]:
    """What makes a new database of a kind."""
    if kind == "SQLite":
        yield lambda: None
        return
    from tests import databases as servers

    with servers.server() as url:
        yield lambda: servers.fresh(url)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of each kind of work")
    parser.add_argument(
        "--pairs", type=int, default=10, help="times that two processes add at once"
    )
    parser.add_argument("--works", nargs="+", help="only these kinds of work")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine, rows = facts.machine(), []
    warm()
    for kind in options.databases:
        with databases(kind) as fresh, TemporaryDirectory() as folder:
            chosen = trials(Path(folder), fresh)
            for name in options.works or chosen:
                trial = chosen[name]
                tally = kill(trial, kills=options.kills, rng=random.Random(options.seed))
                rows.append(row(kind, name, tally.kills, tally.rounds, tally.problems))
            bad: list[str] = []
            for turn in range(options.pairs):
                rng = random.Random(options.seed + turn)
                bad += together(Path(folder) / f"two{turn}", fresh(), rng=rng)
            if options.pairs:
                done = (4 * options.pairs, options.pairs)
                rows.append(row(kind, "two processes add at once", *done, bad))
    facts.publish(
        facts.Results("kills", machine, {"Killed at random moments": rows}, {}), options.out
    )


def row(kind: str, name: str, kills: int, rounds: int, bad: list[str]) -> dict[str, object]:
    row = {"database": kind, "work": name, "kills": kills, "rounds": rounds}
    facts.say(str(row) + "".join(f"\n  {one}" for one in bad))
    return {**row, "problems": len(bad), "such as": bad[0] if bad else ""}


if __name__ == "__main__":
    main()

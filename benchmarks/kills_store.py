"""Killed with its genotypes in an object store, a collection loses nothing: python -m benchmarks.kills_store.

As benchmarks.kills: one machine adds and is killed; one whose copies are deleted after every kill, so that
it fetches everything again; and two machines, each with a folder of its own, add to one collection at the
same time. The store is a folder (file://) or any other by --store, a new place below it for every round.
"""

import argparse
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from abscope.collection import charter
from abscope.collection.objects import open_objects
from benchmarks import facts
from benchmarks import kill_world as world
from benchmarks.kill_world import Place
from benchmarks.kills import Scene, Trial, apart, databases, kill, row, spawn, warm

COPIES = ("genotypes", "profiles")


class StoredScene(Scene):
    """A folder, a database and a place in a store, new for every round."""

    def __init__(self, folder: Path, fresh: Callable[[], str | None], store: str | None) -> None:
        super().__init__(folder, fresh)
        self.store = store or f"file://{folder}/store"

    def clear(self) -> None:
        """Begin anew."""
        super().clear()
        self.place = replace(self.place, store=f"{self.store}/{uuid4().hex}")

    def forgetful(self) -> list[str]:
        """Look at everything, then lose the copies."""
        wrong = self.wrong()
        for name in COPIES:
            shutil.rmtree(self.place.folder / name, ignore_errors=True)
        return wrong

    def contents(self) -> object:
        """Rows, the copy's bytes, and the objects every isolate has of its own."""
        held = world.contents(self.place)
        assert isinstance(held["files"], dict)
        short = world.REFERENCE.digest[:16]
        names = [f"genotypes/{short}/1/{number:09d}" for number in range(world.ISOLATES)]
        names += [name for name in held["files"] if name.startswith("profiles/")]
        store = open_objects(str(self.place.store))
        return held, {name: store.get(name) for name in names}


def trial(here: StoredScene, look: Callable[[], list[str]]) -> Trial:
    """Isolates are added, and the process is killed."""
    return Trial(
        here.clear,
        lambda: world.found(here.place),
        lambda: world.add(here.place, range(world.ISOLATES), here.told),
        look,
        here.contents,
    )


def machines(place: Place, other: Path) -> tuple[Place, Place]:
    """The place, and another folder of the same collection; a database that is a file is lent to it."""
    for name, content in charter.files(world.charter_of(place)):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (other / name).write_bytes(content)
    if place.url is None:
        (other / "collection.db").symlink_to(place.folder / "collection.db")
    return place, replace(place, folder=other)


def together(here: StoredScene, *, rng: random.Random, kills: int = 2) -> list[str]:
    """Two machines add the halves, and are killed now and then: what is wrong at the end."""
    here.clear()
    apart(lambda: world.found(here.place))
    both = machines(here.place, here.folder / "other")
    halves = (range(0, world.ISOLATES, 2), range(1, world.ISOLATES, 2))
    codes: list[int] = []
    for after in [*(rng.uniform(0.05, 0.6) for _ in range(kills)), None]:
        pids = [
            spawn(lambda at=at, half=half: world.add(at, half, here.told))
            for at, half in zip(both, halves, strict=True)
        ]
        if after is not None:
            time.sleep(after)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        codes = [os.waitpid(pid, 0)[1] for pid in pids]
    bad = [line for at in both for line in apart(lambda at=at: world.wrong(at, here.told))]
    bad += ["a process failed"] if any(codes) else []
    if apart(lambda: world.names(both[0])) != [f"i{n:02}" for n in range(world.ISOLATES)]:
        bad.append("not everybody is there")
    first, second = (apart(lambda at=at: world.contents(at)) for at in both)
    return bad + ([] if first == second else ["the machines do not hold the same"])


def measured(
    kind: str, folder: Path, fresh: Callable[[], str | None], options: argparse.Namespace
) -> list[dict[str, object]]:
    """The three kinds of work on one kind of database."""
    rows, scene = [], StoredScene(folder / "one", fresh, options.store)
    looks = {"add": scene.wrong, "add, its copies deleted each time": scene.forgetful}
    for name, look in looks.items():
        rng = random.Random(options.seed)
        tally = kill(trial(scene, look), kills=options.kills, rng=rng)
        rows.append(row(kind, name, tally.kills, tally.rounds, tally.problems))
    bad: list[str] = []
    for turn in range(options.pairs):
        pair = StoredScene(folder / f"two{turn}", fresh, options.store)
        bad += together(pair, rng=random.Random(options.seed + turn))
    return [*rows, row(kind, "two machines add at once", 4 * options.pairs, options.pairs, bad)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills_store", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of each kind of work")
    parser.add_argument("--pairs", type=int, default=10, help="times that two machines add at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--store", help="URL below which every round finds an empty place")
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine, rows = facts.machine(), []
    warm()
    for kind in options.databases:
        with databases(kind) as fresh, TemporaryDirectory() as folder:
            rows += measured(kind, Path(folder), fresh, options)
    title = "Killed at random moments, genotypes in an object store"
    facts.publish(facts.Results("kills_store", machine, {title: rows}, {}), options.out)


if __name__ == "__main__":
    main()

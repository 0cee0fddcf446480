"""A run on workers that fall and come is the run on one processor, byte for byte."""

import os
import signal
import time
from pathlib import Path
from threading import Thread

import pytest

from abscope.running.cluster import own_workers
from worlds import World

pytest.importorskip("distributed", reason="abscope[dask] is not installed")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that a run promises to make again; the collection's profiles among them.

    What a killed worker left half-written is swept when the collection is next opened.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".part"
        and path.name not in {"collection.db", "collection.db-shm", "collection.db-wal"}
    }


@pytest.mark.slow
def test_a_run_whose_worker_is_killed_and_another_joins_gives_the_serial_runs_bytes(
    world: World, tmp_path: Path
) -> None:
    with own_workers(2, tmp_path / "workers") as workers:

        def disturb() -> None:
            profiles = world.out / "collection" / "profiles"
            while not list(profiles.rglob("*")):
                time.sleep(0.01)
            os.kill(workers.workers[0].pid, signal.SIGKILL)
            workers.scale(3)

        meddler = Thread(target=disturb)
        meddler.start()
        done = world.quick("--scheduler", workers.scheduler_address)
        meddler.join()
    assert done.returncode == 0, done.stderr
    serial = world.quick("--engine", "serial", out=tmp_path / "serial")
    assert serial.returncode == 0, serial.stderr
    assert contents(world.out) == contents(tmp_path / "serial")

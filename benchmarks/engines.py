"""The same isolates profiled on every engine, and with a worker killed: python -m benchmarks.engines.

Wall seconds with the engine's start and end; profiles are compared byte by byte. *dask, killed*: of two
workers one gets SIGKILL when the first isolate is done, and another joins.
"""

import argparse
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from abscope.profiling import Recipe, keep_profile
from abscope.records import Sample
from abscope.running.cluster import own_workers
from abscope.running.engines import engine
from abscope.settings import CallRules
from benchmarks import facts, worlds

WORKERS = 2


def profiled(samples: Sequence[Sample], recipe: Recipe, folder: Path, *, name: str) -> float:
    """Seconds to profile all samples into `folder` on an engine."""
    begin = time.perf_counter()
    with engine(name, WORKERS) as pool:
        jobs = [pool.submit(keep_profile, one, recipe, folder=folder) for one in samples]
        for job in jobs:
            job.result()
    return time.perf_counter() - begin


def disturbed(samples: Sequence[Sample], recipe: Recipe, folder: Path) -> float:
    """The same on somebody else's workers, of whom one falls and another comes."""
    with TemporaryDirectory() as scratch, own_workers(WORKERS, Path(scratch)) as cluster:

        def disturb() -> None:
            while not contents(folder):
                time.sleep(0.01)
            os.kill(cluster.workers[0].pid, signal.SIGKILL)
            cluster.scale(WORKERS + 1)

        meddler = Thread(target=disturb)
        meddler.start()
        spent = profiled(samples, recipe, folder, name=f"dask={cluster.scheduler_address}")
        meddler.join()
    return spent


def contents(folder: Path) -> dict[str, bytes]:
    """Every profile's bytes."""
    found = sorted((folder / "profiles").rglob("*.npz"))
    return {path.name: path.read_bytes() for path in found}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--isolates", type=int, default=8)
    parser.add_argument("--length", type=int, default=500_000)
    parser.add_argument("--depth", type=float, default=60)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine, rows = facts.machine(), []
    home = worlds.home(worlds.BUILT_IN, length=options.length)
    limits = (options.length * 9 // 10, options.length * 11 // 10)
    recipe = Recipe((home.reference,), 0.9, limits, CallRules())
    with TemporaryDirectory() as name:
        folder = Path(name)
        samples = [
            worlds.reads(
                worlds.isolate(home, 0.0005, seed),
                folder,
                depth=options.depth,
                seed=seed,
                name=f"isolate{seed}",
            )
            for seed in range(options.isolates)
        ]
        profiled(samples[:1], recipe, folder / "warm", name="serial")
        for kind in ("serial", "processes", "dask", "dask, killed"):
            place, used = folder / kind, os.times()
            if kind == "dask, killed":
                spent = disturbed(samples, recipe, place)
            else:
                spent = profiled(samples, recipe, place, name=kind)
            done = os.times()
            cpu = sum(done[:4]) - sum(used[:4])
            same = contents(place) == contents(folder / "serial")
            rows.append(
                {
                    "engine": kind,
                    "wall, s": round(spent, 1),
                    "CPU, s": round(cpu, 1),
                    "bytes as on serial": same,
                }
            )
            facts.say(str(rows[-1]))
    size = f"{options.isolates} isolates of {options.length:,} bases at {options.depth:g}x"
    title = f"{size}, {WORKERS} workers"
    facts.publish(facts.Results("engines", machine, {title: rows}, {}), options.out)


if __name__ == "__main__":
    main()

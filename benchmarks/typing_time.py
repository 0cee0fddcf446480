"""How long it takes to type an isolate, as whole processes: python -m benchmarks.typing_time DATA.

An assembly from its file to the full profile with MLST, and reads whose calls an earlier run has stored;
the time of `abscope type` with nothing to do is start-up. DATA: the folder with the real reference and
the PubMLST scheme. The isolate is simulated: ATCC 19977 with 0.05 % substitutions, indels and repeats.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from abscope.formats import fasta
from abscope.simulate.assemblies import draft
from abscope.simulate.repeats import repeats
from benchmarks import facts, speed, worlds

TARGETS = {"assembly": "under 6", "reads, called before": "under 3 more than start-up"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typing_time", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine = facts.machine()
    with TemporaryDirectory(prefix="benchmark-") as scratch:
        rows = run(options.data, Path(scratch), options.repeats)
    tables = {"Typing, whole processes, two threads": rows}
    facts.publish(facts.Results("typing_time", machine, tables, {}), options.out)


def run(data: Path, scratch: Path, repeats: int) -> list[dict[str, object]]:
    """Medians of each task after a first, unmeasured round."""
    os.environ["ABSCOPE_REFERENCES"] = str(scratch / "references")
    genome = data / worlds.REAL_FILE
    speed.measured(_abscope("reference", "add", genome), scratch / "add.log")
    tasks = _tasks(data, scratch)
    costs: dict[str, list[speed.Cost]] = {name: [] for name in tasks}
    for _ in range(repeats + 1):
        for name, argv in tasks.items():
            with TemporaryDirectory(dir=scratch) as out:
                argv_here = [part.replace("OUT", out) for part in argv]
                costs[name].append(speed.measured(argv_here, scratch / "log"))
    return [_row(name, found[1:]) for name, found in costs.items()]


def _row(name: str, costs: list[speed.Cost]) -> dict[str, object]:
    walls = [round(one.wall, 2) for one in costs]
    return {
        "task": name,
        "wall_s (median)": median(walls),
        "wall_s (all)": " ".join(map(str, sorted(walls))),
        "cpu_s (median)": round(median(one.cpu for one in costs), 2),
        "memory_mb": round(max(one.memory_mb for one in costs)),
        "target": TARGETS.get(name),
    }


def _tasks(data: Path, scratch: Path) -> dict[str, list[str]]:
    """Commands by what they measure, with OUT where each run's folder goes."""
    of = worlds.isolate(worlds.home(worlds.REAL, data / worlds.REAL_FILE), 0.0005, seed=1)
    broken = draft(of.genome, repeats(of.genome.letters), rng=np.random.default_rng(1))
    fasta.write(scratch / "draft.fa", broken)
    sample = worlds.reads(of, scratch, depth=60, seed=1)
    called = scratch / "called"
    of_reads = ("-1", sample.reads1, "-2", sample.reads2, "--outdir", called)
    more = ("--mlst", data / "mabs_mlst" / "pubmlst", "--cpus", 2, "--quiet")
    speed.measured(_abscope("type", *of_reads, *more), scratch / "called.log")
    return {
        "start-up": _abscope("type", "--help"),
        "assembly": _abscope("type", "--ctgs", scratch / "draft.fa", "--outdir", "OUT", *more),
        "reads, called before": _abscope("type", *of_reads, *more),
    }


def _abscope(*words: object) -> list[str]:
    return [sys.executable, "-m", "abscope", *map(str, words)]


if __name__ == "__main__":
    main()

"""How long it takes to type an isolate, as whole processes: python -m benchmarks.typing_time DATA.

An assembly from its file to the full profile with MLST, on two processors; and reads whose calls an
earlier run has stored, one isolate and three on one processor: half of the difference is what typing one
isolate takes after calling, without the start of the process. DATA: the folder with the real reference
and the PubMLST scheme. Isolates are simulated: ATCC 19977 with 0.05 % substitutions, and indels.
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

ASSEMBLY, ONE, THREE = "assembly", "reads, called before", "three of them"
MORE = "each further isolate"
TARGETS = {ASSEMBLY: "under 6", MORE: "under 3"}


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
    more = [_half(three, one) for three, one in zip(costs[THREE], costs[ONE], strict=True)]
    return [_row(name, found[1:]) for name, found in (*costs.items(), (MORE, more))]


def _half(three: speed.Cost, one: speed.Cost) -> speed.Cost:
    return speed.Cost(
        (three.wall - one.wall) / 2, (three.cpu - one.cpu) / 2, max(three.memory_mb, one.memory_mb)
    )


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
    sheets = [_sheet(of, scratch, number) for number in (1, 3)]
    called = ("--outdir", scratch / "called", "--engine", "serial")
    more = ("--mlst", data / "mabs_mlst" / "pubmlst", "--quiet")
    speed.measured(_abscope("type", sheets[1], *called, *more), scratch / "called.log")
    draft_of = ("--ctgs", scratch / "draft.fa", "--outdir", "OUT", "--cpus", 2)
    return {
        ASSEMBLY: _abscope("type", *draft_of, *more),
        ONE: _abscope("type", sheets[0], *called, *more),
        THREE: _abscope("type", sheets[1], *called, *more),
    }


def _sheet(of: worlds.Isolate, scratch: Path, number: int) -> Path:
    """A sample sheet of so many sets of reads of one genome."""
    path = scratch / f"{number}.csv"
    lines = ["sample,fastq_1,fastq_2"]
    for seed in range(number):
        sample = worlds.reads(of, scratch, depth=60, seed=seed, name=f"isolate_{seed}")
        lines.append(f"{sample.name},{sample.reads1},{sample.reads2}")
    path.write_text("\n".join(lines) + "\n")
    return path


def _abscope(*words: object) -> list[str]:
    return [sys.executable, "-m", "abscope", *map(str, words)]


if __name__ == "__main__":
    main()

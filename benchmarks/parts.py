"""Every benchmark in turn, each in a process of its own: python -m benchmarks all [--small].

A part that fails is named at the end and does not stop the others; peers that are not installed are named
before anything runs. `--small` is one size of each, about an hour on a quiet machine of two cores.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import facts, recipes

PEERS = (*sorted({one for needs in recipes.NEEDS.values() for one in needs}), "snp-dists", "pairsnp",
         "run_gubbins", "ClonalFrameML", "iqtree2", "fasttree", "treetime")  # fmt: skip
RECOMBINATION = {"Gubbins": "run_gubbins", "ClonalFrameML": "ClonalFrameML"}


@dataclass(frozen=True, slots=True)
class Part:
    """One benchmark: what it holds against what, its module with arguments, and those of a small run.

    data: whether the folder of real data comes first.
    """

    what: str
    module: str
    full: str = ""
    small: str = ""
    data: bool = False


PARTS = (
    Part("reads to calls: right", "benchmarks", "accuracy",
         "accuracy --length 500000 --depths 30 60 --divergences 0.005"),
    Part("reads to calls: one culture", "benchmarks", "cultures --callers fast",
         "cultures --length 500000 --pairs 10 --callers fast"),
    Part("reads to calls: fast", "benchmarks", "speed", "speed --repeats 2"),
    Part("typing", "benchmarks.typing_time", "--repeats 3", "--repeats 1", data=True),
    Part("all pairs", "benchmarks.distances", "", "--sizes 1000x100000"),
    Part("one against many", "benchmarks.neighbours", "", "--isolates 1000 10000"),
    Part("recombination", "benchmarks.recombination", "",
         "--recipes 30-short 50-many --seeds 1 --cap 300"),
    Part("recombination: one more", "benchmarks.recombination_growth", "500", "200"),
    Part("trees, easy", "benchmarks.trees", "40 3", "40 1"),
    Part("trees, hard", "benchmarks.trees", "40 3 hard", "40 1 hard"),
    Part("dates", "benchmarks.dating_peers", "", "--sets 10"),
    Part("clusters in other company", "benchmarks.cluster_stability", "", "--seeds 1"),
    Part("one more in a collection", "benchmarks.collection", "--isolates 10000 30000 100000",
         "--isolates 1000 10000"),
    Part("growth of cost", "benchmarks.growth", "", "--small"),
)  # fmt: skip


def run(out: Path, data: Path | None, *, small: bool) -> bool:
    """Run every part, what each says in `out`; whether all that could run ended well."""
    out.mkdir(parents=True, exist_ok=True)
    machine, absent = facts.machine(), [name for name in PEERS if shutil.which(name) is None]
    for name in absent:
        facts.say(f"SKIPPED: {name} is not installed")
    rows = list(_rows(out, data, small=small))
    skipped = [f"{name}: not installed" for name in absent]
    facts.publish(facts.Results("all", machine, {"Parts": rows}, {}, skipped), out)
    return all(row["ended"] != "FAILED" for row in rows)


def _rows(out: Path, data: Path | None, *, small: bool) -> Iterator[dict[str, object]]:
    for number, part in enumerate(PARTS, 1):
        facts.say(f"{number} of {len(PARTS)}: {part.what}")
        start = time.perf_counter()
        ended = _ended(part, out, data, small=small)
        minutes = (time.perf_counter() - start) / 60
        facts.say(f"{part.what}: {ended}, {minutes:.1f} min")
        yield {"part": part.what, "command": _command(part, small=small), "ended": ended,
               "minutes": f"{minutes:.1f}"}  # fmt: skip


def _command(part: Part, *, small: bool) -> str:
    folder = "DATA " if part.data else ""
    return f"python -m {part.module} {folder}{part.small if small else part.full}".strip()


def _ended(part: Part, out: Path, data: Path | None, *, small: bool) -> str:
    if part.data and data is None:
        return "SKIPPED: no folder of real data (--data)"
    words = (part.small if small else part.full).split()
    words = [str(data), *words] if part.data else words
    argv = [sys.executable, "-m", part.module, *words, *_installed(part)]
    with (out / f"{part.what.replace(':', '').replace(' ', '_')}.txt").open("w") as said:
        done = subprocess.run(argv, stdout=said, check=False)
    return "FAILED" if done.returncode else "well"


def _installed(part: Part) -> Sequence[str]:
    """Recombination is told which programs there are."""
    if part.module != "benchmarks.recombination":
        return ()
    return ("--programs", "abscope", *(k for k, run in RECOMBINATION.items() if shutil.which(run)))

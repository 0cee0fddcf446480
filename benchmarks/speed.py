"""How fast whole processes are, run in turn on one isolate: wall and processor time, peak memory."""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.records import Sample
from benchmarks import facts, recipes, worlds

RIVALS = ("snippy", "minimap2")
TARGETS = {"snippy": "at least 20", "minimap2": "at least 8", "parse": "at least 1/6"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and its children took. memory_mb: the largest of them."""

    wall: float
    cpu: float
    memory_mb: float


def measured(argv: Sequence[str], log: Path) -> Cost:
    """Run a command to its end. Raises RuntimeError with its last words where it fails."""
    measure = [sys.executable, "-m", "benchmarks.measure", str(log), *argv]
    done = subprocess.run(measure, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} failed: {log.read_text(errors='replace')[-2000:]}")
    return Cost(**json.loads(done.stdout))


def tasks(skipped: list[str]) -> list[str]:
    """What can run here; what cannot is noted and said aloud."""
    found = ["fast", "parse"]
    for rival in RIVALS:
        if absent := recipes.missing(rival):
            skipped.append(f"{rival} recipe: not installed: {', '.join(absent)}")
            facts.say(f"SKIPPED: {skipped[-1]}")
        else:
            found.append(rival)
    return found


def run(
    at: worlds.Home, names: Sequence[str], *, depth: float, repeats: int, scratch: Path
) -> list[dict[str, object]]:
    """One row for each task and round, the tasks in turn; a first, unmeasured round warms the caches."""
    of = worlds.isolate(at, 0.0015, seed=1)
    sample = worlds.reads(of, scratch, depth=depth, seed=1)
    genome = worlds.write_reference(at.reference, scratch)
    for name in ("fast", "parse"):
        _once(name, sample, genome, scratch)
    rows: list[dict[str, object]] = []
    for number in range(repeats):
        for name in names:
            cost = _once(name, sample, genome, scratch)
            row = {"round": number, "task": name, "wall_s": round(cost.wall, 2),
                   "cpu_s": round(cost.cpu, 2), "memory_mb": round(cost.memory_mb)}  # fmt: skip
            facts.say(str(row))
            rows.append(row)
    return rows


def _once(name: str, sample: Sample, genome: Path, scratch: Path, threads: int = 2) -> Cost:
    with TemporaryDirectory(dir=scratch) as out:
        if name in RIVALS:
            argv = recipes.command(name, sample, genome, Path(out) / name, threads)
        else:
            paths = (genome, sample.reads1, sample.reads2, threads)
            argv = [sys.executable, "-m", "benchmarks.once", name, *map(str, paths)]
        return measured(argv, scratch / f"{name}.log")


def summary(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Medians of each task, and how many times the fast path's time it takes."""
    names = dict.fromkeys(str(row["task"]) for row in rows)
    found: list[dict[str, object]] = []
    for name in names:
        mine = {key: _values(rows, name, key) for key in ("wall_s", "cpu_s", "memory_mb")}
        ratios = [
            a / b for a, b in zip(mine["wall_s"], _values(rows, "fast", "wall_s"), strict=True)
        ]
        cpu = [a / b for a, b in zip(mine["cpu_s"], _values(rows, "fast", "cpu_s"), strict=True)]
        found.append(
            {
                "task": name,
                **{f"{key} (median)": statistics.median(values) for key, values in mine.items()},
                "wall / fast": statistics.median(ratios),
                "cpu / fast": statistics.median(cpu),
                "target (wall / fast)": TARGETS.get(name),
            }
        )
    return found


def _values(rows: Sequence[dict[str, object]], task: str, key: str) -> list[float]:
    return [float(str(row[key])) for row in rows if row["task"] == task]

"""Dates beside TreeTime: python -m benchmarks.dating_peers [--sets 40].

Simulated clones with known rate and root (`benchmarks.dated_trees`). Both programs are whole processes; they
get the same tree, with the same dates to the day, and look for the root themselves. abscope's intervals are
of 95 %; TreeTime's are 1.96 standard deviations to both sides for the rate, and for the root the 90 % it
writes. TreeTime runs as its manual has it for intervals, on branch lengths as given.
"""

import argparse
import json
import re
import shutil
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.population import newick
from abscope.population.phylogeny import scaled
from abscope.population.root_to_tip import Span
from benchmarks import facts
from benchmarks.dated_trees import Scenario, with_clock
from benchmarks.speed import measured

SITES = 5_067_172
SCENARIOS = {
    "strict clock": Scenario("strict clock"),
    "uneven clock": Scenario("uneven", spread=1.0),
}
Interval = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rate and year of the root, each with its interval; None where a program gives no date."""

    rate: Interval | None
    root: Interval | None
    cpu: float = 0.0


def abscope(folder: Path, seed: int) -> Answer:
    argv = [sys.executable, "-m", "abscope", "date", str(folder / "genome.nwk"), "-q", "--json", "--any-rate",
            "--dates", str(folder / "dates.csv"), "--seed", str(seed)]  # fmt: skip
    log = folder / "abscope.log"
    cost = measured(argv, log)
    found = json.loads(log.read_text())
    return Answer(_interval(found["rate"]), _interval(found["root"]), cost.cpu)


def _interval(found: Mapping[str, float] | None) -> Interval | None:
    return (found["value"], found["low"], found["high"]) if found else None


def treetime(folder: Path, seed: int) -> Answer:
    argv = ["treetime", "--tree", str(folder / "site.nwk"), "--dates", str(folder / "dates.csv"),
            "--name-column", "isolate_id", "--sequence-length", str(SITES), "--clock-filter", "0",
            "--confidence", "--covariation", "--keep-polytomies", "--coalescent", "const",
            "--branch-length-mode", "input", "--rng-seed", str(seed),
            "--outdir", str(folder / "treetime")]  # fmt: skip
    cost = measured(argv, folder / "treetime.log")
    said = (folder / "treetime" / "molecular_clock.txt").read_text()
    [(value, spread)] = re.findall(r"--rate:\s+(\S+) \+/- (\S+)", said)
    middle, half = float(value) * SITES, 1.96 * float(spread) * SITES
    rows = (folder / "treetime" / "dates.tsv").read_text().splitlines()
    root = next(row.split("\t") for row in rows if row.startswith("NODE_0000000"))
    return Answer(
        (middle, middle - half, middle + half),
        (float(root[2]), float(root[3]), float(root[4])),
        cost.cpu,
    )


PROGRAMS: dict[str, Callable[[Path, int], Answer]] = {"abscope": abscope, "treetime": treetime}


def compared(name: str, sets: int, programs: Sequence[str]) -> list[dict[str, object]]:
    """One row a program: how often its intervals hold the truth, how wide they are, what it took."""
    told: dict[str, list[tuple[Answer, float]]] = {program: [] for program in programs}
    for seed in range(sets):
        made = with_clock(SCENARIOS[name], seed)
        with TemporaryDirectory(prefix="dating-") as scratch:
            folder = Path(scratch)
            (folder / "genome.nwk").write_text(newick.text(made.tree) + "\n")
            per_site = newick.text(scaled(made.tree, 1 / SITES), decimals=12)
            (folder / "site.nwk").write_text(per_site + "\n")
            (folder / "dates.csv").write_text(_written(made.dates))
            for program in programs:
                told[program].append((PROGRAMS[program](folder, seed), made.root))
        facts.say(f"{name}: {seed + 1} of {sets}")
    return [_row(name, program, answers) for program, answers in told.items()]


def _written(dates: Mapping[str, Span]) -> str:
    days = {n: date(int(y), 1, 1) + timedelta(days=int(y % 1 * 365)) for n, (y, _) in dates.items()}
    return "isolate_id,date\n" + "".join(f"{name},{day}\n" for name, day in days.items())


def _row(name: str, program: str, answers: Sequence[tuple[Answer, float]]) -> dict[str, object]:
    true = SCENARIOS[name].rate
    rates = [(one.rate, true) for one, _ in answers if one.rate]
    roots = [(one.root, root) for one, root in answers if one.root]
    return {
        "clones": name,
        "program": program,
        "sets": len(answers),
        "dated": len(roots),
        "rate in its interval": _held(rates),
        "root in its interval": _held(roots),
        "rate / truth": round(statistics.median(found[0] / true for found, true in rates), 2),
        "width / rate": round(statistics.median((x[2] - x[1]) / x[0] for x, _ in rates), 2),
        "root off, years": round(statistics.median(abs(x[0] - t) for x, t in roots), 1),
        "CPU s a set": round(statistics.median(one.cpu for one, _ in answers), 1),
    }


def _held(pairs: Sequence[tuple[Interval, float]]) -> str:
    return f"{sum(low <= true <= high for (_, low, high), true in pairs)} of {len(pairs)}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dating_peers", description=__doc__)
    parser.add_argument("--sets", type=int, default=40)
    parser.add_argument("--clones", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine = facts.machine()
    here = shutil.which("treetime") is not None
    skipped = [] if here else ["treetime: not installed (pip install phylo-treetime)"]
    programs = list(PROGRAMS) if here else ["abscope"]
    rows = [row for name in options.clones for row in compared(name, options.sets, programs)]
    tables = {"Dates of simulated clones": rows}
    facts.publish(facts.Results("dating_peers", machine, tables, {}, skipped), options.out)


if __name__ == "__main__":
    main()

"""The benchmarks: python -m benchmarks accuracy | cultures | speed, or all, with the other modules."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import accuracy, cultures, facts, parts, speed, worlds

GENOMES = {"built-in": worlds.BUILT_IN, "real": worlds.REAL}


def main() -> None:
    options = _options()
    if options.what == "all":
        data = options.data if options.data.is_dir() else None
        sys.exit(not parts.run(options.out, data, small=options.small))
    with TemporaryDirectory(prefix="benchmark-", dir=options.scratch) as scratch:
        for name, work in (("accuracy", _accuracy), ("cultures", _cultures), ("speed", _speed)):
            if options.what == name:
                work(options, Path(scratch))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=["accuracy", "cultures", "speed", "all"])
    add = parser.add_argument
    add("--genomes", nargs="+", choices=GENOMES, default=list(GENOMES))
    add("--divergences", nargs="+", type=float, default=[0.0001, 0.005, 0.03], metavar="SHARE")
    add("--depths", nargs="+", type=float, default=[15, 30, 60], metavar="X")
    add("--callers", nargs="+", choices=accuracy.CALLERS, default=list(accuracy.CALLERS))
    add("--seeds", nargs="+", type=int, default=[1], metavar="N")
    add(
        "--length", type=int, metavar="BASES", help="only so much of each genome, to try things out"
    )
    add("--pairs", type=int, default=50, help="pairs of isolates of one culture (default 50)")
    add("--repeats", type=int, default=5, help="rounds of the speed comparison (default 5)")
    add("--depth", type=float, default=60, help="depth for the speed comparison (default 60)")
    add(
        "--tasks",
        nargs="+",
        choices=["fast", "parse", *speed.RIVALS],
        help="for the speed comparison",
    )
    add("--real", type=Path, metavar="FASTA", help="the ATCC 19977 genome")
    add("--small", action="store_true", help="all: one size of each, about an hour")
    add(
        "--data",
        type=Path,
        default=worlds.DATA,
        metavar="FOLDER",
        help="all: real data, for typing",
    )
    add("--out", type=Path, default=Path("build/benchmarks"), help="where results go")
    add("--scratch", type=Path, help="where reads go while this runs (a few GB)")
    return parser.parse_args()


def _accuracy(options: argparse.Namespace, scratch: Path) -> None:
    machine = facts.machine()
    plan = accuracy.usable(
        accuracy.Plan(
            genomes=[GENOMES[name] for name in options.genomes],
            divergences=options.divergences,
            depths=options.depths,
            callers=options.callers,
            seeds=options.seeds,
            length=options.length,
            real=worlds.real_genome(options.real),
        )
    )
    rows, examples = accuracy.run(plan, scratch)
    tables, more = {"SNPs outside the repeats": rows}, {"false_snps": examples}
    facts.publish(facts.Results("accuracy", machine, tables, more, plan.skipped), options.out)


def _cultures(options: argparse.Namespace, scratch: Path) -> None:
    machine = facts.machine()
    rows = cultures.run(_home(options), options.callers, pairs=options.pairs, scratch=scratch)
    tables = {"Two isolates of one culture": cultures.summary(rows)}
    facts.publish(facts.Results("cultures", machine, tables, {"pairs": rows}), options.out)


def _speed(options: argparse.Namespace, scratch: Path) -> None:
    machine, skipped = facts.machine(), list[str]()
    names = [name for name in speed.tasks(skipped) if name in (options.tasks or [name])]
    rows = speed.run(
        _home(options), names, depth=options.depth, repeats=options.repeats, scratch=scratch
    )
    tables = {"Whole processes, two threads": speed.summary(rows)}
    facts.publish(facts.Results("speed", machine, tables, {"rounds": rows}, skipped), options.out)


def _home(options: argparse.Namespace) -> worlds.Home:
    real = worlds.real_genome(options.real)
    return worlds.home(GENOMES[options.genomes[0]], real, options.length)


if __name__ == "__main__":
    main()

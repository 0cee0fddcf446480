"""Recombination found by abscope, Gubbins and ClonalFrameML in the same simulated clones.

python -m benchmarks.recombination [--recipes N ...] [--seeds N ...] [--cap SECONDS] [--out FOLDER]
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.formats import fasta
from benchmarks import facts
from benchmarks.recombination_peers import PROGRAMS, Answer, UnfinishedError
from benchmarks.recombination_scores import Score, score, together
from benchmarks.recombination_worlds import Recipe, World, world

RECIPES = {
    "30-short": Recipe(30, 0.1, length=1_000_000),
    "30-short-close": Recipe(30, 0.1, "another strain", length=1_000_000),
    "50-usual": Recipe(50, 0.004),
    "50-many": Recipe(50, 0.05),
    "50-close": Recipe(50, 0.05, "another strain"),
    "200-many": Recipe(200, 0.02),
    "200-close": Recipe(200, 0.02, "another strain"),
}
"""Imports a genome of 5 Mb and year, and from whom. The usual rate is that of `abscope simulate`."""


def main() -> None:
    options = _options()
    rows: list[dict[str, object]] = []
    skipped: list[str] = []
    machine = facts.machine()
    for name in options.recipes:
        answers: dict[str, list[tuple[Answer, World]]] = {}
        for seed in options.seeds:
            with TemporaryDirectory(prefix="recombination-", dir=options.scratch) as scratch:
                made = world(RECIPES[name], seed=seed)
                for program, answer in _answers(made, Path(scratch), options):
                    if isinstance(answer, Answer):
                        answers.setdefault(program, []).append((answer, made))
                    else:
                        skipped.append(f"{name}, seed {seed}: {program}, {answer}")
        rows += [_row(name, program, done) for program, done in answers.items()]
        tables = {"Blocks, distances, time": rows}
        facts.publish(facts.Results("recombination", machine, tables, {}, skipped), options.out)


def _answers(
    made: World, folder: Path, options: argparse.Namespace
) -> Iterator[tuple[str, Answer | UnfinishedError]]:
    entries = ((name, made.calls[name].bases) for name in made.ids)
    fasta.write(folder / "clone.fasta", entries)
    for program in options.programs:
        facts.say(f"{program}, {len(made.ids)} isolates, {len(made.blocks)} imports")
        try:
            yield program, PROGRAMS[program](made, folder, options.cap)
        except UnfinishedError as error:
            yield program, error


def _row(recipe: str, program: str, done: Sequence[tuple[Answer, World]]) -> dict[str, object]:
    total = together([score(made, one.blocks, one.distances, least=3) for one, made in done])
    seconds = sum(one.seconds for one, _ in done) / len(done)
    return {
        "clones": recipe,
        "program": program,
        **total.row(),
        "own distances: mean error": _own(done),
        "CPU s a clone": f"{seconds:.1f}",
    }


def _own(done: Sequence[tuple[Answer, World]]) -> str:
    """The error of distances counted on a program's own filtered alignment, where it writes one."""
    scores: list[Score] = [
        score(made, one.blocks, one.own_distances)
        for one, made in done
        if one.own_distances is not None
    ]
    return str(together(scores).row()["mean error, SNPs"]) if scores else "-"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recombination", description=__doc__)
    add = parser.add_argument
    add("--recipes", nargs="+", choices=RECIPES, default=list(RECIPES))
    add("--programs", nargs="+", choices=PROGRAMS, default=list(PROGRAMS))
    add("--seeds", nargs="+", type=int, default=[1, 2], metavar="N")
    add("--cap", type=float, default=1800, help="CPU seconds a program may take (default 1800)")
    add("--out", type=Path, default=Path("build/benchmarks"), help="where results go")
    add("--scratch", type=Path, help="where alignments go while this runs (a few GB)")
    return parser.parse_args()


if __name__ == "__main__":
    main()

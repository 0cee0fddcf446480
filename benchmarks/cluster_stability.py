"""How distances and clusters hold when the company changes: python -m benchmarks.cluster_stability.

One clone (`benchmarks.trees`; the core of 60 isolates is three quarters of the genome) is clustered; then
again with a fifth of its isolates left out, with one isolate added of which half could be read, and with five
such. Isolates that are there both times are held against each other: distances that changed, and pairs
that are together in either clustering, which of them in both. Beside `abscope clusters` stand the usual ways:
single linkage at the same thresholds on SNPs in the columns that every isolate shows (as snippy-core has it),
or that 95 % of them show.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from abscope.formats import distance_table, fasta
from abscope.records import Letters
from benchmarks import facts
from benchmarks.trees import Recipe, world

RECIPE = Recipe(snps=60, gaps=7)
LEVELS = (10, 25)
UNREAD = ord("N")
Genomes = Mapping[str, Letters]
Pair = tuple[str, str]
Told = dict[Pair, tuple[int | None, dict[int, bool]]]
"""Of every pair its SNPs, None where too few sites compare, and whether it is together at each level."""


def abscope(genomes: Genomes) -> Told:
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "all.aln"
        fasta.write(path, list(genomes.items()))
        levels = [word for level in LEVELS for word in ("--snps", str(level))]
        found = json.loads(_said(["clusters", str(path), "-q", "--json", *levels]))
        table = Path(scratch) / "distances.tsv"
        table.write_text(_said(["distances", str(path), "-q"]))
        snps = distance_table.read(table)
    of = {row["isolate_id"]: row for row in found["addresses"]}
    return {
        (a, b): (_number(snps[a, b]), {k: of[a][f"t{k}"] == of[b][f"t{k}"] is not None for k in LEVELS})
        for a, b in combinations(sorted(genomes), 2)
    }  # fmt: skip


def _said(argv: Sequence[str]) -> str:
    command = [sys.executable, "-m", "abscope", *argv]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _number(snps: float | None) -> int | None:
    return None if snps is None else round(snps)


def core(genomes: Genomes, *, share: float) -> Told:
    """SNPs where both show a base, in the columns that so many of the isolates show."""
    names = sorted(genomes)
    rows = np.array([genomes[name] for name in names])
    rows = rows[:, (rows != UNREAD).mean(axis=0) >= share]
    snps = np.array([_apart(rows, row) for row in rows])
    labels = {level: connected_components(snps <= level)[1] for level in LEVELS}
    return {
        (names[i], names[j]): (int(snps[i, j]), {k: bool(of[i] == of[j]) for k, of in labels.items()})
        for i, j in combinations(range(len(names)), 2)
    }  # fmt: skip


def _apart(rows: NDArray[np.uint8], row: Letters) -> NDArray[np.int64]:
    apart = (rows != row) & (rows != UNREAD) & (row != UNREAD)
    return np.asarray(apart.sum(axis=1), dtype=np.int64)


WAYS: dict[str, Callable[[Genomes], Told]] = {
    "abscope clusters": abscope,
    "core of all isolates": partial(core, share=1.0),
    "core of 95 %": partial(core, share=0.95),
}


def changed(genomes: Genomes, rng: np.random.Generator) -> Iterator[tuple[str, Genomes]]:
    """The same isolates in other company."""
    names = sorted(genomes)
    kept = rng.choice(names, len(names) * 4 // 5, replace=False)
    yield "a fifth left out", {name: genomes[name] for name in kept.tolist()}
    for many in (1, 5):
        bad = {f"bad{k}": _half_read(genomes[names[k]], rng) for k in range(many)}
        yield f"{many} half-read more", {**genomes, **bad}


def _half_read(letters: Letters, rng: np.random.Generator) -> Letters:
    """Half of a genome unread, in stretches of 1 kb."""
    blocks = rng.random(-(-len(letters) // 1000)) < 0.5
    return np.where(np.repeat(blocks, 1000)[: len(letters)], np.uint8(UNREAD), letters)


def compared(seeds: int, isolates: int) -> list[dict[str, object]]:
    """One row a way and change, summed over the seeds."""
    counts: dict[tuple[str, str], list[int]] = {}
    for seed in range(seeds):
        genomes = world(isolates, seed, RECIPE).genomes
        before = {way: run(genomes) for way, run in WAYS.items()}
        for change, others in changed(genomes, np.random.default_rng(seed)):
            for way, run in WAYS.items():
                held = _held(before[way], run(others))
                sums = counts.setdefault((change, way), [0] * len(held))
                counts[change, way] = [a + b for a, b in zip(sums, held, strict=True)]
        facts.say(f"{seed + 1} of {seeds}")
    return [_row(change, way, numbers) for (change, way), numbers in counts.items()]


def _held(before: Told, after: Told) -> list[int]:
    """Pairs, those with another distance; then a level: together in both, together in one alone."""
    both = [(before[pair], after[pair]) for pair in before if pair in after]
    found = [len(both), sum(one[0] != other[0] for one, other in both)]
    for level in LEVELS:
        together = [one[1][level] + other[1][level] for one, other in both]
        found += [together.count(2), together.count(1)]
    return found


def _row(change: str, way: str, numbers: Sequence[int]) -> dict[str, object]:
    pairs, other, *levels = numbers
    row: dict[str, object] = {
        "change": change, "way": way, "pairs": pairs, "distance changed": f"{other / pairs:.1%}",
    }  # fmt: skip
    for level, same, one in zip(LEVELS, levels[::2], levels[1::2], strict=True):
        row[f"together at {level}, in both of those in either"] = f"{same:,} of {same + one:,}"
    return row


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cluster_stability", description=__doc__
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--isolates", type=int, default=60)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    options = parser.parse_args()
    machine = facts.machine()
    tables = {"In other company": compared(options.seeds, options.isolates)}
    facts.publish(facts.Results("cluster_stability", machine, tables, {}), options.out)


if __name__ == "__main__":
    main()

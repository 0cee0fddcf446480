"""A new isolate against many stored: python -m benchmarks.neighbours --isolates 1000 10000 100000.

Isolates descend from three subspecies (a quarter of the sites apart), one clone for fifty of them (500 to
3,000 SNPs from the subspecies; sizes are very unequal), six lineages a clone, up to 60 SNPs of
their own, and 60 gaps of 30 sites on average; one in a hundred lacks a fifth of its sites. They come in
no order. Distances are held against counting every site of every isolate.
"""

# ruff: noqa: NPY002
# Compiled code has no Generator.

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from abscope.collection import genotypes
from abscope.collection.genotypes import open_genotypes
from abscope.kernels import kernel
from abscope.population import neighbours
from abscope.population.packing import ANY_CASE, Words, pack_letters, words_for
from benchmarks import facts

COLD = ("cold open and ask, s", "of that, CPU s")
REFERENCE, BATCH, QUERIES, K = "benchmark", 1000, 5, 25


@kernel
def founder(clone: int, sites: int) -> NDArray[np.uint8]:
    """The letters a clone descends from."""
    np.random.seed(1)
    letters = np.random.randint(0, 4, sites).astype(np.uint8)
    np.random.seed(2 + clone % 3)
    if clone % 3:
        for at in range(sites):
            if np.random.random() < 0.25:
                letters[at] = (letters[at] + 1 + np.random.randint(0, 3)) % 4
    np.random.seed(1000 + clone)
    for _ in range(np.random.randint(500, 3000)):
        letters[np.random.randint(0, sites)] = np.random.randint(0, 4)
    return letters


@kernel
def change(letters: NDArray[np.uint8], seed: int, most: int) -> None:
    np.random.seed(seed)
    for _ in range(np.random.randint(0, most)):
        letters[np.random.randint(0, len(letters))] = np.random.randint(0, 4)


@kernel
def isolate(number: int, founders: NDArray[np.uint8], clone: int) -> NDArray[np.uint8]:
    """One isolate's letters, the same for the same number."""
    letters = founders[clone].copy()
    np.random.seed(5_000_000 + number)
    change(letters, 10_000_000 + clone * 6 + np.random.randint(0, 6), 80)
    change(letters, 20_000_000 + number, 60)
    for at in range(len(letters)):
        letters[at] = (65, 67, 71, 84)[letters[at]]
    gaps, mean = (600, len(letters) // 3000) if number % 100 == 0 else (60, 30)
    for _ in range(gaps):
        start = np.random.randint(0, len(letters))
        letters[start : start + np.random.geometric(1 / mean)] = 78
    return letters


def batches(count: int, sites: int) -> Iterator[tuple[int, Words]]:
    """All isolates as planes, some at a time."""
    clones = max(3, count // 50)
    rng = np.random.default_rng(7)
    founders = np.array([founder(clone, sites) for clone in range(clones)])
    sizes = rng.pareto(1.2, clones) + 1
    of = rng.choice(clones, count + QUERIES, p=sizes / sizes.sum())
    for start in [count, *range(0, count, BATCH)]:
        numbers = range(start, min(start + BATCH, count) if start < count else count + QUERIES)
        planes = np.zeros((len(numbers), 3, words_for(sites)), np.uint64)
        for row, number in zip(planes, numbers, strict=True):
            pack_letters(isolate(number, founders, of[number]), row, ANY_CASE)
        yield start, planes


def dense(planes: Words, row: Words) -> NDArray[np.int64]:
    """SNPs between every isolate of a batch and one, every site counted."""
    apart = ((planes[:, 0] ^ row[0]) | (planes[:, 1] ^ row[1])) & planes[:, 2] & row[2]
    counts: NDArray[np.int64] = np.bitwise_count(apart).sum(axis=1, dtype=np.int64)
    return counts


def store(folder: Path, count: int, sites: int) -> tuple[Words, NDArray[np.int64], float]:
    """Store isolates; the queries, their distances counted densely, and seconds to add a batch."""
    made = batches(count, sites)
    _, queries = next(made)
    held = open_genotypes(folder, reference=REFERENCE, length=sites)
    found, spent = [], []
    for start, planes in made:
        found.append(np.array([dense(planes, row) for row in queries]))
        begin = time.perf_counter()
        held = genotypes.add(held, [f"isolate{start + k}" for k in range(len(planes))], planes)
        spent.append(time.perf_counter() - begin)
    return queries, np.concatenate(found, axis=1), float(np.median(spent))


def best(work: Callable[[], object], rounds: int = 15) -> dict[str, float]:
    """The shortest of some rounds and the median of the processor's time, milliseconds."""
    wall, cpu = [], []
    for _ in range(rounds):
        begin, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - used)
    return {"ms": min(wall) * 1000, "CPU ms": float(np.median(cpu)) * 1000}


def measured(folder: Path, count: int, sites: int, copies: int) -> dict[str, object]:
    """One point of the curve. copies: how often the isolates are laid end to end before asking."""
    queries, expected, batch = store(folder, count, sites)
    held = open_genotypes(folder, reference=REFERENCE, length=sites)
    begin = time.perf_counter()
    one = genotypes.add(held, ["one more"], queries[:1])
    added = time.perf_counter() - begin
    known = held.genotypes
    for _ in range(copies - 1):
        known = neighbours.joined(known, _shifted(known, held.genotypes))
    ready = neighbours.index(known)
    _equal(ready, queries, np.tile(expected, copies))
    asked = {
        "all, 1 thread": best(lambda: neighbours.distances(ready, queries[1])),
        "all, 2 threads": best(lambda: neighbours.distances(ready, queries[1], threads=2)),
        f"within {K}, 2 threads": best(lambda: neighbours.within(ready, queries[1], K, threads=2)),
    }
    return {
        "isolates": count * copies,
        "representatives": len(known.representatives),
        "bytes an isolate": round(one.nbytes / (count + 1)),
        **{f"{what}, {unit}": ms for what, spent in asked.items() for unit, ms in spent.items()},
        "equal to counting every site": "yes",
        **(_cold(folder, sites) if copies == 1 else dict.fromkeys(COLD)),
        "add one, s": round(added, 3),
        f"add {BATCH}, s": round(batch, 2),
    }


def _equal(members: neighbours.Members, queries: Words, expected: NDArray[np.int64]) -> None:
    """Stop unless distances to everybody, and those within K, are what counting every site gave."""
    for row, counts in zip(queries, expected, strict=True):
        for threads in (1, 2):
            assert (neighbours.distances(members, row, threads=threads)[0] == counts).all()
        near = neighbours.within(members, row, K)
        assert set(near.index.tolist()) == set(np.flatnonzero(counts <= K).tolist())


def _shifted(known: neighbours.Genotypes, more: neighbours.Genotypes) -> neighbours.Addition:
    """The same isolates once more, of clones of their own."""
    members = more.members.copy()
    members["clone"] += len(known.representatives)
    members["deltas"] += len(known.deltas)
    members["runs"] += len(known.runs)
    return neighbours.Addition(more.representatives, members, more.deltas, more.runs)


def _cold(folder: Path, sites: int) -> dict[str, float]:
    """Open and ask in a new process, nothing of the folder in memory; seconds without its start."""
    for path in folder.iterdir():
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
    argv = [
        sys.executable,
        "-m",
        "benchmarks.neighbours",
        "--ask",
        str(folder),
        "--sites",
        str(sites),
    ]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return dict(zip(COLD, json.loads(done.stdout), strict=True))


def ask(folder: Path, sites: int) -> None:
    """Print the seconds it takes to open the folder and ask once; kernels are loaded before."""
    row = np.zeros((3, words_for(sites)), np.uint64)
    nobody = neighbours.index(neighbours.empty(sites))
    neighbours.distances(nobody, row, threads=2)
    begin, used = time.perf_counter(), time.process_time()
    held = open_genotypes(folder, reference=REFERENCE, length=sites)
    neighbours.distances(neighbours.index(held.genotypes), row, threads=2)
    held.names()
    spent = time.perf_counter() - begin, time.process_time() - used
    print(json.dumps([round(one, 3) for one in spent]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neighbours", description=__doc__)
    parser.add_argument("--isolates", nargs="+", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--sites", type=int, default=100_000)
    parser.add_argument("--copies", type=int, default=0, help="last point: so many copies as well")
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        return ask(options.ask, options.sites)
    machine, rows = facts.machine(), []
    points = [(count, 1) for count in options.isolates]
    points += [(options.isolates[-1], options.copies)] if options.copies > 1 else []
    for count, copies in points:
        with TemporaryDirectory() as folder:
            rows.append(measured(Path(folder) / "genotypes", count, options.sites, copies))
        facts.say(str(rows[-1]))
    tables = {f"A new isolate against those stored, {options.sites:,} sites": rows}
    facts.publish(facts.Results("neighbours", machine, tables, {}), options.out)
    return None


if __name__ == "__main__":
    main()

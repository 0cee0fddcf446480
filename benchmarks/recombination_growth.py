"""One isolate more in a clone: time and result beside searching the whole clone again.

python -m benchmarks.recombination_growth [ISOLATES] [GAPS]

Genomes of 5 Mb with 0.9 substitutions and 0.02 imports (8 kb, 2.4 % of letters) a year, and GAPS runs (1000)
of 150 bases on average without a call in each. Processor seconds of one thread, kernels compiled, the middle
of five; from FASTA files, one a genome, and from genomes in memory. All ends with every pair's distances.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from abscope.formats import fasta
from abscope.population.clone_sites import CloneSites, clone_sites
from abscope.population.recombination import one_more, searched
from abscope.records import Calls, Letters, Mask, Recombination
from abscope.simulate.phylogeny import Node, coalescent

T = TypeVar("T")

LENGTH = 5_067_172
BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
NEXT = np.zeros(256, dtype=np.uint8)
NEXT[BASES] = np.roll(BASES, 1)


def main() -> None:
    isolates = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    gaps = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    calls = genomes(isolates, gaps, np.random.default_rng(1))
    files = sum(parsed(one) for one in calls.values())
    mask = Mask("founder", LENGTH)
    new = sorted(calls)[isolates // 2]
    rest = {name: one for name, one in calls.items() if name != new}
    before = searched(clone_sites(rest, mask))
    one_more(before, new, calls[new])
    read, whole = timed(lambda: clone_sites(calls, mask))
    found, full = timed(lambda: searched(whole))
    added, grown = timed(lambda: one_more(before, new, calls[new]))
    print(f"isolates {isolates}, gaps {gaps}, variable sites {len(whole.positions)}")
    print(f"blocks {len(full.found.blocks)}, rounds {full.found.rounds}")
    print(
        f"whole clone: {files:.1f} s to parse files, {read:.2f} s to take in, {found:.3f} s to search"
    )
    print(f"one more: {files / isolates:.3f} s to parse, {added:.3f} s to take in and search")
    print(f"share of the full time, in memory: {added / (read + found):.3f}")
    share = (files / isolates + added) / (files + read + found)
    print(f"share of the full time, from files: {share:.3f}")
    alike = same(full.found, grown.found) and same_sites(whole, grown.sites)
    print(f"same result: {alike}")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The middle of five runs in processor seconds, and what the last made."""
    seconds = []
    for _ in range(5):
        start = time.process_time()
        made = work()
        seconds.append(time.process_time() - start)
    return median(seconds), made


def parsed(one: Calls) -> float:
    """Seconds to read a genome from a FASTA file of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "genome.fa"
        fasta.write(path, [("genome", one.bases)])
        start = time.process_time()
        fasta.read(path)
        return time.process_time() - start


def genomes(isolates: int, gaps: int, rng: np.random.Generator) -> dict[str, Calls]:
    names = [f"iso{number:04d}" for number in range(isolates)]
    dates = np.sort(rng.uniform(2019.0, 2023.5, isolates)).tolist()
    tips = list(zip(names, dates, strict=True))
    tree = coalescent(tips, size=110.0, origin=1984.0, name="t", rng=rng)
    waiting = {k: len(tree.children(k)) for k in range(len(tree.nodes))}
    alive = {0: rng.choice(BASES, LENGTH)}
    calls = {}
    for index, node in enumerate(tree.nodes[1:], 1):
        parent = node.parent or 0
        letters = descendant(alive[parent], node, rng)
        waiting[parent] -= 1
        if not waiting[parent]:
            del alive[parent]
        if node.name in tree.tips:
            calls[node.name] = Calls("founder", with_gaps(letters, gaps, rng))
        else:
            alive[index] = letters
    return calls


def descendant(parent: Letters, node: Node, rng: np.random.Generator) -> Letters:
    letters = parent.copy()
    changed = rng.integers(0, LENGTH, rng.poisson(0.9 * node.evolving))
    letters[changed] = NEXT[letters[changed]]
    for _ in range(rng.poisson(0.02 * node.evolving)):
        start, size = int(rng.integers(LENGTH - 200_000)), 500 + int(rng.exponential(8_000))
        brought = start + np.flatnonzero(rng.random(size) < 0.024)
        letters[brought] = NEXT[letters[brought]]
    return letters


def with_gaps(letters: Letters, gaps: int, rng: np.random.Generator) -> Letters:
    read = letters.copy()
    for start in rng.integers(0, LENGTH, gaps).tolist():
        read[start : start + int(rng.geometric(1 / 150))] = ord("N")
    return read


def same(one: Recombination, other: Recombination) -> bool:
    arrays = (
        (one.masked.snps, other.masked.snps),
        (one.masked.comparable, other.masked.comparable),
        (one.raw.snps, other.raw.snps),
        (one.raw.comparable, other.raw.comparable),
    )
    values = (one.ids, one.blocks, one.newick) == (other.ids, other.blocks, other.newick)
    return values and all(np.array_equal(a, b) for a, b in arrays)


def same_sites(one: CloneSites, other: CloneSites) -> bool:
    return np.array_equal(one.bits, other.bits) and np.array_equal(one.seen, other.seen)


if __name__ == "__main__":
    main()

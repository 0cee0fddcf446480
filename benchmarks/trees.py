"""Tables of docs/validation/trees.md: python -m benchmarks.trees [ISOLATES] [SEEDS].

Simulated isolates whose true splits and substitutions are known: abscope's two methods beside FastTree
and IQ-TREE as command lines, whole processes in turn on one thread.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abscope.formats import fasta
from abscope.population import newick
from abscope.population.phylogeny import Phylogeny, collapsed, scaled
from abscope.records import Letters
from abscope.simulate.phylogeny import coalescent

LENGTH = 200_000
SNPS = 60.0  # between two isolates, on average
BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
Split = frozenset[str]


@dataclass(frozen=True, slots=True)
class World:
    """Genomes, and the substitutions on every true split, of one leaf too."""

    genomes: dict[str, Letters]
    splits: dict[Split, int]


def world(isolates: int, seed: int) -> World:
    """Let genomes evolve along a coalescent tree."""
    rng = np.random.default_rng(seed)
    names = [f"i{k:04d}" for k in range(isolates)]
    tree = coalescent([(n, 0.0) for n in names], size=1.0, origin=-1e3, name="t", rng=rng)
    genomes = [rng.choice(BASES, LENGTH)]
    clades: list[set[str]] = [{node.name} & tree.tips for node in tree.nodes]
    counts = [0]
    for node in tree.nodes[1:]:
        letters = genomes[node.parent or 0].copy()
        count = int(rng.poisson(node.evolving * SNPS / 2)) if node.parent else 0
        at = rng.choice(LENGTH, count, replace=False)
        letters[at] = BASES[(np.searchsorted(BASES, letters[at]) + rng.integers(1, 4, count)) % 4]
        genomes.append(letters)
        counts.append(count)
    for index in range(len(tree.nodes) - 1, 0, -1):
        clades[tree.nodes[index].parent or 0] |= clades[index]
    splits: dict[Split, int] = {}
    for clade, count in zip(clades[1:], counts[1:], strict=True):
        one = _side(clade, names)
        if count and one:
            splits[one] = splits.get(one, 0) + count
    made = {node.name: genomes[k] for k, node in enumerate(tree.nodes) if node.name in tree.tips}
    return World(made, splits)


def _side(clade: set[str] | Split, names: list[str]) -> Split:
    side = frozenset(clade)
    return frozenset(names) - side if names[0] in side else side


def _abscope(method: str, bootstrap: int) -> Callable[[Path], list[str]]:
    def command(alignment: Path) -> list[str]:
        return [
            "abscope", "tree", str(alignment), "-q", "--json", "--method", method,
            "-B", str(bootstrap),
        ]  # fmt: skip

    return command


def _iqtree(alignment: Path) -> list[str]:
    return [
        "iqtree2",
        "-s",
        str(alignment),
        "-m",
        "HKY+F",
        "-B",
        "1000",
        "-T",
        "1",
        "-quiet",
        "-redo",
    ]


TOOLS: dict[str, Callable[[Path], list[str]]] = {
    "abscope, likelihood, support": _abscope("likelihood", 1000),
    "abscope, distance": _abscope("distance", 0),
    "iqtree2 -m HKY+F -B 1000": _iqtree,
    "fasttree -nt -gtr": lambda path: ["fasttree", "-nt", "-gtr", "-quiet", str(path)],
}


def built(command: list[str], alignment: Path) -> tuple[Phylogeny, float]:
    """Run a tool; its tree in substitutions per genome, and its processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if command[0] == "abscope":
        return newick.parse(json.loads(done.stdout)["newick"]), cpu
    made = Path(f"{alignment}.treefile")
    text = made.read_text() if command[0] == "iqtree2" else done.stdout
    tree = scaled(newick.parse(text), LENGTH, shortest=0.25)
    return collapsed(tree), cpu


def scored(tree: Phylogeny, true: World) -> tuple[int, int, float]:
    """True splits missed, false splits, and the mean error of the found ones' lengths."""
    names, found = sorted(true.genomes), dict[Split, float]()
    for clade, length in zip(tree.clades[1:], tree.lengths[1:], strict=True):
        one = _side(clade, names)
        found[one] = found.get(one, 0.0) + length
    inner = {one for one in found if 1 < len(one) < len(names) - 1}
    real = {one for one in true.splits if 1 < len(one) < len(names) - 1}
    both = set(true.splits) & set(found)
    off = float(np.mean([abs(found[one] - true.splits[one]) for one in both]))
    return len(real - inner), len(inner - real), off


def lines(isolates: int, seeds: int) -> Iterator[str]:
    """One row a tool, over all seeds."""
    yield "| tool | true splits | missed | false | length error, substitutions | processor s |"
    yield "|---|---|---|---|---|---|"
    worlds = [world(isolates, seed) for seed in range(1, seeds + 1)]
    total = sum(sum(1 < len(s) < isolates - 1 for s in one.splits) for one in worlds)
    for name, command in TOOLS.items():
        if shutil.which(command(Path("x"))[0]) is None:
            yield f"| {name} | not installed | | | | |"
            continue
        rows = []
        for one in worlds:
            with tempfile.TemporaryDirectory() as folder:
                alignment = Path(folder) / "core.full.aln"
                fasta.write(alignment, list(one.genomes.items()))
                tree, cpu = built(command(alignment), alignment)
                rows.append((*scored(tree, one), cpu))
        missed, false, off, cpu = np.array(rows).T
        yield (
            f"| {name} | {total} | {missed.sum():.0f} | {false.sum():.0f} "
            f"| {off.mean():.2f} | {cpu.mean():.1f} |"
        )


def main() -> None:
    """Print the table as it grows."""
    given = [int(word) for word in sys.argv[1:]]
    for line in lines(*(given + [40, 3][len(given) :])):
        print(line, flush=True)


if __name__ == "__main__":
    main()

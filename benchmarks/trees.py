"""Tables of docs/validation/trees.md: python -m benchmarks.trees [ISOLATES] [SEEDS] [easy|hard].

Simulated isolates whose true splits and substitutions are known: abscope's methods beside FastTree
and IQ-TREE as command lines, whole processes in turn on one thread. FastTree gets the variable columns
alone, as is usual: on whole genomes its shortest branch is longer than most true ones.
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
from numpy.typing import NDArray

from abscope.formats import fasta
from abscope.population import newick
from abscope.population.phylogeny import Phylogeny, collapsed, scaled
from abscope.records import Letters
from abscope.simulate.phylogeny import coalescent

LENGTH = 200_000
BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
Split = frozenset[str]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recipe:
    """snps: between two isolates, on average. gaps: runs of 150 sites without a call in each isolate.

    imports: how many a line, from root to tip; whoever has one is masked there, 2 kb on average.
    """

    snps: float = 60.0
    gaps: int = 0
    imports: float = 0.0


RECIPES = {"easy": Recipe(), "hard": Recipe(1000.0, 70, 5.0)}


@dataclass(frozen=True, slots=True)
class World:
    """Genomes, and the substitutions on every true split, of one leaf too."""

    genomes: dict[str, Letters]
    splits: dict[Split, int]


def world(isolates: int, seed: int, recipe: Recipe) -> World:
    """Let genomes evolve along a coalescent tree."""
    rng = np.random.default_rng(seed)
    names = [f"i{k:04d}" for k in range(isolates)]
    tree = coalescent([(n, 0.0) for n in names], size=1.0, origin=-1e3, name="t", rng=rng)
    genomes, hidden = [rng.choice(BASES, LENGTH)], [np.zeros(LENGTH, dtype=np.bool_)]
    clades: list[set[str]] = [{node.name} & tree.tips for node in tree.nodes]
    counts = [0]
    for node in tree.nodes[1:]:
        evolving = node.evolving if node.parent else 0.0  # the stem above them all parts nobody
        letters, count = _evolved(genomes[node.parent or 0], evolving * recipe.snps / 2, rng)
        genomes.append(letters)
        hidden.append(_imported(hidden[node.parent or 0], evolving * recipe.imports, rng))
        counts.append(count)
    for index in range(len(tree.nodes) - 1, 0, -1):
        clades[tree.nodes[index].parent or 0] |= clades[index]
    made = {
        node.name: _read(genomes[k], hidden[k], recipe.gaps, rng)
        for k, node in enumerate(tree.nodes)
        if node.name in tree.tips
    }
    return World(made, _splits(clades, counts, names))


def _evolved(parent: Letters, mean: float, rng: np.random.Generator) -> tuple[Letters, int]:
    letters, count = parent.copy(), int(rng.poisson(mean))
    at = rng.choice(LENGTH, count, replace=False)
    letters[at] = BASES[(np.searchsorted(BASES, letters[at]) + rng.integers(1, 4, count)) % 4]
    return letters, count


def _imported(parent: Flags, mean: float, rng: np.random.Generator) -> Flags:
    hidden = parent.copy()
    for start in rng.integers(0, LENGTH, rng.poisson(mean)).tolist():
        hidden[start : start + int(rng.geometric(1 / 2_000))] = True
    return hidden


def _read(letters: Letters, hidden: Flags, gaps: int, rng: np.random.Generator) -> Letters:
    read = np.where(hidden, np.uint8(ord("N")), letters)
    for start in rng.integers(0, LENGTH, gaps).tolist():
        read[start : start + int(rng.geometric(1 / 150))] = ord("N")
    return read


def _splits(clades: list[set[str]], counts: list[int], names: list[str]) -> dict[Split, int]:
    splits: dict[Split, int] = {}
    for clade, count in zip(clades[1:], counts[1:], strict=True):
        one = _side(clade, names)
        if count and one:
            splits[one] = splits.get(one, 0) + count
    return splits


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
    "abscope, parsimony": _abscope("parsimony", 0),
    "abscope, distance": _abscope("distance", 0),
    "iqtree2 -m HKY+F -B 1000": _iqtree,
    "fasttree -nt -gtr": lambda path: ["fasttree", "-nt", "-gtr", "-quiet", f"{path}.variable"],
}


def built(command: list[str], alignment: Path) -> tuple[Phylogeny, float]:
    """Run a tool; its tree in substitutions per genome, and its processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if command[0] == "abscope":
        return newick.parse(json.loads(done.stdout)["newick"]), cpu
    if command[0] == "iqtree2":
        text, columns = Path(f"{alignment}.treefile").read_text(), LENGTH
    else:
        text, columns = done.stdout, _columns(alignment)
    return collapsed(scaled(newick.parse(text), columns, shortest=0.25)), cpu


def written(true: World, folder: Path) -> Path:
    """The alignment, and beside it its variable columns."""
    alignment = folder / "core.full.aln"
    fasta.write(alignment, list(true.genomes.items()))
    rows = np.array(list(true.genomes.values()))
    seen = sum((rows == base).any(axis=0).astype(int) for base in BASES)
    fasta.write(
        Path(f"{alignment}.variable"), list(zip(true.genomes, rows[:, seen > 1], strict=True))
    )
    return alignment


def _columns(alignment: Path) -> int:
    return len(fasta.read(Path(f"{alignment}.variable"))[0][1])


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


def lines(isolates: int, seeds: int, recipe: Recipe) -> Iterator[str]:
    """One row a tool, over all seeds."""
    yield "| tool | true splits | missed | false | length error, substitutions | processor s |"
    yield "|---|---|---|---|---|---|"
    worlds = [world(isolates, seed, recipe) for seed in range(1, seeds + 1)]
    total = sum(sum(1 < len(s) < isolates - 1 for s in one.splits) for one in worlds)
    for name, command in TOOLS.items():
        if shutil.which(command(Path("x"))[0]) is None:
            yield f"| {name} | not installed | | | | |"
            continue
        rows = []
        for one in worlds:
            with tempfile.TemporaryDirectory() as folder:
                alignment = written(one, Path(folder))
                tree, cpu = built(command(alignment), alignment)
                rows.append((*scored(tree, one), cpu))
        missed, false, off, cpu = np.array(rows).T
        yield (
            f"| {name} | {total} | {missed.sum():.0f} | {false.sum():.0f} "
            f"| {off.mean():.2f} | {cpu.mean():.1f} |"
        )


def main() -> None:
    """Print the table as it grows."""
    *given, kind = [*sys.argv[1:], "easy"] if sys.argv[-1] not in RECIPES else sys.argv[1:]
    isolates, seeds = [*map(int, given), *(40, 3)[len(given) :]]
    for line in lines(isolates, seeds, RECIPES[kind]):
        print(line, flush=True)


if __name__ == "__main__":
    main()

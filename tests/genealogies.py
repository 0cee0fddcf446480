"""Isolates that descend from one ancestor, with the true splits; and small sets of calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from abscope.population.compare import compared
from abscope.records import Calls, Comparison, Contig, Letters, Mask, Reference
from abscope.simulate.phylogeny import coalescent

BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
Split = frozenset[str]


@dataclass(frozen=True)
class Genealogy:
    """Genomes by name, and the splits of their tree on which at least one substitution fell."""

    calls: dict[str, Calls]
    splits: frozenset[Split]
    substitutions: Mapping[Split, int]

    @property
    def mask(self) -> Mask:
        return Mask("REF", len(next(iter(self.calls.values())).bases))


def random_letters(length: int, rng: np.random.Generator) -> Letters:
    return rng.choice(BASES, length, p=[0.18, 0.32, 0.32, 0.18])


def split(names: Iterable[str], everybody: Iterable[str]) -> Split:
    """One side of a split, the same one whichever is given: the side without the first name."""
    side, whole = frozenset(names), frozenset(everybody)
    return whole - side if min(whole) in side else side


def genealogy(isolates: int, *, length: int, snps: float, seed: int) -> Genealogy:
    """Simulate isolates, two of which are `snps` apart on average."""
    rng = np.random.default_rng(seed)
    names = [f"iso{number:03d}" for number in range(isolates)]
    tree = coalescent([(n, 0.0) for n in names], size=1.0, origin=-100.0, name="t", rng=rng)
    genomes: list[Letters] = []
    below: list[set[str]] = [{n.name} & tree.tips for n in tree.nodes]
    counts = []
    for index, node in enumerate(tree.nodes):
        letters = random_letters(length, rng) if index == 0 else genomes[node.parent or 0].copy()
        # The long stem above the last common ancestor separates nobody.
        count = int(rng.poisson(node.evolving * snps / 2)) if node.parent else 0
        at = rng.choice(length, count, replace=False)
        letters[at] = BASES[(np.searchsorted(BASES, letters[at]) + rng.integers(1, 4, count)) % 4]
        genomes.append(letters)
        counts.append(count)
    for index in range(len(tree.nodes) - 1, 0, -1):
        below[tree.nodes[index].parent or 0] |= below[index]
    true: dict[Split, int] = {}
    for side, count in zip(below[1:], counts[1:], strict=True):
        if count and 1 < len(side) < isolates - 1:
            one = split(side, names)  # of the two branches at the root, the same
            true[one] = true.get(one, 0) + count
    calls = {
        node.name: Calls("REF", genomes[k])
        for k, node in enumerate(tree.nodes)
        if node.name in names
    }
    return Genealogy(calls, frozenset(true), true)


def calls_of(rows: Mapping[str, str], reference: str = "REF") -> dict[str, Calls]:
    return {
        name: Calls(reference, np.frombuffer(row.encode(), dtype=np.uint8))
        for name, row in rows.items()
    }


def reference_of(letters: Letters, *, name: str = "REF", cuts: Iterable[int] = ()) -> Reference:
    ends = [*cuts, len(letters)]
    starts = [0, *ends[:-1]]
    contigs = tuple(
        Contig(f"contig{k}", a, b) for k, (a, b) in enumerate(zip(starts, ends, strict=True), 1)
    )
    return Reference(name, contigs, letters)


def comparison_of(rows: Mapping[str, str], reference: str = "REF") -> Comparison:
    """Rows of letters, compared without a mask."""
    calls = calls_of(rows, reference)
    length = len(next(iter(rows.values())))
    whole = reference_of(np.full(length, ord("A"), np.uint8), name=reference)
    return compared(whole, calls, Mask(reference, length))


ALPHABET = "ACGTNnX-"


@st.composite
def alignments(draw: st.DrawFn, *, most: int = 5, longest: int = 150) -> dict[str, str]:
    """Up to `most` isolates over one reference, with every letter that calls may hold."""
    length = draw(st.integers(1, longest))
    row = st.text(ALPHABET, min_size=length, max_size=length)
    rows = draw(st.lists(row, min_size=1, max_size=most))
    return {f"iso{number}": text for number, text in enumerate(rows)}

"""A tree mended by parsimony asks for as few substitutions as it can, and tells where they fell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.population.distances import pairwise
from abscope.population.neighbour_joining import neighbour_joining
from abscope.population.parsimony import mended
from abscope.population.phylogeny import Phylogeny, collapsed, pruned, scaled
from abscope.population.placement import place, ready
from abscope.population.sites import variable_sites
from abscope.population.tree import joined, parsimonious
from abscope.records import Letters
from genealogies import Genealogy, Split, genealogy, split
from population.test_placement import steps


def splits(tree: Phylogeny) -> set[Split]:
    everybody = tree.clades[0]
    sides = {split(clade, everybody) for clade in tree.clades}
    return {one for one in sides if 1 < len(one) < len(everybody) - 1}


@st.composite
def alignments(draw: st.DrawFn) -> tuple[tuple[str, ...], Letters]:
    count, sites = draw(st.integers(4, 8)), draw(st.integers(1, 70))
    row = st.text("ACGTN", min_size=sites, max_size=sites)
    rows = [draw(row).encode() for _ in range(count)]
    return tuple("abcdefgh"[:count]), np.array([list(one) for one in rows], np.uint8)


def tree_of(ids: tuple[str, ...], letters: Letters) -> Phylogeny:
    apart = np.array([[float((one != two).sum()) for two in letters] for one in letters])
    return neighbour_joining(ids, apart)


@settings(max_examples=25, deadline=None)
@given(alignments())
def test_no_leaf_has_a_place_that_asks_for_less(
    alignment: tuple[tuple[str, ...], Letters],
) -> None:
    ids, letters = alignment
    rows = dict(zip(ids, letters, strict=True))
    before = tree_of(ids, letters)
    after = mended(before, ids, letters)
    assert sorted(after.leaves) == sorted(ids)
    assert sorted(map(len, after.children)) == sorted(map(len, before.children))
    assert steps(after, rows) <= steps(before, rows)
    for name in ids[1:]:
        others = pruned(after, set(ids) - {name})
        least = place(ready(others, rows), rows[name]).substitutions
        assert steps(after, rows) == steps(others, rows) + least


def gapped(isolates: int, seed: int) -> Genealogy:
    """Isolates of which each lacks stretches, half of them the same stretch of a tenth of the genome."""
    true = genealogy(isolates, length=100_000, snps=500, seed=seed)
    rng = np.random.default_rng(seed)
    for number, one in enumerate(true.calls.values()):
        for start in rng.integers(0, 100_000, 40).tolist():
            one.bases[start : start + 150] = ord("N")
        if number % 2:
            one.bases[:10_000] = ord("N")
    return true


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_systematic_gaps_mislead_distances_and_not_parsimony(seed: int) -> None:
    true = gapped(40, seed)
    sites = variable_sites(true.calls, true.mask)
    distances = pairwise(dict(sorted(true.calls.items())), true.mask)
    sure = {one for one in true.splits if true.substitutions[one] > 2}
    by_distance = joined(distances, sites).phylogeny
    found = collapsed(scaled(parsimonious(sites, distances).phylogeny, 1.0, shortest=0.25))
    assert not sure - splits(found)
    assert len(splits(found) - true.splits) <= 1
    assert len(true.splits - splits(found)) <= len(true.splits - splits(by_distance))


@pytest.mark.parametrize("seed", [1, 2])
def test_branches_are_as_long_as_on_the_genome_though_a_tenth_is_missing(seed: int) -> None:
    true = gapped(30, seed)
    sites = variable_sites(true.calls, true.mask)
    tree = parsimonious(sites, pairwise(dict(sorted(true.calls.items())), true.mask)).phylogeny
    everybody = tree.clades[0]
    told = {
        split(clade, everybody): length
        for clade, length in zip(tree.clades, tree.lengths, strict=True)
    }
    off = [told[one] - true.substitutions[one] for one in true.splits if one in told]
    assert len(off) > 20
    assert abs(np.mean(off)) < 0.7
    assert max(map(abs, off)) < 12


def test_without_gaps_a_branch_bears_the_substitutions_that_part_its_sides() -> None:
    true = genealogy(12, length=50_000, snps=40, seed=3)
    sites = variable_sites(true.calls, true.mask)
    tree = parsimonious(sites, pairwise(dict(sorted(true.calls.items())), true.mask)).phylogeny
    everybody = tree.clades[0]
    for node, clade in enumerate(tree.clades):
        one = split(clade, everybody)
        if one in true.substitutions:
            assert tree.lengths[node] == pytest.approx(true.substitutions[one], abs=1.1)


def test_the_order_of_isolates_changes_nothing() -> None:
    true = gapped(25, 4)
    turned = dict(reversed(true.calls.items()))
    distances = pairwise(dict(sorted(true.calls.items())), true.mask)
    found = [
        parsimonious(variable_sites(calls, true.mask), distances) for calls in (true.calls, turned)
    ]
    assert found[0] == found[1]


def test_three_isolates_have_one_tree() -> None:
    letters = np.array([list(b"AAAC"), list(b"AACC"), list(b"CNNA")], np.uint8)
    found = mended(tree_of(("a", "b", "c"), letters), ("a", "b", "c"), letters)
    assert sorted(found.leaves) == ["a", "b", "c"]
    assert found.parents == (-1, 0, 0, 0)

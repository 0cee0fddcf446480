"""A new isolate in an old tree: it goes where it came from, and the count of substitutions is exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.population import newick
from abscope.population.neighbour_joining import neighbour_joining
from abscope.population.phylogeny import Phylogeny, collapsed, pruned, scaled
from abscope.population.placement import _BIT, attached, place, ready
from abscope.records import Letters
from genealogies import genealogy, split


def tree_of(letters: dict[str, Letters]) -> Phylogeny:
    names = sorted(letters)
    apart = np.array([[float((letters[a] != letters[b]).sum()) for a in names] for b in names])
    return neighbour_joining(names, apart)


def steps(tree: Phylogeny, letters: dict[str, Letters]) -> int:
    """Substitutions a binary tree needs, by Fitch's rule from the leaves up."""
    sets = [np.zeros(0, np.uint8)] * len(tree.parents)
    total, below = 0, tree.children
    for node in range(len(below) - 1, -1, -1):
        if not below[node]:
            sets[node] = _BIT[letters[tree.names[node] or ""]]
            continue
        sets[node] = sets[below[node][0]]
        for child in below[node][1:]:
            both = sets[node] & sets[child]
            total += int((both == 0).sum())
            sets[node] = np.where(both > 0, both, sets[node] | sets[child])
    return total


@st.composite
def alignments(draw: st.DrawFn) -> dict[str, Letters]:
    sites = draw(st.integers(1, 12))
    row = st.text("ACGTN", min_size=sites, max_size=sites)
    rows = draw(st.lists(row, min_size=5, max_size=8))
    return {f"i{k}": np.frombuffer(text.encode(), np.uint8) for k, text in enumerate(rows)}


@settings(max_examples=60, deadline=None)
@given(alignments())
def test_the_count_is_what_the_whole_tree_needs_more_with_the_isolate_on_that_branch(
    letters: dict[str, Letters],
) -> None:
    known = {name: row for name, row in letters.items() if name != "i0"}
    tree = scaled(tree_of(known), 0.0)
    tree = Phylogeny(tree.parents, tree.names, tuple(2.0 for _ in tree.parents), tree.support)
    found = place(ready(tree, known), letters["i0"])
    needs = []
    for node in range(1, len(tree.parents)):
        half = type(found)(found.below, node, 1.0, found.substitutions, 1, 0)
        needs.append(steps(attached(tree, "i0", half), letters) - steps(tree, known))
    assert found.substitutions == min(needs)
    assert needs.count(found.substitutions) == found.equal


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_isolates_taken_out_of_a_simulated_tree_go_back_where_they_were(seed: int) -> None:
    world = genealogy(15, length=20_000, snps=60, seed=seed)
    letters = {name: one.bases for name, one in world.calls.items()}
    tree = collapsed(scaled(tree_of(letters), 1.0, shortest=0.5))
    everybody = frozenset(letters)
    for name in sorted(letters)[:6]:
        left = pruned(tree, everybody - {name})
        back = attached(left, name, place(ready(left, letters), letters[name]))
        found = {split(c, everybody) for c in back.clades if 1 < len(c) < 14}
        assert found <= world.splits
        assert len(world.splits - found) <= 1


def test_an_isolate_equal_to_a_leaf_is_put_beside_it_at_no_distance() -> None:
    world = genealogy(8, length=20_000, snps=60, seed=2)
    letters = {name: one.bases for name, one in world.calls.items()}
    tree = tree_of(letters)
    found = place(ready(tree, letters), letters["iso004"])
    assert (found.below, found.substitutions, found.above) == (("iso004",), 0, 0.0)
    grown = attached(tree, "twin", found)
    parent = grown.parents[grown.leaves["twin"]]
    assert parent == grown.parents[grown.leaves["iso004"]]
    assert grown.lengths[grown.leaves["twin"]] == 0.0


def test_missing_bases_ask_for_nothing() -> None:
    tree = newick.parse("((a:2,b:2):2,c:2,d:2);")
    rows = {"a": "AAAA", "b": "AAAC", "c": "GGAA", "d": "GGTA"}
    letters = {name: np.frombuffer(row.encode(), np.uint8) for name, row in rows.items()}
    stored = ready(tree, letters)
    nothing = place(stored, np.frombuffer(b"NNNN", np.uint8))
    assert (nothing.substitutions, nothing.equal, nothing.compared) == (0, 5, 0)
    between = place(stored, np.frombuffer(b"AGAA", np.uint8))
    assert (between.below, between.substitutions) == (("a", "b"), 0)
    assert between.above == 1.0

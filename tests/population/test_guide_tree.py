"""Changes are placed on the branches of the guide tree with as few of them as can be."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.population.guide_tree import GuideTree, changes, guide_tree

IDS = ("a", "b", "c", "d", "e")
BITS = (1, 2, 4, 8)


def tree_of(seed: int) -> GuideTree:
    rng = np.random.default_rng(seed)
    apart = rng.integers(1, 30, (5, 5)).astype(np.float64)
    return guide_tree(IDS, np.triu(apart, 1) + np.triu(apart, 1).T, np.ones((5, 1), np.uint8))


def fewest(tree: GuideTree, column: np.ndarray) -> int:
    """The fewest changes, by trying every base at every node."""
    inner = [node for node, row in enumerate(tree.rows) if row < 0]
    best = 99
    for chosen in product(BITS, repeat=len(inner)):
        states = dict(zip(inner, chosen, strict=True))
        count = 0
        for node in range(1, len(tree.parents)):
            row, above = tree.rows[node], states[int(tree.parents[node])]
            mine = states[node] if row < 0 else int(column[row])
            count += mine not in (0, above)
        best = min(best, count)
    return best


@given(st.integers(0, 200), st.lists(st.sampled_from([0, *BITS]), min_size=5, max_size=5))
def test_no_placement_of_bases_needs_fewer_changes(seed: int, column: list[int]) -> None:
    tree = tree_of(seed)
    bits = np.array(column, dtype=np.uint8)[:, None]
    where, _ = changes(tree, bits)
    assert len(where) == fewest(tree, bits[:, 0])


@pytest.mark.parametrize("seed", range(20))
def test_the_two_branches_at_a_root_of_two_are_one(seed: int) -> None:
    tree = tree_of(seed)
    rng = np.random.default_rng(seed)
    bits = rng.choice(np.array(BITS, dtype=np.uint8), (5, 50))
    _, offsets = changes(tree, bits)
    if tree.glued >= 0:
        assert offsets[tree.glued] == offsets[tree.glued + 1]
    assert tree.branches == 7  # 2 n - 3 of an unrooted tree


def test_every_node_has_a_name_of_its_own() -> None:
    names = tree_of(3).phylogeny.names
    assert len(set(names)) == len(names)
    assert set(IDS) < set(names)


def test_an_inner_node_never_bears_the_name_of_an_isolate() -> None:
    apart = np.ones((4, 4)) - np.eye(4)
    names = guide_tree(("n1", "n3", "x", "y"), apart, np.ones((4, 1), np.uint8)).phylogeny.names
    assert len(set(names)) == len(names)

"""Coalescent trees: dates, shapes and path lengths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.simulate.phylogeny import Node, Tree, coalescent


def years(tree: Tree):
    return lambda index: tree.nodes[index].evolving


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), tips=st.integers(1, 8), size=st.floats(0.1, 300))
def test_branches_last_as_long_as_their_dates_say_and_tips_keep_theirs(seed, tips, size):
    rng = np.random.default_rng(seed)
    dated = [(f"t{k}", float(date)) for k, date in enumerate(rng.uniform(2015, 2023, tips))]
    tree = coalescent(dated, size=size, origin=2000.0, name="root", rng=rng)
    found = {node.name: node.date for node in tree.nodes}
    assert tree.tips == {name for name, _ in dated}
    assert all(found[name] == date for name, date in dated)
    for index, node in enumerate(tree.nodes):
        if node.parent is not None:
            assert node.evolving == pytest.approx(node.date - tree.nodes[node.parent].date)
        assert bool(tree.children(index)) == (node.name not in tree.tips)


def test_a_pair_is_as_old_as_the_populations_size_says():
    rng = np.random.default_rng(1)
    apart = []
    for _ in range(2000):
        tree = coalescent(
            [("a", 2020.0), ("b", 2020.0)], size=3.0, origin=1900.0, name="r", rng=rng
        )
        apart.append(tree.apart("a", "b", years(tree)))
    assert np.mean(apart) == pytest.approx(6.0, rel=0.1)


def test_lines_still_apart_at_the_origin_spring_from_it_together():
    rng = np.random.default_rng(2)
    tips = [(f"t{k}", 2020.0) for k in range(6)]
    tree = coalescent(tips, size=1e9, origin=2000.0, name="r", rng=rng)
    assert [node.parent for node in tree.nodes] == [None, *[0] * 6]


def test_a_tip_before_the_origin_is_refused():
    with pytest.raises(ValueError, match="later than the origin"):
        coalescent([("a", 1990.0)], size=1, origin=2000.0, name="r", rng=np.random.default_rng(1))


def test_paths_and_newick_tell_the_same_tree():
    nodes = (Node("r", None, 0, 0), Node("x", 0, 1, 1), Node("b", 0, 5, 5), Node("a", 1, 3, 2))
    tree = Tree(nodes, frozenset({"a", "b"}))
    assert tree.apart("a", "b", years(tree)) == 8
    assert tree.apart("a", "x", years(tree)) == 2
    assert tree.newick(years(tree)) == "((a:2)x:1,b:5)r;"


def test_a_child_before_its_parent_is_refused():
    with pytest.raises(ValueError, match="before its children"):
        Tree((Node("a", 1, 0, 0), Node("r", None, 0, 0)), frozenset({"a"}))

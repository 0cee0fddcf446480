"""Rooting and collapsing move the root and the branches, never the isolates."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.population.newick import parse, text
from abscope.population.phylogeny import (
    Phylogeny,
    collapsed,
    grafted,
    rooted_at_midpoint,
    rooted_by,
    scaled,
)
from genealogies import split


@st.composite
def unrooted(draw: st.DrawFn) -> Phylogeny:
    """Trees as tree builders return them: three branches or more at the top, lengths above zero."""
    leaves = draw(st.integers(3, 12))
    pieces = [f"i{k}:{draw(st.integers(1, 40))}" for k in range(leaves)]
    while len(pieces) > 3:
        first = pieces.pop(draw(st.integers(0, len(pieces) - 1)))
        second = pieces.pop(draw(st.integers(0, len(pieces) - 1)))
        support, length = draw(st.integers(0, 100)), draw(st.integers(1, 40))
        pieces.append(f"({first},{second}){support}:{length}")
    return parse(f"({','.join(pieces)});")


def apart(tree: Phylogeny) -> dict[tuple[str, str], float]:
    """Distance of every two leaves along the branches."""

    def way(node: int) -> dict[int, float]:
        up, total = {}, 0.0
        while node >= 0:
            up[node], total = total, total + tree.lengths[node]
            node = tree.parents[node]
        return up

    found = {}
    for (one, a), (other, b) in combinations(sorted(tree.leaves.items()), 2):
        first, second = way(a), way(b)
        found[one, other] = min(first[node] + second[node] for node in first.keys() & second.keys())
    return found


def depths(tree: Phylogeny) -> dict[str, float]:
    depth = [0.0]
    for node, parent in enumerate(tree.parents[1:], 1):
        depth.append(depth[parent] + tree.lengths[node])
    return {name: depth[node] for name, node in tree.leaves.items()}


def supported(tree: Phylogeny) -> set[tuple[frozenset[str], float]]:
    everybody = tree.clades[0]
    return {
        (split(clade, everybody), support)
        for clade, support in zip(tree.clades, tree.support, strict=True)
        if support is not None
    }


@given(unrooted())
def test_the_midpoint_root_is_as_far_from_the_two_farthest_leaves(tree: Phylogeny) -> None:
    rooted = rooted_at_midpoint(tree)
    longest = max(apart(tree).values())
    far = sorted(depths(rooted).values())
    assert far[-1] == pytest.approx(longest / 2)
    assert far[-2] == pytest.approx(longest / 2)


@given(unrooted())
def test_rooting_changes_no_distance_and_no_support(tree: Phylogeny) -> None:
    for rooted in (rooted_at_midpoint(tree), rooted_by(tree, "i0")):
        assert apart(rooted) == pytest.approx(apart(tree))
        assert supported(rooted) == supported(tree)


@given(unrooted())
def test_rooting_twice_is_rooting_once(tree: Phylogeny) -> None:
    once = rooted_at_midpoint(tree)
    assert text(rooted_at_midpoint(once)) == text(once)
    assert text(rooted_at_midpoint(rooted_by(tree, "i1"))) == text(once)


@given(unrooted())
def test_an_outgroup_stands_against_all_others(tree: Phylogeny) -> None:
    rooted = rooted_by(tree, "i2")
    sides = {rooted.clades[child] for child in rooted.children[0]}
    assert sides == {frozenset({"i2"}), frozenset(tree.leaves) - {"i2"}}


def test_an_outgroup_that_is_no_leaf_is_an_error() -> None:
    with pytest.raises(KeyError):
        rooted_by(parse("(A:1,B:1,C:1);"), "D")


def test_a_midpoint_that_falls_on_a_node_makes_it_the_root() -> None:
    assert text(rooted_at_midpoint(parse("((A:2,B:2):1,C:1);"))) == "(A:2.000,B:2.000,C:2.000);"


def test_two_leaves_are_rooted_half_way() -> None:
    assert text(rooted_at_midpoint(parse("(A:1,B:4);"))) == "(A:2.500,B:2.500);"
    assert text(rooted_by(parse("(A:1,B:4);"), "A")) == "(A:1.000,B:4.000);"


@pytest.mark.parametrize("flat", ["(A:0,B:0,C:0);", "A;"])
def test_a_tree_without_length_keeps_its_root(flat: str) -> None:
    assert text(rooted_at_midpoint(parse(flat))) == text(parse(flat))


def test_inner_branches_of_no_length_become_a_polytomy() -> None:
    tree = parse("(((A:1,B:0)80:0,C:2)90:0,(D:1,E:1)70:3);")
    assert text(collapsed(tree)) == "(A:1.000,B:0.000,C:2.000,(D:1.000,E:1.000)70:3.000);"


def test_scaling_makes_what_is_too_short_nothing() -> None:
    tree = scaled(parse("(A:0.1,B:0.01,C:0.3);"), 10, shortest=0.25)
    assert text(tree) == "(A:1.000,B:0.000,C:3.000);"


def test_twins_stand_where_their_likeness_stood() -> None:
    tree = grafted(parse("(A:1,B:2,C:3);"), {"A": ("A", "X", "Y"), "B": ("B",)})
    assert text(tree) == "((A:0.000,X:0.000,Y:0.000):1.000,B:2.000,C:3.000);"


@pytest.mark.parametrize("parents", [(0,), (-1, 1), (-1, -1), (-1, 2, 0)])
def test_a_tree_whose_parents_do_not_come_first_is_refused(parents: tuple[int, ...]) -> None:
    size = len(parents)
    with pytest.raises(ValueError, match="parents before"):
        Phylogeny(parents, (None,) * size, (0.0,) * size, (None,) * size)


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        Phylogeny((-1, 0), (None,), (0.0, 1.0), (None, None))

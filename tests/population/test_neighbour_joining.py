"""Neighbour joining finds the tree that distances were measured on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.population.neighbour_joining import neighbour_joining
from abscope.population.newick import parse, text
from abscope.population.phylogeny import Phylogeny, rooted_at_midpoint
from genealogies import split


@st.composite
def binary(draw: st.DrawFn) -> Phylogeny:
    pieces = [f"i{k}:{draw(st.integers(1, 40))}" for k in range(draw(st.integers(3, 12)))]
    while len(pieces) > 3:
        first = pieces.pop(draw(st.integers(0, len(pieces) - 1)))
        second = pieces.pop(draw(st.integers(0, len(pieces) - 1)))
        pieces.append(f"({first},{second}):{draw(st.integers(1, 40))}")
    return parse(f"({','.join(pieces)});")


def lengths(tree: Phylogeny) -> dict[frozenset[str], float]:
    return {
        split(clade, tree.clades[0]): round(length, 6)
        for clade, length in zip(tree.clades[1:], tree.lengths[1:], strict=True)
    }


def apart(tree: Phylogeny, names: list[str]) -> np.ndarray:
    """Each pair's distance: the summed lengths of the splits that part them."""
    found = np.zeros((len(names), len(names)))
    for side, length in lengths(tree).items():
        inside = np.array([name in side for name in names])
        found += length * (inside[:, None] != inside[None, :])
    return found


@given(binary())
def test_distances_along_a_tree_give_that_tree(tree: Phylogeny) -> None:
    names = sorted(tree.leaves)
    assert lengths(neighbour_joining(names, apart(tree, names))) == lengths(tree)


@given(binary(), st.randoms())
def test_the_order_of_the_isolates_does_not_matter(tree: Phylogeny, random) -> None:  # type: ignore[no-untyped-def]
    names = sorted(tree.leaves)
    random.shuffle(names)
    found = neighbour_joining(names, apart(tree, names))
    assert text(rooted_at_midpoint(found)) == text(rooted_at_midpoint(tree))


@given(st.integers(3, 9), st.integers(0, 1000))
def test_no_branch_is_shorter_than_nothing(size: int, seed: int) -> None:
    half = np.triu(np.random.default_rng(seed).integers(0, 9, (size, size)), 1)
    found = neighbour_joining([f"i{k}" for k in range(size)], (half + half.T).astype(float))
    assert min(found.lengths) >= 0
    assert len(found.leaves) == size


def test_the_matrix_given_is_left_as_it_was() -> None:
    given_matrix = np.array([[0.0, 3, 4, 5], [3, 0, 5, 6], [4, 5, 0, 3], [5, 6, 3, 0]])
    before = given_matrix.copy()
    neighbour_joining("abcd", given_matrix)
    assert (given_matrix == before).all()


@pytest.mark.parametrize("size", [0, 1, 2])
def test_fewer_than_three_isolates_have_nothing_to_join(size: int) -> None:
    with pytest.raises(ValueError, match="three isolates"):
        neighbour_joining("ab"[:size], np.zeros((size, size)))

"""Who goes into a tree, and how it is shown."""

from collections.abc import Callable

import numpy as np
import pytest

from abscope.population.distances import pairwise
from abscope.population.newick import parse
from abscope.population.sites import Sites, variable_sites
from abscope.population.tree import (
    Inferred,
    constant_columns,
    counted,
    finished,
    joined,
    parsimonious,
    rooted_somehow,
    taxa,
)
from abscope.records import Calls, Distances, Mask
from genealogies import calls_of, genealogy

NO_LETTERS = np.zeros(0, np.int64), np.zeros((3, 0), np.uint8)


Method = Callable[[Sites, Distances], Inferred]


def joined_by(sites: Sites, distances: Distances) -> Inferred:
    return joined(distances, sites)


def sites_of(rows: dict[str, str]) -> Sites:
    return variable_sites(calls_of(rows), Mask("REF", len(next(iter(rows.values())))))


def test_one_isolate_stands_for_all_that_are_identical() -> None:
    chosen = taxa(sites_of({"c": "ACGA", "b": "ACGT", "a": "ACGA", "d": "ACGN"}))
    assert chosen.twins == {"a": ("a", "c"), "b": ("b",), "d": ("d",)}
    assert chosen.distinct.ids == ("a", "b", "d")


def test_an_isolate_with_half_of_the_sites_is_not_placed_and_is_named() -> None:
    chosen = taxa(sites_of({"a": "ACGA", "b": "ACGT", "poor": "NNGT"}))
    assert chosen.unplaced == ("poor",)
    tree = finished(counted(chosen.distinct), chosen)
    assert tree.notes == ("not placed, half of the sites or fewer are called: poor",)
    assert "poor" not in parse(tree.newick).leaves


def test_two_sequences_make_a_branch_of_their_snps() -> None:
    chosen = taxa(sites_of({"a": "AAAAAN", "b": "CCCAAA", "c": "CCCAAA"}))
    tree = finished(counted(chosen.distinct), chosen)
    assert tree.newick == "(a:1.500,(b:0.000,c:0.000):1.500);"
    assert (tree.rooting, tree.support) == ("midpoint", None)


def test_identical_isolates_make_a_star() -> None:
    chosen = taxa(sites_of(dict.fromkeys("abc", "ACGT")))
    assert finished(counted(chosen.distinct), chosen).newick == "(a:0.000,b:0.000,c:0.000);"


def test_a_named_outgroup_roots_the_tree() -> None:
    chosen = taxa(sites_of({"a": "AAAA", "b": "AAAC", "c": "GGAA"}))
    inferred = Inferred(parse("(a:0,b:1,c:2);"), "test")
    tree = finished(inferred, chosen, outgroup="b")
    assert tree.newick == "((a:0.000,c:2.000):0.500,b:0.500);"
    assert tree.rooting == "outgroup b"


def test_an_outgroup_that_is_elsewhere_is_said_and_the_midpoint_taken() -> None:
    chosen = taxa(sites_of({"a": "AAAA", "b": "AAAC"}))
    tree = finished(counted(chosen.distinct), chosen, outgroup="z")
    assert tree.rooting == "midpoint"
    assert tree.notes == ("the outgroup z is not in this tree",)


def test_less_than_a_quarter_of_a_substitution_is_not_shown_as_a_branch() -> None:
    chosen = taxa(sites_of({"a": "AAAA", "b": "AAAC", "c": "GGAA", "d": "GGTA"}))
    inferred = Inferred(parse("((a:1,b:0.1)60:0.2,c:1,d:2);"), "test")
    assert finished(inferred, chosen).newick == "((a:1.000,b:0.000,c:1.000):0.500,d:1.500);"


def test_few_constant_columns_stand_for_a_whole_genome_with_its_bases_and_gaps() -> None:
    rng = np.random.default_rng(1)
    genome = rng.choice(np.frombuffer(b"ACGT", np.uint8), 300_000, p=[0.18, 0.32, 0.32, 0.18])
    other = genome.copy()
    other[:2_000] = np.where(genome[:2_000] == ord("A"), ord("C"), ord("A"))
    other[rng.random(300_000) < 0.2] = ord("N")
    calls = {"a": Calls("REF", genome), "b": Calls("REF", other)}
    columns = constant_columns(variable_sites(calls, Mask("REF", 300_000)))
    assert columns.shape[1] == pytest.approx(100_000, abs=1_000)
    for letter, share in zip(b"ACGT", (0.18, 0.32, 0.32, 0.18), strict=True):
        assert (columns[0] == letter).mean() == pytest.approx(share, abs=0.05)
    assert (columns[1] == ord("N")).mean() == pytest.approx(0.2, abs=0.04)
    both = (columns != ord("N")).all(axis=0)
    assert (columns[0, both] == columns[1, both]).all()


def test_an_alignment_of_variable_sites_gets_constant_ones_of_its_composition() -> None:
    sites = sites_of({"a": "AACG", "b": "CCGT", "c": "ACCT"})
    assert sites.variable_only
    columns = constant_columns(sites)
    assert columns.shape[1] == pytest.approx(100_000, abs=4)
    assert (columns == columns[0]).all()
    seen = [int((sites.letters == letter).sum()) for letter in b"ACGT"]
    counts = [int((columns[0] == letter).sum()) for letter in b"ACGT"]
    assert counts == pytest.approx([100_000 * n / sum(seen) for n in seen], abs=1)


def test_dates_root_a_tree_that_has_no_outgroup() -> None:
    tree = parse("((a:1,b:2):3,(c:1,d:6):0,e:5);")
    dates = {name: (float(y), float(y)) for name, y in zip("abcde", (4, 5, 1, 6, 5), strict=True)}
    assert rooted_somehow(tree, None, dates)[1] == "temporal fit"
    assert rooted_somehow(tree, "c", dates)[1] == "outgroup c"
    assert rooted_somehow(tree, "z", {})[1] == "midpoint"
    assert rooted_somehow(tree, None, dict.fromkeys("abcde", (1.0, 2.0)))[1] == "midpoint"


def test_all_constant_columns_stand_for_themselves_in_a_small_genome() -> None:
    columns = constant_columns(sites_of({"a": "AACGTA", "b": "AANGTC"}))
    assert [row.tobytes() for row in columns] == [b"AACGT", b"AANGT"]


def test_distances_are_told_for_the_genome_however_much_of_it_could_be_compared() -> None:
    snps, comparable = np.full((3, 3), 9), np.full((3, 3), 900)
    np.fill_diagonal(snps, 0)
    genome = Sites(("a", "b", "c"), *NO_LETTERS, (1_000, 0, 0, 0), np.ones(3), NO_LETTERS[1])
    tree = joined(Distances(genome.ids, snps, comparable), genome).phylogeny
    assert sum(tree.lengths) == pytest.approx(15, rel=0.02)


@pytest.mark.parametrize("method", [joined_by, parsimonious])
def test_variable_sites_alone_give_the_branch_lengths_of_the_whole_genome(method: Method) -> None:
    true = genealogy(12, length=50_000, snps=60, seed=5)
    whole = variable_sites(true.calls, true.mask)
    rows = zip(whole.ids, whole.letters, strict=True)
    chosen = {name: Calls("REF", letters.copy()) for name, letters in rows}
    mask = Mask("REF", len(whole.positions))
    few = variable_sites(chosen, mask)
    assert few.variable_only
    assert not whole.variable_only
    expected = method(whole, pairwise(dict(sorted(true.calls.items())), true.mask)).phylogeny
    found = method(few, pairwise(dict(sorted(chosen.items())), mask)).phylogeny
    assert found.parents == expected.parents
    assert found.lengths == pytest.approx(expected.lengths, abs=0.05, rel=0.01)

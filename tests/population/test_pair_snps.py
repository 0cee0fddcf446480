"""SNPs of pairs from distances, lists and trees."""

import numpy as np
import pytest

from abscope.errors import DataError
from abscope.population.newick import parse
from abscope.population.pair_snps import joined, of_comparisons, of_distances, of_pairs, of_tree
from abscope.records import Distances
from genealogies import comparison_of


def test_pairs_without_a_site_in_common_cannot_be_told() -> None:
    snps = np.array([[0, 3, 0], [3, 0, 2], [0, 2, 0]])
    sites = np.array([[9, 9, 0], [9, 9, 9], [0, 9, 9]])
    found = of_distances(Distances(("a", "b", "c"), snps, sites))
    assert found.snps[0, 1] == 3
    assert np.isnan(found.snps[0, 2])


def test_a_list_of_pairs_may_be_in_either_order_and_need_not_be_whole() -> None:
    found = of_pairs({("b", "a"): 3, ("a", "b"): 3, ("a", "a"): 0, ("a", "c"): None, ("c", "b"): 7})
    assert found.ids == ("a", "b", "c")
    np.testing.assert_array_equal(found.snps, [[0, 3, np.nan], [3, 0, 7], [np.nan, 7, 0]])


def test_a_pair_with_two_distances_is_refused() -> None:
    with pytest.raises(DataError, match="a and b: 3 and 4"):
        of_pairs({("b", "a"): 3, ("a", "b"): 4})


def test_paths_of_a_tree_in_snps_are_distances() -> None:
    found = of_tree(parse("((A:1,B:2):3.4,C:4,'D E':0);"))
    assert found.ids == ("A", "B", "C", "D E")
    np.testing.assert_array_equal(
        found.snps, [[0, 3, 8, 4], [3, 0, 9, 5], [8, 9, 0, 4], [4, 5, 4, 0]]
    )


def test_a_tree_in_substitutions_per_site_is_refused() -> None:
    with pytest.raises(DataError, match="not measured in SNPs"):
        of_tree(parse("(A:0.01,B:0.02);"))


def test_pairs_of_two_references_and_of_too_few_sites_cannot_be_told() -> None:
    one = comparison_of({"a": "ACGTACGTAC", "b": "ACGTACGTAA", "c": "ANNNNNNNNN"})
    found = of_comparisons([one])
    assert found.snps[0, 1] == 1
    assert np.isnan(found.snps[0, 2])
    both = joined([found, of_pairs({("d", "e"): 4})])
    assert both.ids == ("a", "b", "c", "d", "e")
    assert both.snps[3, 4] == 4
    assert np.isnan(both.snps[0, 3])
    with pytest.raises(DataError, match="more than one set of distances: a, b, c"):
        joined([found, found])

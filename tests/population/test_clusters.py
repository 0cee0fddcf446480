"""Single linkage: who is joined by a chain of close pairs, and who is not."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import DataError
from abscope.population.clusters import clusters
from abscope.records import Comparison, Distances, Mask
from genealogies import alignments, comparison_of


def by_distance(pairs: dict[tuple[str, str], int], reference: str = "REF") -> Comparison:
    """A comparison with these SNPs, every other pair 1,000 apart, all sites comparable."""
    ids = tuple(sorted({name for pair in pairs for name in pair}))
    snps = np.full((len(ids), len(ids)), 1_000)
    np.fill_diagonal(snps, 0)
    for (one, other), count in pairs.items():
        i, j = ids.index(one), ids.index(other)
        snps[i, j] = snps[j, i] = count
    distances = Distances(ids, snps, np.full_like(snps, 5_000))
    return Comparison(reference, None, distances, distances, Mask(reference, 5_000))


def slow_groups(comparison: Comparison, level: int) -> set[frozenset[str]]:
    """Join any two groups that have a close pair, until nothing moves."""
    found, half = comparison.masked, max(1, comparison.mask.length / 2)
    groups = [{name} for name in comparison.ids]
    close = {
        frozenset((a, b))
        for (i, a), (j, b) in combinations(enumerate(comparison.ids), 2)
        if found.comparable[i, j] >= half and found.snps[i, j] <= level
    }
    for pair in close:
        joined = set().union(*(group for group in groups if group & pair))
        groups = [group for group in groups if not group & pair] + [joined]
    return {frozenset(group) for group in groups if len(group) > 1}


@given(alignments(most=8, longest=12), st.integers(0, 5))
def test_groups_agree_with_joining_by_hand(rows: dict[str, str], level: int) -> None:
    comparison = comparison_of(rows)
    (found,) = clusters([comparison], [level])
    assert {frozenset(group.members) for group in found.groups} == slow_groups(comparison, level)


@given(alignments(most=8, longest=12))
def test_tighter_levels_nest_within_looser_ones(rows: dict[str, str]) -> None:
    levels = clusters([comparison_of(rows)], [8, 0, 2, 1, 4])
    assert [found.level for found in levels] == [0, 1, 2, 4, 8]
    for tight, loose in pairwise(levels):
        for group in tight.groups:
            assert any(set(group.members) <= set(wider.members) for wider in loose.groups)


def test_a_chain_of_close_pairs_is_one_cluster() -> None:
    chain = by_distance({("a", "b"): 5, ("b", "c"): 5, ("c", "d"): 6})
    (found,) = clusters([chain], [5])
    assert [(group.name, group.members) for group in found.groups] == [("c5-01", ("a", "b", "c"))]
    assert found.of("d") is None


def test_clusters_are_named_by_level_then_size_then_first_member() -> None:
    one = by_distance({("a", "b"): 3, ("p", "q"): 3, ("q", "r"): 3})
    two = by_distance({("aa", "bb"): 3}, "REF2")
    (found,) = clusters([two, one], [25])
    assert [(group.name, group.members[0]) for group in found.groups] == [
        ("c25-01", "p"), ("c25-02", "a"), ("c25-03", "aa"),
    ]  # fmt: skip


@given(st.permutations(["b", "e", "a", "d", "c"]))
def test_names_do_not_depend_on_the_order_of_the_isolates(order: list[str]) -> None:
    rows = {"a": "AAAA", "b": "AAAC", "c": "GGGG", "d": "GGGG", "e": "GGGT"}
    found = clusters([comparison_of({name: rows[name] for name in order})], [0, 1])
    assert found == clusters([comparison_of(rows)], [0, 1])


def test_isolates_of_different_references_are_never_joined() -> None:
    found = clusters([comparison_of({"a": "ACGT"}), comparison_of({"b": "ACGT"}, "REF2")], [100])
    assert found[0].groups == ()
    assert found[0].unresolved == ()


def test_a_pair_with_too_few_sites_is_reported_and_joins_nobody() -> None:
    rows = {"a": "A" * 10, "b": "A" * 4 + "N" * 6, "c": "A" * 10}
    (found,) = clusters([comparison_of(rows)], [50])
    assert found.unresolved == (("a", "b"), ("b", "c"))
    assert [group.members for group in found.groups] == [("a", "c")]


def test_an_unresolved_pair_may_still_be_joined_through_a_third() -> None:
    rows = {"a": "A" * 6 + "NNNN", "b": "NNNN" + "A" * 6, "c": "A" * 10}
    (found,) = clusters([comparison_of(rows)], [0])
    assert found.unresolved == (("a", "b"),)
    assert found.groups[0].members == ("a", "b", "c")


def test_nobody_makes_no_cluster() -> None:
    assert [found.groups for found in clusters([], [5, 25])] == [(), ()]


def test_a_name_used_by_two_isolates_is_refused() -> None:
    with pytest.raises(DataError, match="under one name"):
        clusters([comparison_of({"a": "A"}), comparison_of({"a": "A"}, "REF2")], [5])

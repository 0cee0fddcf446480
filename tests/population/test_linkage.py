"""Single linkage at every threshold at once says what clustering at each threshold says."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abscope.population.clusters import clusters
from abscope.population.linkage import addresses, holdings, spanning_tree, stability
from abscope.records import Comparison
from genealogies import alignments, comparison_of

LEVELS = (0, 1, 2, 4, 8, 16)


def at(comparison: Comparison, level: int) -> set[tuple[str, ...]]:
    (found,) = clusters([comparison], [level])
    return {group.members for group in found.groups}


@given(alignments(most=8, longest=20))
def test_the_tables_of_all_thresholds_agree_with_clustering_at_each(rows: dict[str, str]) -> None:
    comparison = comparison_of(rows)
    plateaus = stability(spanning_tree([comparison]))
    assert plateaus[0].low == 0
    assert plateaus[-1].high is None
    for before, after in pairwise(plateaus):
        assert before.high == after.low - 1
    for level in range(22):
        [here] = [p for p in plateaus if p.low <= level and (p.high is None or level <= p.high)]
        groups = at(comparison, level)
        assert here.clusters == len(groups)
        assert here.clustered == sum(map(len, groups))
        assert here.largest == max(map(len, groups), default=0)


@given(alignments(most=8, longest=20))
def test_a_cluster_holds_at_exactly_the_thresholds_that_are_said(rows: dict[str, str]) -> None:
    comparison = comparison_of(rows)
    tree = spanning_tree([comparison])
    found = clusters([comparison], LEVELS)
    for one in holdings(found, [comparison], tree):
        for level in range(22):
            inside = one.low <= level and (one.high is None or level <= one.high)
            assert (one.members in at(comparison, level)) == inside


@given(alignments(most=8, longest=20))
def test_complete_linkage_disagrees_where_a_pair_of_a_cluster_is_far_or_unresolved(
    rows: dict[str, str],
) -> None:
    comparison = comparison_of(rows)
    counts = comparison.masked
    enough = counts.comparable >= max(1, comparison.mask.length / 2)
    found = clusters([comparison], LEVELS)
    for one in holdings(found, [comparison], spanning_tree([comparison])):
        inside = [comparison.ids.index(name) for name in one.members]
        pairs = [(i, j) for i in inside for j in inside if i < j]
        assert one.widest == max(counts.snps[i, j] for i, j in pairs if enough[i, j])
        assert one.unresolved == sum(not enough[i, j] for i, j in pairs)
        close = all(enough[i, j] and counts.snps[i, j] <= one.level for i, j in pairs)
        assert one.chain == (not close)


@given(alignments(most=8, longest=20))
def test_an_address_is_shared_up_to_a_level_by_those_who_are_clustered_there(
    rows: dict[str, str],
) -> None:
    comparison = comparison_of(rows)
    found = addresses(comparison.ids, clusters([comparison], LEVELS))
    assert set(found) == set(rows)
    for place, level in enumerate(sorted(LEVELS, reverse=True)):
        groups = at(comparison, level)
        for one in rows:
            for other in rows:
                together = any({one, other} <= set(group) for group in groups)
                prefix = [found[name].split(".")[: place + 1] for name in (one, other)]
                assert (prefix[0] == prefix[1]) == (together or one == other)


@given(alignments(most=6, longest=20), st.randoms(use_true_random=False))
def test_the_order_of_the_isolates_changes_no_address(rows: dict[str, str], random) -> None:
    names = list(rows)
    random.shuffle(names)
    comparison, other = comparison_of(rows), comparison_of({name: rows[name] for name in names})
    assert addresses(comparison.ids, clusters([comparison], LEVELS)) == addresses(
        other.ids, clusters([other], LEVELS)
    )
    assert stability(spanning_tree([comparison])) == stability(spanning_tree([other]))


def test_nobody_has_no_cluster_at_any_threshold() -> None:
    (only,) = stability(spanning_tree([]))
    assert (only.low, only.high, only.clusters, only.clustered) == (0, None, 0, 0)
    alone = comparison_of({"a": "ACGT"})
    assert addresses(alone.ids, clusters([alone], [5, 0])) == {"a": "1.1"}
    assert np.array_equal(alone.masked.snps, [[0]])

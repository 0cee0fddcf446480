"""Clusters with their distances, against the obvious way of reading a matrix."""

from dataclasses import replace
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import investigations
from abscope.population.clusters import clusters as grouped
from abscope.records import Comparison, Distances, Investigation, Mask, Relatedness
from abscope.reports import clusters
from abscope.reports.distances import MATRIX_MOST, pairs, square
from abscope.reports.roster import roster


@st.composite
def relatednesses(draw: st.DrawFn) -> Relatedness:
    """A few isolates with any distances, some of them with too few sites."""
    size = draw(st.integers(2, 7))
    numbers = st.integers(0, 12)
    snps, sites = np.zeros((2, size, size), dtype=np.int64)
    for i in range(size):
        for j in range(i):
            snps[i, j] = snps[j, i] = draw(numbers)
            sites[i, j] = sites[j, i] = draw(st.sampled_from([40, 100]))
    np.fill_diagonal(sites, 100)
    distances = Distances(tuple("abcdefg"[:size]), snps, sites)
    one = Comparison("r", None, distances, distances, Mask("r", 100))
    return Relatedness((one,), grouped([one], (3, 6)))


def investigation(relatedness: Relatedness) -> Investigation:
    return replace(investigations.empty(), relatedness=relatedness)


@given(relatednesses())
def test_every_cluster_is_described_as_its_matrix_says(relatedness: Relatedness) -> None:
    people = roster(investigation(relatedness))
    masked = relatedness.comparisons[0].masked
    place = {name: i for i, name in enumerate(masked.ids)}
    for level in relatedness.clusters:
        for group, row in zip(level.groups, clusters.rows(relatedness, level, people), strict=True):
            inside = sorted(place[name] for name in group.members)
            outside = sorted(set(place.values()) - set(inside))
            good = masked.comparable >= 50
            within = [masked.snps[i, j] for i in inside for j in inside if i < j and good[i, j]]
            beyond = [masked.snps[i, j] for i in inside for j in outside if good[i, j]]
            assert sorted(row.snps) == sorted(within)
            assert row.median == median(within)
            assert row.pairs == len(inside) * (len(inside) - 1) // 2
            assert (row.nearest.snps if row.nearest else None) == min(beyond, default=None)


@given(relatednesses())
def test_nobody_is_lost_when_a_matrix_is_put_in_order(relatedness: Relatedness) -> None:
    people = roster(investigation(relatedness))
    comparison = relatedness.comparisons[0]
    shown = square(comparison, relatedness, people)
    place = {name: i for i, name in enumerate(comparison.ids)}
    order = [place[name] for name in shown.ids]
    assert sorted(order) == list(range(len(order)))
    np.testing.assert_array_equal(shown.snps, comparison.masked.snps[np.ix_(order, order)])
    np.testing.assert_array_equal(shown.unresolved, shown.comparable < 50)


@given(relatednesses())
def test_pairs_are_listed_nearest_first_and_unresolved_last(relatedness: Relatedness) -> None:
    people = roster(investigation(relatedness))
    shown = square(relatedness.comparisons[0], relatedness, people)
    listed = [row.snps for row in pairs(shown, people)]
    known = [snps for snps in listed if snps is not None]
    assert listed == sorted(known) + [None] * (len(listed) - len(known))
    assert len(listed) == len(shown.ids) * (len(shown.ids) - 1) // 2


def test_members_of_a_cluster_stand_side_by_side_in_the_matrix() -> None:
    chosen = investigations.realistic()
    people = roster(chosen)
    shown = square(chosen.relatedness.comparisons[1], chosen.relatedness, people)
    assert set(shown.ids[:3]) == {"SRR1001A", "SRR1002A", "SRR1003A"}


def test_a_level_with_the_same_groups_is_not_told_twice() -> None:
    chosen = investigations.realistic()
    tables = clusters.tables(chosen.relatedness, roster(chosen))
    assert [table.level for table in tables] == [20, 5, 10, 30]
    assert [table.same_as for table in tables] == [None, 20, 20, 20]


@pytest.mark.parametrize("size", [MATRIX_MOST, MATRIX_MOST + 1])
def test_a_matrix_too_large_to_read_gives_way_to_pairs(size: int) -> None:
    from abscope.reports.panels import panels

    (view,) = panels(investigations.only([f"i{k}" for k in range(size)]))["squares"]
    assert view.whole == (size <= MATRIX_MOST)

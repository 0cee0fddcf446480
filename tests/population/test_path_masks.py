"""What blocks take from pairs is the same however it was counted: at once, or from what others took."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.genealogies import alignments, calls_of

from abscope.population.clone_sites import CloneSites, clone_sites
from abscope.population.path_masks import Stretch, masked, removed, without
from abscope.records import Mask


def sites_of(rows: dict[str, str]) -> CloneSites:
    return clone_sites(calls_of(rows), Mask("REF", len(next(iter(rows.values())))))


def blocks_in(data: st.DataObject, sites: CloneSites) -> list[Stretch]:
    drawn = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, sites.length - 1),
                st.integers(1, sites.length),
                st.lists(st.booleans(), min_size=len(sites.ids), max_size=len(sites.ids)),
            ),
            max_size=4,
        )
    )
    return [(start, min(start + size, sites.length), np.array(who)) for start, size, who in drawn]


@given(alignments(), st.data())
def test_a_pair_loses_what_lies_in_blocks_that_one_of_the_two_is_below(
    rows: dict[str, str], data: st.DataObject
) -> None:
    sites = sites_of(rows)
    blocks = blocks_in(data, sites)
    found = masked(sites, blocks)
    for i, one in enumerate(sites.ids):
        for j, other in enumerate(sites.ids):
            on_path = [
                (start, end) for start, end, below in blocks if bool(below[i]) != bool(below[j])
            ]
            open_sites = [
                (a, b)
                for place, (a, b) in enumerate(zip(rows[one], rows[other], strict=True))
                if a in "ACGT" and b in "ACGT" and not any(s <= place < e for s, e in on_path)
            ]
            assert found.comparable[i, j] == len(open_sites)
            assert found.snps[i, j] == sum(a != b for a, b in open_sites)


@given(alignments(), st.data())
def test_starting_from_what_other_blocks_took_from_some_isolates_changes_nothing(
    rows: dict[str, str], data: st.DataObject
) -> None:
    names = sorted(rows)
    kept = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    sites, fewer = sites_of(rows), sites_of({name: rows[name] for name in kept})
    blocks = blocks_in(data, sites)
    chosen = np.isin(sites.ids, fewer.ids)
    shared = [(start, end, below[chosen]) for start, end, below in blocks]
    earlier = removed(fewer, data.draw(st.permutations(shared))[:2] + blocks_in(data, fewer))
    found, expected = removed(sites, blocks, earlier), removed(sites, blocks)
    assert np.array_equal(found.counts, expected.counts)
    assert found.segments == expected.segments
    assert np.array_equal(without(sites, found).snps, masked(sites, blocks).snps)

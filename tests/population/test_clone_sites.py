"""What is kept of a clone grows by one genome to what reading all genomes gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.genealogies import alignments, calls_of

from abscope.errors import DataError
from abscope.population.clone_sites import CloneSites, clone_sites, with_isolate
from abscope.population.distances import pairwise
from abscope.records import Interval, Mask


def mask_of(rows: dict[str, str], hidden: int) -> Mask:
    length = len(next(iter(rows.values())))
    stretch = (Interval(0, min(hidden, length), "test"),) if hidden else ()
    return Mask("REF", length, stretch)


def equal(one: CloneSites, other: CloneSites) -> bool:
    return one.ids == other.ids and all(
        np.array_equal(a, b)
        for a, b in (
            (one.seen, other.seen),
            (one.positions, other.positions),
            (one.bits, other.bits),
            (one.gaps.runs, other.gaps.runs),
            (one.gaps.offsets, other.gaps.offsets),
            (one.raw.snps, other.raw.snps),
            (one.raw.comparable, other.raw.comparable),
        )
    )


@given(alignments(), st.integers(0, 5), st.integers(0, 4))
def test_one_isolate_more_is_the_same_as_reading_all_again(
    rows: dict[str, str], hidden: int, which: int
) -> None:
    calls, mask = calls_of(rows), mask_of(rows, hidden)
    new = sorted(calls)[which % len(calls)]
    rest = {name: one for name, one in calls.items() if name != new}
    grown = with_isolate(clone_sites(rest, mask), new, calls[new])
    assert equal(grown, clone_sites(calls, mask))


@given(alignments(), st.integers(0, 5))
def test_raw_distances_are_the_distances_of_all_pairs(rows: dict[str, str], hidden: int) -> None:
    calls, mask = calls_of(rows), mask_of(rows, hidden)
    raw, expected = clone_sites(calls, mask).raw, pairwise(calls, mask)
    assert raw.ids == expected.ids
    assert np.array_equal(raw.snps, expected.snps)
    assert np.array_equal(raw.comparable, expected.comparable)


def test_bases_are_those_of_the_genomes_at_variable_sites() -> None:
    kept = clone_sites(calls_of({"a": "ACGTN", "b": "ACCTA", "c": "nCG-C"}), Mask("REF", 5))
    assert kept.positions.tolist() == [2, 4]
    assert kept.bits.tolist() == [[4, 0], [2, 1], [4, 2]]


def test_a_name_cannot_be_given_twice() -> None:
    calls = calls_of({"a": "ACGT", "b": "ACGA"})
    with pytest.raises(DataError, match="a is in this clone already"):
        with_isolate(clone_sites(calls, Mask("REF", 4)), "a", calls["a"])

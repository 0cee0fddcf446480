"""Haplotypes taken apart, so that the other caller is judged fairly."""

import pytest
from benchmarks.haplotypes import deleted, gap, substitutions
from hypothesis import given
from hypothesis import strategies as st

letters = st.text("ACGT", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("ref", "alt", "snps", "gone"),
    [
        ("A", "C", [(10, "C")], []),
        ("ACG", "TCA", [(10, "T"), (12, "A")], []),
        ("CACGT", "TAGT", [(10, "T")], [12]),
        ("TAGT", "CACGT", [(10, "C")], []),
        ("AGG", "A", [], [11, 12]),
        ("A", "ATT", [], []),
    ],
)
def test_each_change_of_a_haplotype_is_found_in_its_place(ref, alt, snps, gone):
    assert list(substitutions(10, ref, alt)) == snps
    assert list(deleted(10, ref, alt)) == gone


@given(letters, letters)
def test_putting_the_changes_back_gives_the_haplotype(ref, alt):
    new = dict(enumerate(ref))
    new.update(substitutions(0, ref, alt))
    for place in deleted(0, ref, alt):
        del new[place]
    rebuilt = "".join(new.values())
    place, size = gap(ref, alt)
    extra = alt[place : place + size] if len(alt) > len(ref) else ""
    assert rebuilt[:place] + extra + rebuilt[place:] == alt


@given(letters, st.integers(0, 7), st.integers(1, 3))
def test_a_plain_deletion_costs_no_substitution(ref, place, size):
    alt = ref[:place] + ref[place + size :]
    if alt and alt != ref:
        assert list(substitutions(0, ref, alt)) == []

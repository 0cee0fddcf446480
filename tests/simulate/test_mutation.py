"""What is asked of descent is what happens."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.simulate import genomes, mutation
from abscope.simulate.genomes import FIXED, NO_INDEL

TRANSITIONS = {b"AG", b"GA", b"CT", b"TC"}


def test_divergence_is_the_share_of_letters_that_differ(make):
    rng = np.random.default_rng(1)
    root = make(100_000, rng)
    child = mutation.mutated(root, 0.02, indel_share=0.0, rng=rng)
    assert len(genomes.truth(child, root).positions) == 2000


def test_two_of_three_substitutions_are_transitions(make):
    rng = np.random.default_rng(2)
    root = make(100_000, rng)
    found = genomes.truth(mutation.mutated(root, 0.05, indel_share=0, rng=rng), root)
    pairs = zip(found.refs, found.alts, strict=True)
    share = np.mean([bytes(pair) in TRANSITIONS for pair in pairs])
    assert share == pytest.approx(2 / 3, abs=0.03)


def test_small_indels_are_one_to_ten_bases(make):
    rng = np.random.default_rng(3)
    root = make(200_000, rng)
    change = mutation.Change(small_indels=300)
    found = genomes.truth(mutation.descended(root, change, rng), root)
    assert {len(letters) for _, letters in found.insertions} <= set(range(1, 11))
    assert len(found.insertions) == pytest.approx(150, abs=40)
    assert 100 < len(found.deleted) < 1500


def test_loci_are_spared_as_their_rules_say(make):
    rng = np.random.default_rng(4)
    rules = np.zeros(20_000, dtype=np.uint8)
    rules[5000:9000] = NO_INDEL
    rules[9000:12_000] = FIXED
    plain = make(20_000, rng)
    root = genomes.from_reference(plain.as_reference("r"), rules)
    found = genomes.truth(mutation.descended(root, mutation.Change(5000, 400, 0), rng), root)
    assert not ((found.positions >= 9000) & (found.positions < 12_000)).any()
    assert ((found.positions >= 5000) & (found.positions < 9000)).any()
    assert not ((found.deleted >= 5000) & (found.deleted < 12_000)).any()
    assert not [p for p, _ in found.insertions if 5000 < p < 12_000]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_an_import_lies_exactly_where_the_donors_letters_are(make, seed):
    rng = np.random.default_rng(seed)
    root = make(20_000, rng)
    before = mutation.mutated(root, 0.02, rng=rng)
    donor = mutation.mutated(root, 0.03, rng=rng)
    after, events = mutation.recombined(before, donor, "D", count=1, mean_length=1000, rng=rng)
    (event,) = events
    assert event.donor == "D"
    there = slice(event.start, event.end)
    in_donor = donor.find(event.columns)
    np.testing.assert_array_equal(after.letters[there], donor.letters[in_donor])
    np.testing.assert_array_equal(after.columns()[there], event.columns)
    kept = len(after) - event.end
    np.testing.assert_array_equal(after.letters[: event.start], before.letters[: event.start])
    np.testing.assert_array_equal(after.letters[event.end :], before.letters[len(before) - kept :])


def test_an_import_counts_the_letters_it_changed(make):
    rng = np.random.default_rng(8)
    root = make(50_000, rng)
    donor = mutation.mutated(root, 0.03, indel_share=0, rng=rng)
    after, events = mutation.recombined(root, donor, "D", count=1, rng=rng)
    assert events[0].changed == len(genomes.truth(after, root).positions)

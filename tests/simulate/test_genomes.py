"""Truth is exact: the vectorised lift against a letter-by-letter account of descent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.simulate import genomes, mutation
from abscope.simulate.genomes import Genome


def slow_truth(genome: Genome, reference: Genome) -> tuple[list, list, list]:
    held = {int(c): int(x) for c, x in zip(genome.columns(), genome.letters, strict=True)}
    snps, deleted = [], []
    for place, (column, letter) in enumerate(
        zip(reference.columns(), reference.letters, strict=True)
    ):
        if int(column) not in held:
            deleted.append(place)
        elif held[int(column)] != letter:
            snps.append((place, chr(letter), chr(held[int(column)])))
    places = {int(c): k for k, c in enumerate(reference.columns())}
    insertions, waiting = [], b""
    for column, letter in zip(genome.columns(), genome.letters, strict=True):
        if int(column) not in places:
            waiting += bytes([letter])
        elif waiting:
            insertions.append((places[int(column)], waiting))
            waiting = b""
    return snps, deleted, insertions + ([(len(reference), waiting)] if waiting else [])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), contigs=st.integers(1, 3))
def test_the_lift_between_relatives_agrees_with_counting_letter_by_letter(make, seed, contigs):
    rng = np.random.default_rng(seed)
    root = make(3000, rng, contigs)
    change = mutation.Change(substitutions=60, small_indels=25, large_indels=1)
    parent = mutation.descended(root, change, rng)
    reference = mutation.descended(root, change, rng)
    child = mutation.descended(parent, change, rng)
    child, _ = mutation.recombined(child, reference, "donor", count=1, mean_length=100, rng=rng)
    child = mutation.descended(child, change, rng)
    for one, other in ((child, reference), (reference, child), (child, parent), (child, root)):
        found = genomes.truth(one, other)
        snps, deleted, insertions = slow_truth(one, other)
        pairs = zip(found.positions, found.refs, found.alts, strict=True)
        assert [(int(p), chr(r), chr(a)) for p, r, a in pairs] == snps
        assert found.deleted.tolist() == deleted
        assert list(found.insertions) == insertions


def test_a_genome_holds_no_difference_to_itself(make):
    genome = make(2000, np.random.default_rng(1))
    found = genomes.truth(genome, genome)
    assert len(found.positions) == len(found.deleted) == len(found.insertions) == 0


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_editing_the_reference_with_the_truth_gives_the_genome(make, seed):
    rng = np.random.default_rng(seed)
    reference = make(4000, rng)
    genome = mutation.descended(reference, mutation.Change(50, 20, 2), rng)
    found = genomes.truth(genome, reference)
    pieces = [bytes([letter]) for letter in reference.letters]
    for position, letter in zip(found.positions, found.alts, strict=True):
        pieces[position] = bytes([letter])
    for position in found.deleted:
        pieces[position] = b""
    for position, letters in found.insertions:
        pieces[position] = letters + pieces[position]
    assert b"".join(pieces) == genome.letters.tobytes()


def test_positions_near_an_indel_are_those_within_ten_bases_of_it(make):
    reference = make(1000, np.random.default_rng(3))
    truth = genomes.Truth(
        *(np.zeros(0, dtype=np.int64),),
        *(np.zeros(0, dtype=np.uint8),) * 2,
        np.array([500, 501]),
        ((200, b"AC"),),
        len(reference),
    )
    expected = [*range(190, 210), *range(490, 512)]
    assert np.flatnonzero(truth.near_indels(10)).tolist() == expected


@pytest.mark.parametrize("contigs", [1, 3])
def test_contigs_still_cover_the_genome_after_indels(make, contigs):
    rng = np.random.default_rng(5)
    root = make(9000, rng, contigs)
    child = mutation.descended(root, mutation.Change(10, 60, 1), rng)
    assert len(child.contigs) == contigs
    assert child.contigs[0].start == 0
    assert child.contigs[-1].end == len(child)
    for before, after in zip(child.contigs, child.contigs[1:], strict=False):
        assert before.end == after.start
        first = child.columns_of(np.array([after.start]))
        assert first == root.contigs[child.contigs.index(after)].start

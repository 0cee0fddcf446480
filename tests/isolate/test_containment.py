"""Identity and containment from k-mers, against genomes whose identity is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import DataError
from abscope.isolate.containment import (
    among,
    by_window,
    compare,
    matched,
    nearly_identical,
    overlap,
    visible,
)
from abscope.records import KnownGenome, Sketch
from sketched import assembly, diverged, known, letters, reads

LENGTH = 300_000
hashes = st.sets(st.integers(0, 2**54), max_size=60).map(
    lambda found: np.array(sorted(found), dtype=np.uint64)
)


def sketch(found: np.ndarray, scaled: int = 1000) -> Sketch:
    return Sketch(found, 31, scaled)


@given(hashes, hashes)
def test_k_mers_shared_are_those_in_both_sets(first: np.ndarray, second: np.ndarray) -> None:
    both = overlap(sketch(first), sketch(second))
    wanted = set(first.tolist()) & set(second.tolist())
    assert second[both.found].tolist() == sorted(wanted)
    assert both.shared == len(wanted)
    assert among(second, first).tolist() == [one in wanted for one in second.tolist()]


@given(hashes, st.integers(1000, 9000))
def test_thinning_keeps_the_lowest_hashes_and_nothing_else(found: np.ndarray, scaled: int) -> None:
    kept = sketch(found).thinned(scaled).hashes
    assert kept.tolist() == [one for one in found.tolist() if one <= round(2**64 / scaled)]


def test_sketches_at_two_sample_rates_meet_at_the_coarser_one() -> None:
    fine, coarse = matched(
        sketch(np.array([1, 2**60], np.uint64), 10), sketch(np.array([1], np.uint64))
    )
    assert fine.scaled == coarse.scaled == 1000
    assert fine.hashes.tolist() == [1]


def test_sketches_of_different_k_are_refused_and_the_message_names_both() -> None:
    other = KnownGenome("x", "s", Sketch(np.array([1], np.uint64), 21, 1000))
    with pytest.raises(DataError, match=r"k=31.*k=21"):
        compare(sketch(np.array([1], np.uint64)), other)


@pytest.mark.parametrize("share", [0.0, 0.005, 0.01, 0.025])
def test_identity_of_an_assembly_is_within_three_thousandths_of_the_truth(share: float) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        origin = letters(LENGTH, rng)
        found = compare(assembly(diverged(origin, share, rng)), known("k", origin, "s"))
        assert found.ani == pytest.approx(1 - share, abs=0.003)
        assert abs(found.ani - (1 - share)) <= max(4 * found.error, 1e-4)


def test_what_only_one_of_two_genomes_has_does_not_move_their_identity() -> None:
    rng = np.random.default_rng(1)
    origin = letters(LENGTH, rng)
    isolate = diverged(origin, 0.01, rng)
    lacking = np.concatenate([isolate[:100_000], isolate[160_000:], letters(60_000, rng)])
    found = compare(assembly(lacking), known("k", origin, "s"))
    assert found.ani == pytest.approx(0.99, abs=0.003)
    assert found.aligned == pytest.approx(0.8, abs=0.05)
    assert found.isolate_in_known < 0.65


@pytest.mark.parametrize("depth", [2.0, 6.0, 40.0])
def test_reads_give_the_identity_the_assembly_gives_whatever_their_depth(depth: float) -> None:
    for seed in range(2):
        rng = np.random.default_rng(seed)
        origin = letters(LENGTH, rng)
        isolate = diverged(origin, 0.01, rng)
        found = compare(reads((isolate, 1.0), depth=depth, seed=seed), known("k", origin, "s"))
        assert found.ani == pytest.approx(0.99, abs=0.004)


def test_read_errors_are_not_taken_for_differences() -> None:
    rng = np.random.default_rng(3)
    origin = letters(LENGTH, rng)
    poor = reads((origin, 1.0), depth=30.0, seed=3, quality=3.0)
    found = compare(poor, known("k", origin, "s"))
    assert poor.intact < 0.95
    assert found.ani > 0.999
    assert found.isolate_in_known > 0.9


def test_identity_too_low_to_measure_is_not_said_to_be_nothing() -> None:
    rng = np.random.default_rng(4)
    found = compare(assembly(letters(LENGTH, rng)), known("k", letters(LENGTH, rng), "s"))
    assert found.ani is None
    assert found.error is None


def test_from_too_few_reads_the_depth_is_not_guessed() -> None:
    rng = np.random.default_rng(5)
    origin = letters(LENGTH, rng)
    few = reads((origin, 1.0), depth=0.2, seed=1)
    assert visible(few, overlap(*matched(few, known("k", origin, "s").sketch))) is None
    assert compare(few, known("k", origin, "s")).ani > 0.99


def test_twins_are_nearly_identical_and_a_genome_with_more_in_it_is_not() -> None:
    rng = np.random.default_rng(6)
    origin = letters(LENGTH, rng)
    genome = known("k", origin, "s")
    assert nearly_identical(compare(assembly(origin[:-200]), genome))
    more = assembly(origin, letters(LENGTH // 20, rng))
    assert not nearly_identical(compare(more, genome))


def test_every_k_mer_of_a_genome_lies_in_one_window() -> None:
    rng = np.random.default_rng(7)
    genome = known("k", letters(LENGTH, rng), "s").sketch
    held, hits = by_window(genome, np.ones(len(genome.hashes), dtype=np.bool_))
    assert len(held) == LENGTH // 20_000
    assert held.sum() == hits.sum() == len(genome.hashes)
    whole = assembly(letters(LENGTH, np.random.default_rng(7)))
    assert whole.hashes.tolist() == genome.hashes.tolist()

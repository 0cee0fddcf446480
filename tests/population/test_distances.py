"""A pair's distance is what counting by hand says, and depends on nobody else."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.errors import DataError
from abscope.population import bitplanes, packing
from abscope.population.compare import compared
from abscope.population.distances import pairwise, raw_and_masked
from abscope.records import Calls, Distances, Interval, Mask
from genealogies import BASES, alignments, calls_of, genealogy, random_letters, reference_of


def slow(one: str, other: str, hidden: set[int]) -> tuple[int, int]:
    pairs = [
        (a, b)
        for k, (a, b) in enumerate(zip(one, other, strict=True))
        if k not in hidden and a in "ACGT" and b in "ACGT"
    ]
    return sum(a != b for a, b in pairs), len(pairs)


def unmasked(rows: dict[str, str]) -> Mask:
    return Mask("REF", len(next(iter(rows.values()))))


@st.composite
def masks(draw: st.DrawFn, length: int) -> Mask:
    starts = draw(st.lists(st.integers(0, length - 1), max_size=3))
    ends = [draw(st.integers(start + 1, length)) for start in starts]
    return Mask(
        "REF", length, tuple(Interval(a, b, "test") for a, b in zip(starts, ends, strict=True))
    )


@given(alignments(), st.data())
def test_distances_agree_with_counting_by_hand(rows: dict[str, str], data: st.DataObject) -> None:
    mask = data.draw(masks(len(rows["iso0"])))
    hidden = set(np.flatnonzero(mask.hidden()).tolist())
    found = pairwise(calls_of(rows), mask)
    for i, one in enumerate(rows.values()):
        for j, other in enumerate(rows.values()):
            assert (found.snps[i, j], found.comparable[i, j]) == slow(one, other, hidden)


@pytest.mark.parametrize(("isolates", "length"), [(2, 16_384), (65, 16_385), (130, 40_001)])
@pytest.mark.parametrize("seed", [1, 2])
def test_distances_agree_where_blocks_of_isolates_and_sites_meet(
    isolates: int, length: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    letters = rng.choice(np.frombuffer(b"ACGTN", np.uint8), (isolates, length))
    found = pairwise(
        {f"i{k}": Calls("REF", row) for k, row in enumerate(letters)}, Mask("REF", length)
    )
    for i, j in rng.integers(0, isolates, (60, 2)):
        known = (letters[i] != ord("N")) & (letters[j] != ord("N"))
        assert found.comparable[i, j] == known.sum()
        assert found.snps[i, j] == (known & (letters[i] != letters[j])).sum()


@given(alignments())
def test_distances_are_symmetric_and_nobody_is_far_from_itself(rows: dict[str, str]) -> None:
    found = pairwise(calls_of(rows), unmasked(rows))
    assert (found.snps == found.snps.T).all()
    assert (found.comparable == found.comparable.T).all()
    assert not found.snps.diagonal().any()


@given(alignments(), st.data())
def test_masking_a_site_never_adds_a_snp(rows: dict[str, str], data: st.DataObject) -> None:
    mask = data.draw(masks(len(rows["iso0"])))
    raw, masked = raw_and_masked(calls_of(rows), mask)
    assert (masked.snps <= raw.snps).all()
    assert (masked.comparable <= raw.comparable).all()


@given(alignments(most=6))
def test_adding_an_isolate_changes_no_other_pair(rows: dict[str, str]) -> None:
    everybody = pairwise(calls_of(rows), unmasked(rows))
    fewer = dict(list(rows.items())[:-1])
    before = pairwise(calls_of(fewer), unmasked(rows))
    size = len(fewer)
    assert (everybody.snps[:size, :size] == before.snps).all()
    assert (everybody.comparable[:size, :size] == before.comparable).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_terrible_sample_changes_nobody_elses_distance(seed: int) -> None:
    world = genealogy(30, length=20_000, snps=40, seed=seed)
    rng = np.random.default_rng(seed)
    terrible = world.calls["iso000"].bases.copy()
    terrible[rng.random(len(terrible)) < 0.9] = ord("N")
    spoilt = world.calls | {"iso029": Calls("REF", terrible)}
    alone = {name: world.calls[name] for name in ("iso003", "iso004")}
    three = {name: world.calls[name] for name in ("iso003", "iso004", "iso005")}
    found = [pair(pairwise(calls, world.mask)) for calls in (alone, three, world.calls, spoilt)]
    assert len(set(found)) == 1
    assert found[0][0] > 0


def pair(distances: Distances) -> tuple[int, int]:
    i, j = distances.ids.index("iso003"), distances.ids.index("iso004")
    return int(distances.snps[i, j]), int(distances.comparable[i, j])


@given(st.sampled_from("NnX-"), st.sampled_from("ACGT"), st.integers(0, 99))
def test_a_letter_that_is_no_base_never_counts(letter: str, base: str, place: int) -> None:
    whole = base * 100
    broken = whole[:place] + letter + whole[place + 1 :]
    found = pairwise(calls_of({"a": whole, "b": broken}), Mask("REF", 100))
    assert (found.snps[0, 1], found.comparable[0, 1]) == (0, 99)
    assert found.comparable.diagonal().tolist() == [100, 99]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_substitutions_that_were_made_are_counted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ancestor = random_letters(30_000, rng)
    changed = ancestor.copy()
    at = rng.choice(30_000, 137, replace=False)
    changed[at] = BASES[(np.searchsorted(BASES, ancestor[at]) + rng.integers(1, 4, 137)) % 4]
    calls = {"a": Calls("REF", ancestor), "b": Calls("REF", changed)}
    assert pairwise(calls, Mask("REF", 30_000)).snps[0, 1] == 137


@settings(max_examples=20)
@given(alignments(), st.integers(1, 4))
def test_distances_are_the_same_on_any_number_of_threads(
    rows: dict[str, str], threads: int
) -> None:
    one, many = (pairwise(calls_of(rows), unmasked(rows), threads=n) for n in (1, threads))
    assert (one.snps == many.snps).all()
    assert (one.comparable == many.comparable).all()


def test_many_blocks_are_the_same_on_two_threads() -> None:
    letters = np.random.default_rng(3).choice(BASES, (200, 5_000))
    planes = packing.pack([Calls("REF", row) for row in letters], isolates=200, length=5_000)
    one, two = (bitplanes.count(planes, isolates=200, threads=threads) for threads in (1, 2))
    assert all((a == b).all() for a, b in zip(one, two, strict=True))


def test_nobody_to_compare_is_no_distance() -> None:
    assert pairwise({}, Mask("REF", 10)).ids == ()


def test_an_isolate_of_another_reference_is_refused_by_name() -> None:
    calls = calls_of({"a": "ACGT"}) | calls_of({"b": "ACGT"}, "OTHER") | calls_of({"c": "ACG"})
    with pytest.raises(DataError, match=r"b \(OTHER, 4 bases\), c \(REF, 3 bases\)") as error:
        pairwise(calls, Mask("REF", 4))
    assert error.value.hint


def test_a_comparison_keeps_the_distances_with_and_without_the_mask() -> None:
    reference = reference_of(np.frombuffer(b"AAAAAAAA", np.uint8))
    mask = Mask("REF", 8, (Interval(0, 4, "repeat"),))
    found = compared(reference, calls_of({"a": "AAAAAAAA", "b": "CAAACAAN"}), mask)
    assert found.ids == ("a", "b")
    assert (found.raw.snps[0, 1], found.raw.comparable[0, 1]) == (2, 7)
    assert (found.masked.snps[0, 1], found.masked.comparable[0, 1]) == (1, 3)
    assert found.tree is None


@given(alignments(most=6), st.randoms(use_true_random=False))
def test_the_order_of_the_isolates_moves_no_distance(rows: dict[str, str], random: Random) -> None:
    names = list(rows)
    random.shuffle(names)
    found = pairwise(calls_of(rows), unmasked(rows))
    other = pairwise(calls_of({name: rows[name] for name in names}), unmasked(rows))
    order = [found.ids.index(name) for name in names]
    assert other.ids == tuple(names)
    assert (other.snps == found.snps[np.ix_(order, order)]).all()
    assert (other.comparable == found.comparable[np.ix_(order, order)]).all()


@given(alignments(most=7), st.data())
def test_removing_isolates_changes_no_pair_of_those_who_stay(
    rows: dict[str, str], data: st.DataObject
) -> None:
    stay = data.draw(st.lists(st.sampled_from(sorted(rows)), unique=True, min_size=1))
    everybody = pairwise(calls_of(rows), unmasked(rows))
    few = pairwise(calls_of({name: rows[name] for name in stay}), unmasked(rows))
    order = [everybody.ids.index(name) for name in stay]
    assert (few.snps == everybody.snps[np.ix_(order, order)]).all()
    assert (few.comparable == everybody.comparable[np.ix_(order, order)]).all()


@pytest.mark.parametrize("isolates", [1, 2, 63, 64, 65, 129])
def test_strips_hold_every_pair_once_or_twice(isolates: int) -> None:
    letters = np.random.default_rng(4).choice(np.frombuffer(b"ACGTN", np.uint8), (isolates, 700))
    planes = packing.pack([Calls("REF", row) for row in letters], isolates=isolates, length=700)
    snps, _ = bitplanes.count(planes, isolates=isolates)
    for once in (True, False):
        for strip in bitplanes.strips(planes, isolates=isolates, once=once, threads=2):
            assert strip.after == (strip.start if once else 0)
            assert (strip.snps == snps[strip.start : strip.stop, strip.after :]).all()

"""How close unlinked patients' isolates are: found again in simulated populations, and never impossible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.population.background import background, backgrounds
from abscope.population.lower_tail import none_seen, pairs_apart
from abscope.population.pair_snps import PairSnps
from abscope.records import SampledIsolate
from populations import POPULATIONS, population

DISTANCES = [0, 2, 5, 10, 20, 30, 50]


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@st.composite
def collections(draw: st.DrawFn) -> tuple[PairSnps, list[SampledIsolate]]:
    """Isolates at places on a line, several of a patient, some without a distance to each other."""
    size = draw(st.integers(1, 12))
    places = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
    snps = np.abs(np.subtract.outer(places, places)).astype(np.float32)
    for i, j in draw(st.lists(st.tuples(*[st.integers(0, size - 1)] * 2), max_size=3)):
        if i != j:
            snps[i, j] = snps[j, i] = np.nan
    ids = tuple(f"i{k:02}" for k in range(size))
    patients = draw(st.lists(st.sampled_from("pqrstuv"), min_size=size, max_size=size))
    dates = draw(st.lists(st.sampled_from(["2011", "2012-05"]), min_size=size, max_size=size))
    strata = draw(st.lists(st.sampled_from(["DCC1", "DCC3"]), min_size=size, max_size=size))
    rows = zip(ids, patients, strata, dates, strict=True)
    return PairSnps(ids, snps), [SampledIsolate(i, p, s, None, d) for i, p, s, d in rows]


@pytest.mark.parametrize("kind", POPULATIONS)
@pytest.mark.parametrize("patients", [20, 60])
def test_the_interval_holds_the_share_in_the_whole_population(kind: str, patients: int) -> None:
    held = []
    for seed in range(4):
        draws = np.random.default_rng([seed, patients])
        snps = population(kind, 400, draws)
        everybody = snps[np.triu_indices(400, 1)]
        truth = np.array([(everybody <= d).mean() for d in DISTANCES])
        for _ in range(10):
            members = draws.choice(400, patients, replace=False)
            found = background(
                "DCC1", pairs_apart(snps[np.ix_(members, members)]), rng=draws, limit=60
            )
            held.append((found.lower[DISTANCES] <= truth) & (truth <= found.upper[DISTANCES]))
            assert found.share[0] > 0
            assert (np.diff(found.share) > 0).all()
    assert np.mean(held) >= 0.93
    assert np.mean(held, axis=0).min() >= 0.85


@pytest.mark.parametrize("seed", range(3))
def test_the_share_lies_near_the_truth_where_there_are_many_patients(seed: int) -> None:
    snps = population("constant", 600, np.random.default_rng(seed))
    everybody = snps[np.triu_indices(600, 1)]
    found = background("DCC1", pairs_apart(snps), rng=rng(), limit=60)
    for distance in DISTANCES:
        truth = (everybody <= distance).mean()
        assert found.share[distance] == pytest.approx(truth, rel=0.12, abs=0.003)


def test_where_none_were_seen_the_upper_bound_is_about_three_in_the_number_of_patients() -> None:
    far = np.full((400, 400), 9_000, dtype=np.float32)
    np.fill_diagonal(far, 0)
    found = background("not a clone (massiliense)", pairs_apart(far), rng=rng())
    assert found.upper[25] == pytest.approx(3 / 400, rel=0.02)
    assert 0 < found.share[0] < found.share[25] < 1e-4
    assert found.lower[25] == 0


def test_one_patient_leaves_everything_open() -> None:
    (found,) = backgrounds(
        PairSnps(("a",), np.zeros((1, 1), dtype=np.float32)),
        [SampledIsolate("a", "p", "DCC1")],
        rng=rng(),
    ).backgrounds
    assert (found.patients, found.pairs) == (1, 0)
    assert (found.lower[0], found.upper[0]) == (0, 1)
    assert found.share[0] > 0


@settings(max_examples=40)
@given(collections(), st.data())
def test_a_later_isolate_of_a_patient_changes_nothing(
    collection: tuple[PairSnps, list[SampledIsolate]], data: st.DataObject
) -> None:
    snps, isolates = collection
    first = data.draw(st.sampled_from(isolates))
    size = len(snps.ids)
    wider = np.zeros((size + 1, size + 1), dtype=np.float32)
    wider[:size, :size] = snps.snps
    again = SampledIsolate("later", first.patient, first.stratum, None, "2020")
    before = backgrounds(snps, isolates, rng=rng(), limit=40)
    after = backgrounds(
        PairSnps((*snps.ids, "later"), wider), [*isolates, again], rng=rng(), limit=40
    )
    assert [one.stratum for one in before.backgrounds] == [o.stratum for o in after.backgrounds]
    for one, other in zip(before.backgrounds, after.backgrounds, strict=True):
        for name in ("share", "lower", "upper"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert {"later"} == {o.name for o in after.left_out} - {o.name for o in before.left_out}


@settings(max_examples=40)
@given(collections(), st.randoms(use_true_random=False))
def test_the_order_of_isolates_changes_nothing(
    collection: tuple[PairSnps, list[SampledIsolate]], shuffle: object
) -> None:
    snps, isolates = collection
    order = list(range(len(isolates)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    ids = tuple(snps.ids[k] for k in order)
    shuffled = PairSnps(ids, snps.snps[np.ix_(order, order)])
    before = backgrounds(snps, isolates, rng=rng(), limit=40)
    after = backgrounds(shuffled, [isolates[k] for k in order], rng=rng(), limit=40)
    for one, other in zip(before.backgrounds, after.backgrounds, strict=True):
        np.testing.assert_array_equal(one.share, other.share)
        np.testing.assert_array_equal(one.upper, other.upper)


@settings(max_examples=60)
@given(collections())
def test_shares_rise_are_never_zero_and_lie_within_their_interval(
    collection: tuple[PairSnps, list[SampledIsolate]],
) -> None:
    survey = backgrounds(*collection, rng=rng(), limit=40)
    for one in survey.backgrounds:
        assert one.share[0] > 0
        assert (np.diff(one.share) > 0).all()
        assert (one.lower <= one.share).all()
        assert (one.share <= one.upper).all()
        assert one.upper[0] >= min(1.0, none_seen(one.patients)) - 1e-12


@settings(max_examples=40)
@given(collections())
def test_nobody_is_lost(collection: tuple[PairSnps, list[SampledIsolate]]) -> None:
    survey = backgrounds(*collection, rng=rng(), limit=10)
    kept = sum(one.patients for one in survey.backgrounds)
    assert kept + len(survey.left_out) == len(collection[1])

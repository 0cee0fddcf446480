"""Worlds are what their scenarios say, and the same for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from abscope.errors import UsageError
from abscope.simulate import scenarios
from abscope.simulate.build import build
from abscope.simulate.genomes import from_reference, truth
from abscope.simulate.scenarios import SCENARIOS
from abscope.simulate.world import World, distances

SMALL = [name for name in SCENARIOS if name.startswith("small_")]


def within(world: World, reference: str, *names: str):
    genome = world.reference(reference)
    truths = {name: truth(world.genome(world.isolate(name)), genome) for name in names}
    return distances(truths, genome)


@pytest.fixture(scope="module")
def founding() -> World:
    return build(SCENARIOS["colorado_arizona"], 1)


def test_three_patients_two_isolates_as_in_the_published_account(founding):
    rows = {row["case_id"]: row for row in founding.cases.iter_rows(named=True)}
    a, b, c = (rows[name] for name in "ABC")
    assert [a["isolate_id"], b["isolate_id"], c["isolate_id"]] == ["A-1", "B-1", None]
    assert len({one["clinic"] for one in (a, b, c)}) == 3
    assert len({one["exposure_city"] for one in (a, b, c)}) == 3
    assert len({one["product"] for one in (a, b, c)}) == 1
    assert [a["lot"], b["lot"], c["lot"]] == ["CV-2203", "CV-2203", None]
    assert [one["date_exposure"][:7] for one in (a, b, c)] == ["2022-10", "2022-04", "2022-10"]
    for one in (a, b, c):
        dates = [one[name] for name in ("date_exposure", "date_onset", "date_collection")]
        assert dates == sorted(dates)
    assert founding.linelist.cases.head(3).equals(founding.cases.head(3))


def test_no_comparison_patient_had_the_contaminated_product(founding):
    product = founding.cases["product"][0]
    assert founding.cases["product"].to_list().count(product) == 3


def test_the_pair_is_close_and_far_from_the_twenty_others(founding):
    assert [one.kind for one in founding.isolates] == ["reads"] * 2 + ["assembly"] * 20
    massiliense = [one.name for one in founding.isolates if one.subspecies == "massiliense"]
    found = within(founding, "SIM_massiliense", *massiliense)
    assert found.ids[:2] == ("A-1", "B-1")
    assert found.snps[0, 1] <= 10
    assert found.snps[:2, 2:].min() > 1000


@pytest.mark.parametrize("seed", range(2, 8))
def test_the_pair_is_a_few_snps_apart_whatever_the_seed(seed):
    short = replace(SCENARIOS["colorado_arizona"], length=60_000)
    world = build(short, seed)
    assert within(world, "SIM_massiliense", "A-1", "B-1").snps[0, 1] <= 12


def test_every_background_isolate_but_the_unlisted_has_a_patient(founding):
    listed = set(founding.cases["isolate_id"].drop_nulls())
    names = {one.name for one in founding.isolates}
    assert listed <= names
    assert len(names - listed) == SCENARIOS["colorado_arizona"].unlisted


@pytest.mark.parametrize("name", SMALL)
def test_the_same_seed_makes_the_same_world_and_another_seed_another(name):
    one, again, other = (build(SCENARIOS[name], seed) for seed in (3, 3, 4))
    genomes = [{k: g.letters.tobytes() for k, g in w.pedigree.genomes.items()}
               for w in (one, again, other)]  # fmt: skip
    assert genomes[0] == genomes[1]
    assert genomes[0] != genomes[2]
    assert one.cases.equals(again.cases)
    assert one.linelist.cases.equals(again.linelist.cases)
    assert not one.cases.equals(other.cases)


@pytest.mark.parametrize("name", SMALL)
def test_every_case_is_in_the_line_list_and_has_one_transmission(name):
    world = build(SCENARIOS[name], 1)
    plan = SCENARIOS[name].outbreaks[0]
    cases = [case.case_id for case in plan.cases]
    assert set(cases) <= set(world.cases["case_id"])
    assert sorted(one.case for one in world.transmissions) == cases
    sequenced = {one.name for one in world.isolates if one.outbreak}
    assert sequenced == {case.isolate for case in plan.cases if case.isolate}


def test_an_outbreak_inside_a_clone_is_some_tens_of_snps_from_its_members():
    world = build(SCENARIOS["small_chain"], 1)
    members = [one.name for one in world.isolates if one.clone == "DCC-A1" and not one.outbreak]
    found = within(world, "SIM_abscessus", "W01-1", *members)
    assert 10 < np.median(found.snps[0, 1:]) < 200


def test_contaminated_samples_hold_two_sources_in_the_shares_asked():
    world = build(SCENARIOS["small_contaminated"], 1)
    own, other = world.sources(world.isolate("N001"))
    assert (own.share, other.share) == (0.92, 0.08)
    assert other.genome is world.genome(world.isolate("T01-1"))
    assert len(world.sources(world.isolate("N003"))) == 1


def test_any_genome_can_be_the_ancestor(make):
    root = make(80_000, np.random.default_rng(1), contigs=2)
    world = build(SCENARIOS["small_point"], 1, reference=root.as_reference("mine"))
    found = truth(world.genome(world.isolate("N001")), from_reference(root.as_reference("mine")))
    assert 0.008 < len(found.positions) / len(root) < 0.03
    assert len(world.reference("SIM_abscessus").contigs) == 2


def test_distances_count_what_both_genomes_hold(make):
    root = make(30_000, np.random.default_rng(2))
    world = build(SCENARIOS["small_point"], 1, reference=root.as_reference("mine"))
    names = [one.name for one in world.isolates if one.subspecies == "massiliense"]
    found = within(world, "SIM_massiliense", *names)
    reference = world.reference("SIM_massiliense")
    truths = [truth(world.genome(world.isolate(name)), reference) for name in names]
    for i, one in enumerate(truths):
        for j, other in enumerate(truths):
            lost = set(one.deleted.tolist()) | set(other.deleted.tolist())
            letters = [dict(zip(t.positions.tolist(), t.alts.tolist(), strict=True))
                       for t in (one, other)]  # fmt: skip
            sites = (letters[0].keys() | letters[1].keys()) - lost
            expected = sum(letters[0].get(s) != letters[1].get(s) for s in sites)
            assert found.snps[i, j] == expected
            assert found.comparable[i, j] == len(reference) - len(lost)


def test_an_unknown_scenario_is_answered_with_those_there_are():
    with pytest.raises(UsageError, match="no scenario called 'x'") as caught:
        scenarios.find("x")
    assert "colorado_arizona" in caught.value.hint

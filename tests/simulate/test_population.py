"""Subspecies, clones and strains are as far apart as published genomes are."""

from itertools import combinations

import numpy as np
import pytest

from abscope.simulate import pedigree, population
from abscope.simulate.genomes import truth
from abscope.simulate.mutation import Change
from abscope.simulate.pedigree import Clock, Descent
from abscope.simulate.population import Clone

NAMES = [f"N{k}" for k in range(5)]


def apart(family, one, other):
    return len(truth(family.genomes[one], family.genomes[other]).positions)


@pytest.fixture(scope="module")
def species(make):
    return population.species(make(200_000, np.random.default_rng(1)), np.random.default_rng(2))


def test_subspecies_are_2_2_to_3_percent_apart(species):
    for one, other in combinations(population.SUBSPECIES, 2):
        share = apart(species, f"SIM_{one}", f"SIM_{other}") / 200_000
        assert 0.022 < share < 0.030


def test_strains_of_a_subspecies_are_thousands_of_snps_apart_on_a_whole_genome(species):
    rng = np.random.default_rng(3)
    family = population.strain(species, "abscessus", "S1", imports=0, rng=rng)
    family = population.strain(family, "abscessus", "S2", imports=0, rng=rng)
    scaled = apart(family, "S1", "S2") * 5e6 / 200_000
    assert 7_000 < scaled < 15_000


def test_members_of_a_clone_are_some_tens_of_snps_apart_and_some_pairs_under_20(species):
    medians, closest = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        clone = Clone("DCC", "abscessus", 5)
        family = population.circulating(species, clone, Clock(imports=0.0), names=NAMES, rng=rng)
        found = [apart(family, a, b) for a, b in combinations(NAMES, 2)]
        medians.append(np.median(found))
        closest.append(min(found))
    assert 30 <= np.median(medians) <= 75
    assert sum(25 <= median <= 85 for median in medians) >= 10
    assert min(closest) < 20


def test_the_path_on_the_tree_counts_the_snps_between_two_members(species):
    rng = np.random.default_rng(5)
    clone = Clone("DCC", "massiliense", 5)
    clock = Clock(indels=0.0, imports=0.0)
    family = population.circulating(species, clone, clock, names=NAMES, rng=rng)
    for one, other in combinations(NAMES, 2):
        mutations = family.mutations(one, other)
        assert mutations - 2 <= apart(family, one, other) <= mutations


def test_imports_of_a_clone_come_from_other_subspecies_and_are_recorded(species):
    rng = np.random.default_rng(6)
    clock = Clock(imports=0.2, import_length=1000)
    family = population.circulating(
        species, Clone("DCC", "massiliense", 5), clock, names=NAMES, rng=rng
    )
    events = [event for name in NAMES for line in family.line(name) for event in line.imports]
    assert events
    assert {event.donor for event in events} <= {"abscessus", "bolletii"}


def test_the_clock_sets_how_much_changes(make):
    rng = np.random.default_rng(7)
    family = pedigree.founded(make(50_000, rng), "r")
    tips = [(f"t{k}", 2020.0) for k in range(8)]
    tree = population.coalescent(tips, size=1e9, origin=2000.0, name="r", rng=rng)
    grown = pedigree.grow(family, tree, Clock(substitutions=2.0, indels=0.0), rng=rng)
    counts = [descent.substitutions for descent in grown.descents[1:]]
    assert np.mean(counts) == pytest.approx(40, abs=7)


def test_members_have_one_name_each_and_only_the_youngest_takes_imports(make):
    rng = np.random.default_rng(8)
    family = pedigree.founded(make(30_000, rng), "r")
    change = Change(5)
    family = pedigree.descend(family, "r", Descent("a", None), change=change, rng=rng)
    with pytest.raises(ValueError, match="two members"):
        pedigree.descend(family, "r", Descent("a", None), change=change, rng=rng)
    with pytest.raises(ValueError, match="youngest"):
        pedigree.importing(family, "r", "a", count=1, rng=rng)


def test_the_newick_holds_every_member(species):
    text = species.newick()
    assert text.endswith(")ancestor;")
    assert all(f"{descent.name}:" in text for descent in species.descents[1:])

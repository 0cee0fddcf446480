"""Sources make stars, reservoirs make older trees, chains nest."""

import numpy as np
import pytest

from abscope.simulate import pedigree
from abscope.simulate.genomes import truth
from abscope.simulate.outbreak import Infected, spread
from abscope.simulate.pedigree import Clock

CASES = [Infected(f"c{k}", 2020.0 + k, 2021.0 + k + 0.5 * (k % 2)) for k in range(6)]
NAMES = [case.name for case in CASES]
CLOCK = Clock(substitutions=15.0, indels=0.0, imports=0.0)


def draw(model, seed=1, **more):
    rng = np.random.default_rng(seed)
    return spread(CASES, name="o", model=model, start=2019.5, rng=rng, **more)


def sites(make, found, seed):
    """The set of SNPs every case's genome has against the outbreak's founder."""
    rng = np.random.default_rng(seed)
    family = pedigree.founded(make(100_000, rng), "o")
    family = pedigree.grow(family, found.tree, CLOCK, rng=rng)
    root = family.genomes["o"]
    return [set(truth(family.genomes[name], root).positions.tolist()) for name in NAMES]


def shared(sets):
    every = set.union(*sets)
    return sum(sum(site in one for one in sets) > 1 for site in every) / len(every)


@pytest.mark.parametrize("seed", range(4))
def test_a_point_source_makes_a_star(make, seed):
    assert shared(sites(make, draw("point"), seed)) < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_a_chain_nests(make, seed):
    sets = sites(make, draw("chain"), seed)
    assert shared(sets) > 0.2
    trunks = []
    for k, own in enumerate(sets[:-1]):
        common = [len(own & later) for later in sets[k + 1 :]]
        assert max(common) - min(common) <= 1
        trunks.append(common[0])
    assert trunks == sorted(trunks)
    assert trunks[-1] > trunks[0]


def test_in_a_chain_each_case_is_infected_by_the_one_before():
    record = draw("chain").transmissions
    assert [one.source for one in record] == ["o", *NAMES[:-1]]
    assert [one.case for one in record] == NAMES


def test_from_a_source_every_case_is_infected_by_it():
    for model in ("point", "continuous", "frozen"):
        record = draw(model).transmissions
        assert {one.source for one in record} == {"o"}
        assert [(one.case, one.date) for one in record] == [(c.name, c.exposed) for c in CASES]


def test_nothing_evolves_in_a_frozen_source():
    frozen = {node.name: node.evolving for node in draw("frozen").tree.nodes}
    point = {node.name: node.evolving for node in draw("point").tree.nodes}
    for case in CASES:
        assert frozen[case.name] == case.sampled - case.exposed
        assert point[case.name] == case.sampled - 2019.5


def test_a_reservoir_with_a_large_population_keeps_lines_longer_apart():
    def mean_apart(size):
        totals = []
        for seed in range(40):
            tree = draw("continuous", seed, size=size).tree
            length = [node.evolving for node in tree.nodes]
            totals.append(tree.apart("c4", "c5", lambda i, length=length: length[i]))
        return np.mean(totals)

    assert mean_apart(0.05) + 0.5 < mean_apart(2.0)


def test_a_cases_line_is_as_old_as_its_specimen_in_every_model_that_evolves():
    for model in ("point", "continuous", "chain"):
        tree = draw(model).tree
        for case in CASES:
            age = sum(tree.nodes[index].evolving for index in tree.path(case.name))
            assert age == pytest.approx(case.sampled - 2019.5)


def test_a_case_exposed_before_the_start_is_refused():
    with pytest.raises(ValueError, match="exposed before its start: c0"):
        spread(CASES, name="o", model="point", start=2020.5, rng=np.random.default_rng(1))


def test_a_specimen_before_the_exposure_is_refused():
    with pytest.raises(ValueError, match="sampled before"):
        Infected("x", 2020.0, 2019.0)

"""Simulated patients whose links are known."""

import numpy as np
import pytest

from abscope.simulate.genealogies import chained, drawn, extended, growing
from abscope.simulate.linked_pairs import STRAINS, OutbreakKind, Plan, Town, Truth, outbreak, town


@pytest.fixture(scope="module")
def place() -> Town:
    return town(60, 40, np.random.default_rng(1))


def share_within(place: Town, name: str, snps: int) -> float:
    found = place.snps[name]
    return float((found[np.triu_indices(len(found), 1)] <= snps).mean())


def test_clones_are_as_crowded_as_real_ones(place: Town) -> None:
    assert share_within(place, "DCC1", 20) < 0.02
    assert 0.1 < share_within(place, "DCC4", 20) < 0.45
    assert share_within(place, "not a clone (massiliense)", 25) < 0.03


@pytest.mark.parametrize("seed", range(3))
def test_two_draws_from_a_source_meet_after_its_diversity(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trees = [drawn([0.0, 0.0], 1.5, rng) for _ in range(2000)]
    apart = [tree.between(tree.length)[0, 1] for tree in trees]
    assert np.mean(apart) == pytest.approx(3.0, rel=0.1)


def test_two_lineages_of_a_source_never_meet_after_the_earlier_draw() -> None:
    tree = drawn([0.0, 5.0], 1e-9, np.random.default_rng(2))
    assert tree.between(tree.length)[0, 1] == pytest.approx(5.0)


def test_growth_brings_ancestors_together_in_time() -> None:
    rng = np.random.default_rng(3)
    tree = growing(30, 3700, 0.14, rng)
    apart = tree.between(tree.length)[np.triu_indices(30, 1)] / 2
    assert 30 < np.median(apart) < 55


def test_time_in_patients_is_added_to_time_in_the_source() -> None:
    tree = extended(drawn([0.0, 1.0], 1e-9, np.random.default_rng(4)), [0.5, 2.0])
    assert tree.between(tree.length)[0, 1] == pytest.approx(1 + 0.5 + 2)


def test_a_chain_is_a_tree_of_patients() -> None:
    infected, taken = [0.0, 1.0, 2.0, 3.0], [1.5, 2.5, 3.0, 3.5]
    tree = chained(infected, taken, 0.1, np.random.default_rng(5))
    apart = tree.between(tree.length)
    assert (apart == apart.T).all()
    assert (apart[np.triu_indices(4, 1)] > 0).all()
    assert (tree.length >= 0).all()


@pytest.mark.parametrize("kind", ["point", "continuous", "frozen", "chain"])
def test_cases_are_closer_to_each_other_than_to_their_clone(
    kind: OutbreakKind, place: Town
) -> None:
    rng = np.random.default_rng(6)
    found = outbreak(Plan(kind, 5, STRAINS[0]), place, rng)
    assert len(found.isolates) == 17
    assert (found.snps == found.snps.T).all()
    cases = found.snps[:5, :5][np.triu_indices(5, 1)]
    assert np.median(cases) < np.median(found.snps[:5, 5:])
    causes = {found.truth[i, j] for i in range(5) for j in range(i + 1, 5)}
    assert causes == {"person to person" if kind == "chain" else "common source"}


def test_a_tube_mixed_up_is_another_isolate_of_its_run(place: Town) -> None:
    rng = np.random.default_rng(7)
    found = outbreak(Plan("point", 3, STRAINS[0], Truth(mixed_up=0.5)), place, rng)
    mixed = [pair for pair, cause in found.truth.items() if cause == "laboratory"]
    assert mixed
    for i, j in mixed:
        assert found.isolates[i].handling & found.isolates[j].handling or found.snps[i, j] < 5

"""Whether isolates spread from one point."""

import numpy as np
import pytest

from abscope.outbreak.stars import star
from abscope.records import Star
from abscope.simulate.genealogies import Genealogy, drawn, extended, growing

RATE, SITES = (1.7e-7, 0.2), 4_600_000


def letters(tree: Genealogy, per_year: float, rng: np.random.Generator) -> np.ndarray:
    """Variable sites of the tips of a genealogy."""
    fallen = rng.poisson(per_year * tree.length)
    rows = np.full((len(tree.tips), int(fallen.sum())), ord("A"), dtype=np.uint8)
    starts = np.concatenate([[0], np.cumsum(fallen)])
    for row, tip in enumerate(tree.tips.tolist()):
        node = tip
        while node >= 0:
            rows[row, starts[node] : starts[node + 1]] = ord("C")
            node = int(tree.above[node])
    variable = (rows != rows[0]).any(axis=0)
    return rows[:, variable]


def judge(tree: Genealogy, seed: int) -> Star:
    rng = np.random.default_rng(seed)
    names = [f"i{n}" for n in range(len(tree.tips))]
    return star(names, letters(tree, 0.8, rng), [2020.0] * len(names), RATE, sites=SITES, rng=rng)


@pytest.mark.parametrize("seed", range(5))
def test_a_point_source_is_a_star(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = judge(extended(drawn([0.0] * 8, 1e-9, rng), [4.0] * 8), seed)
    assert found.index == 1
    assert found.as_starlike is not None
    assert found.as_starlike < 0.05
    assert found.as_even > 0.01


@pytest.mark.parametrize("seed", range(5))
def test_isolates_of_a_population_are_no_star(seed: int) -> None:
    found = judge(growing(8, 40.0, 0.001, np.random.default_rng(seed)), seed)
    assert found.index is not None
    assert found.index < 0.9
    assert found.as_starlike is not None
    assert found.as_starlike > 0.02


def test_identical_isolates_have_no_index() -> None:
    same = np.full((3, 4), ord("A"), dtype=np.uint8)
    found = star(
        ["a", "b", "c"], same, [2020, 2020, 2021], RATE, sites=SITES, rng=np.random.default_rng(1)
    )
    assert found.index is None
    assert found.variable == 0
    assert found.likelihood > 0


def test_a_site_that_is_not_known_in_everybody_does_not_count() -> None:
    rows = np.frombuffer(b"AANAACAAC", dtype=np.uint8).reshape(3, 3)
    found = star(["a", "b", "c"], rows, [2020] * 3, RATE, sites=SITES, rng=np.random.default_rng(1))
    assert (found.variable, found.singletons, found.private) == (0, 0, (0, 0, 0))


def test_two_isolates_are_no_star() -> None:
    with pytest.raises(ValueError, match="three rays"):
        star(
            ["a", "b"],
            np.zeros((2, 1), np.uint8),
            [1, 1],
            RATE,
            sites=SITES,
            rng=np.random.default_rng(1),
        )

"""Whether isolates spread from one point."""

import numpy as np
import pytest

from abscope.outbreak.stars import private_snps, star, verdict
from abscope.records import Star
from abscope.simulate.genealogies import Genealogy, drawn, extended, growing

RATE, SITES = (1.7e-7, 0.2), 4_600_000


def judge(snps: np.ndarray, seed: int = 1) -> Star:
    names = [f"i{n}" for n in range(len(snps))]
    rng = np.random.default_rng(seed)
    return star(names, snps.astype(float), [2020.0] * len(names), RATE, sites=SITES, rng=rng)


def spread(tree: Genealogy, seed: int) -> np.ndarray:
    return tree.snps(0.8, np.random.default_rng(seed))


def lineage(tree: Genealogy, node: int) -> set[int]:
    """A node and all above it but the root."""
    found = set()
    while tree.above[node] >= 0:
        found.add(node)
        node = int(tree.above[node])
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_point_source_is_a_star(seed: int) -> None:
    tree = extended(drawn([0.0] * 8, 1e-9, np.random.default_rng(seed)), [4.0] * 8)
    found = judge(spread(tree, seed), seed)
    assert found.index == 1
    assert found.chance is not None
    assert found.chance > 0.8
    assert verdict(found) == "star"


@pytest.mark.parametrize("seed", range(5))
def test_isolates_of_a_population_are_no_star(seed: int) -> None:
    found = judge(spread(growing(8, 40.0, 0.001, np.random.default_rng(seed)), seed), seed)
    assert found.index is not None
    assert found.index < 0.75
    assert verdict(found) == "nested"


@pytest.mark.parametrize("seed", range(5))
def test_private_snps_are_those_on_the_branches_to_the_tips(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tree = growing(7, 10.0, 0.001, rng)
    fallen = rng.poisson(2.0 * tree.length).astype(float)
    own = np.zeros(7)
    for node, snps in enumerate(fallen):
        below = [tip for tip in range(7) if node in lineage(tree, tip)]
        if len(below) in {1, 6}:  # an edge cuts the tips in two: the one it cuts off has its SNPs
            (alone,) = below if len(below) == 1 else set(range(7)) - set(below)
            own[alone] += snps
    np.testing.assert_allclose(private_snps(tree.between(fallen)), own)


def test_an_isolate_with_far_more_snps_than_the_others_does_not_belong() -> None:
    own = np.array([1, 2, 1, 30, 2, 1])
    found = judge(own[:, None] + own[None, :] - 2 * np.diag(own))
    assert found.private == (1, 2, 1, 30, 2, 1)
    assert verdict(found) == "uneven"


def test_three_isolates_always_look_like_a_star_so_nothing_is_told() -> None:
    own = np.array([4, 5, 3])
    found = judge(own[:, None] + own[None, :] - 2 * np.diag(own))
    assert found.index == 1
    assert found.chance is None
    assert verdict(found) == "cannot tell"


def test_identical_isolates_have_no_index() -> None:
    found = judge(np.zeros((4, 4)))
    assert found.index is None
    assert found.variable == 0
    assert verdict(found) == "cannot tell"


def test_two_isolates_are_no_star() -> None:
    with pytest.raises(ValueError, match="three rays"):
        judge(np.zeros((2, 2)))


def test_one_shared_snp_among_few_does_not_make_isolates_nest() -> None:
    own = np.array([1, 0, 1, 1, 1])
    snps = own[:, None] + own[None, :] - 2 * np.diag(own)
    two = np.arange(5) < 2
    snps += two[:, None] != two[None, :]
    assert verdict(judge(snps)) == "cannot tell"

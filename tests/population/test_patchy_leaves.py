"""Isolates of many gaps go to the branch on which the whole tree needs the fewest changes."""

import numpy as np
import pytest
from tests.genealogies import genealogy

from abscope.population.clone_sites import clone_sites
from abscope.population.guide_tree import _seen_from_root, changes, guide_tree
from abscope.population.neighbour_joining import neighbour_joining
from abscope.population.patchy_leaves import _grafted, patchy, placed


@pytest.mark.parametrize("seed", range(5))
def test_no_other_branch_needs_fewer_changes(seed: int) -> None:
    made = genealogy(9, length=20_000, snps=40, seed=seed)
    sites = clone_sites(made.calls, made.mask)
    bits = sites.bits.copy()
    bits[4, np.random.default_rng(seed).random(bits.shape[1]) < 0.4] = 0
    rows = dict(zip(sites.ids, bits, strict=True))
    others = np.array([row for row in range(9) if row != 4])
    names = [sites.ids[row] for row in others]
    backbone = neighbour_joining(names, sites.raw.snps[np.ix_(others, others)].astype(np.float64))

    def needed(tree: object) -> int:
        return len(changes(_seen_from_root(tree, sites.ids), bits)[0])  # type: ignore[arg-type]

    trials = [
        needed(_grafted(backbone, node, "iso004", 0.0)) for node in range(1, len(backbone.parents))
    ]
    assert needed(placed(backbone, rows, "iso004")) == min(trials)


def test_gaps_where_two_clades_differ_do_not_draw_an_isolate_into_the_wrong_one() -> None:
    # a and b differ from c and d at 40 sites; x is of the first clade, and unread at 38 of them.
    bits = np.ones((5, 60), dtype=np.uint8)
    bits[2:4, :40] = 2
    bits[0, 40], bits[1, 41], bits[2, 42], bits[3, 43:46] = 4, 4, 4, 4
    bits[4, :38] = 0
    ids = ("a", "b", "c", "d", "x")
    apart = np.array(
        [[((one != two) & (one > 0) & (two > 0)).sum() for two in bits] for one in bits], float
    )
    clades = {frozenset(clade) for clade in guide_tree(ids, apart, bits).phylogeny.clades}
    assert frozenset("cd") in clades or frozenset("abx") in clades


def test_three_isolates_are_always_left_to_join() -> None:
    bits = np.zeros((4, 10), dtype=np.uint8)
    bits[0] = 1
    assert not len(patchy(bits, 0.05))
    bits[1:3] = 1
    assert patchy(bits, 0.05).tolist() == [3]

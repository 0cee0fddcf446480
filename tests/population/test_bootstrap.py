"""Support says how much of the data speaks for a split."""

import numpy as np
import pytest

from abscope.population.bootstrap import REPLICATES, affordable, supported
from abscope.population.distances import pairwise
from abscope.population.phylogeny import Phylogeny
from abscope.population.sites import Sites, variable_sites
from abscope.population.tree import parsimonious
from abscope.records import Calls, Mask
from genealogies import calls_of, genealogy, split


def tree_of(calls: dict[str, Calls]) -> tuple[Phylogeny, Sites]:
    mask = Mask("REF", len(next(iter(calls.values())).bases))
    sites = variable_sites(calls, mask)
    return parsimonious(sites, pairwise(dict(sorted(calls.items())), mask)).phylogeny, sites


def draw(tree: Phylogeny, sites: Sites, seed: int = 1) -> Phylogeny:
    return supported(tree, sites, rng=np.random.default_rng(seed))


@pytest.mark.parametrize(("changes", "least", "most"), [(1, 45, 80), (8, 100, 100)])
def test_a_split_has_the_support_of_the_sites_that_speak_for_it(
    changes: int, least: int, most: int
) -> None:
    own = {
        name: "".join("C" if k == n else "A" for n in range(6)) * 4
        for k, name in enumerate("abcdef")
    }
    rows = {name: text + ("G" if name in "ab" else "A") * changes for name, text in own.items()}
    tree, sites = tree_of(calls_of(rows))
    found = draw(tree, sites)
    [support] = [
        one
        for clade, one in zip(found.clades, found.support, strict=True)
        if split(clade, "abcdef") == split("ab", "abcdef")
    ]
    assert support is not None
    assert least <= support <= most


def test_nothing_speaks_for_the_order_within_a_star() -> None:
    rows = {
        name: "".join("C" if k == n else "A" for n in range(5)) for k, name in enumerate("abcde")
    }
    found = draw(*tree_of(calls_of(rows)))
    assert {one for one in found.support if one is not None} == {0.0}


@pytest.mark.parametrize("seed", [1, 2])
def test_well_supported_splits_are_true_though_a_tenth_is_missing(seed: int) -> None:
    true = genealogy(25, length=100_000, snps=200, seed=seed)
    rng = np.random.default_rng(seed)
    for one in true.calls.values():
        one.bases[rng.random(len(one.bases)) < 0.1] = ord("N")
    found = draw(*tree_of(true.calls))
    everybody = found.clades[0]
    sure = {
        split(clade, everybody)
        for clade, support in zip(found.clades, found.support, strict=True)
        if support is not None and support >= 95
    }
    assert len(sure) > 10
    assert sure <= true.splits


def test_one_seed_gives_one_support_and_lengths_stay() -> None:
    true = genealogy(10, length=50_000, snps=60, seed=1)
    tree, sites = tree_of(true.calls)
    assert draw(tree, sites) == draw(tree, sites)
    assert draw(tree, sites, seed=2).lengths == tree.lengths


def test_it_is_said_which_draw_is_next() -> None:
    tree, sites = tree_of(genealogy(5, length=20_000, snps=30, seed=1).calls)
    said: list[str] = []
    supported(tree, sites, rng=np.random.default_rng(1), hear=said.append)
    assert (said[0], said[-1]) == (f"draw 1 of {REPLICATES}", f"draw {REPLICATES} of {REPLICATES}")


def test_support_is_left_out_where_it_would_take_hours() -> None:
    _, sites = tree_of(genealogy(5, length=20_000, snps=30, seed=1).calls)
    assert affordable(sites)
    many = np.broadcast_to(sites.letters[0], (5_000, sites.letters.shape[1]))
    assert not affordable(Sites(sites.ids, sites.positions, many, (1, 1, 1, 1), sites.called, many))

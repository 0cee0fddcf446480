"""Regression on the distance from the root, and the test by shuffled dates."""

import numpy as np
import pytest
from benchmarks.dated_trees import Scenario, Simulated, with_clock, without_clock

from abscope.population.phylogeny import Phylogeny, rooted_at_midpoint, rooted_on
from abscope.population.root_to_tip import rooted_by_dates, temporal_signal


def exact(seed: int, *, isolates: int = 12) -> Simulated:
    """A clock so fast that chance does not show: a thousand million substitutions a year."""
    found = with_clock(Scenario("exact", isolates=isolates, rate=1e9), seed)
    lengths = tuple(length / 1e9 for length in found.tree.lengths)
    tree = Phylogeny(found.tree.parents, found.tree.names, lengths, found.tree.support)
    return Simulated(tree, found.dates, found.root)


def depths(tree: Phylogeny) -> dict[str, float]:
    depth = [0.0]
    for parent, length in zip(tree.parents[1:], tree.lengths[1:], strict=True):
        depth.append(depth[parent] + length)
    return {name: depth[node] for name, node in tree.leaves.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_exact_clock_is_read_off_whatever_the_root_was(seed: int) -> None:
    made = exact(seed)
    moved = rooted_at_midpoint(made.tree)
    signal = temporal_signal(moved, made.dates, rng=np.random.default_rng(1), shuffles=99)
    assert signal.missing == ""
    assert signal.slope == pytest.approx(1.0, rel=1e-3)
    assert signal.correlation == pytest.approx(1.0, abs=1e-5)
    assert signal.origin == pytest.approx(made.root, abs=0.1)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_no_place_on_a_grid_is_a_better_root(seed: int) -> None:
    made = with_clock(Scenario("small", isolates=8), seed)

    def fit(tree: Phylogeny) -> float:
        far = depths(tree)
        names = sorted(far)
        years = [made.dates[name][0] for name in names]
        return float(np.corrcoef(years, [far[name] for name in names])[0, 1])

    best = fit(rooted_by_dates(made.tree, made.dates))
    grid = [
        fit(rooted_on(made.tree, node, share * made.tree.lengths[node]))
        for node in range(1, len(made.tree.parents))
        for share in np.linspace(0.02, 0.98, 9)
        if made.tree.lengths[node] > 0
    ]
    assert best >= max(grid) - 1e-6


def test_an_isolate_without_a_date_has_no_say_in_the_root() -> None:
    made = exact(7)
    known = {name: date for name, date in made.dates.items() if name != "t003"}
    rooted = rooted_by_dates(made.tree, known)
    far = depths(rooted)
    years = [known[name][0] for name in sorted(known)]
    assert np.corrcoef(years, [far[name] for name in sorted(known)])[0, 1] > 0.9999


@pytest.mark.parametrize("clades", [False, True], ids=["dates at random", "dates by clade"])
def test_dates_that_mean_nothing_are_refused_nearly_always(clades: bool) -> None:
    refused = []
    for seed in range(60):
        made = without_clock(Scenario("none", isolates=25), seed, clades=clades)
        rng = np.random.default_rng(seed)
        refused.append(bool(temporal_signal(made.tree, made.dates, rng=rng, shuffles=99).missing))
    assert sum(refused) >= 56  # expected 58.5, standard deviation 1.2


def test_a_clock_is_seen_and_the_evidence_counted() -> None:
    made = with_clock(Scenario("clock"), 1)
    signal = temporal_signal(made.tree, made.dates, rng=np.random.default_rng(1), shuffles=199)
    assert (signal.missing, signal.isolates, signal.shuffles) == ("", 40, 199)
    assert signal.p == pytest.approx(1 / 200)
    assert 10 < signal.span <= 15


def test_neighbours_of_one_date_are_one_set_and_too_few_sets_are_refused() -> None:
    parents = (-1, 0, 0, 1, 1, 1, 2, 2, 2)
    names = (None, None, None, *"abcdef")
    tree = Phylogeny(parents, names, (0.0, 5, 9, 0, 1, 1, 0, 1, 1), (None,) * 9)
    dates = {name: (2000.0, 2001.0) if name in "abc" else (2010.0, 2011.0) for name in "abcdef"}
    signal = temporal_signal(tree, dates, rng=np.random.default_rng(1))
    assert signal.groups == 2
    assert signal.missing == "2 sets of neighbours with a date of their own; 5 are the least"
    assert (signal.slope, signal.origin, signal.p) == (0.0, None, 1.0)


def test_dates_of_one_day_are_refused() -> None:
    made = with_clock(Scenario("clock", isolates=8), 1)
    dates = dict.fromkeys(made.dates, (2020.0, 2020.0))
    assert temporal_signal(made.tree, dates, rng=np.random.default_rng(1)).missing

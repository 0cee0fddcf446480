"""The posterior of dated trees: it holds the truth, and says so when there is none to be had."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.dated_trees import Scenario, Simulated, with_clock, without_clock
from numpy.typing import NDArray

from abscope.population.dating import (
    FEWEST_DRAWS,
    WalkLength,
    _start,
    dated,
    independent,
    posterior,
)
from abscope.population.genealogy_kernels import AREA, State, area, walk
from abscope.population.newick import parse
from abscope.population.phylogeny import Phylogeny, collapsed
from abscope.records import Dating

SHORT = WalkLength(sweeps=3_000, rounds=3, draws=100)


def run(made: Simulated, seed: int = 1, **choices: object) -> Dating:
    rng = np.random.default_rng(seed)
    return dated(made.tree, made.dates, rng=rng, shuffles=99, length=SHORT, **choices)  # type: ignore[arg-type]


def unrooted(state: State) -> dict[frozenset[int], float]:
    """Every split of the tips that has substitutions, and how many."""
    found: dict[frozenset[int], float] = {}
    tips = {int(k) for k in np.flatnonzero(state.left < 0)}

    def below(node: int) -> set[int]:
        if state.left[node] < 0:
            return {node}
        return below(state.left[node]) | below(state.right[node])

    for node in range(1, len(state.parent)):
        side = frozenset(below(node))
        if min(tips) in side:
            side = frozenset(tips - side)
        found[side] = found.get(side, 0.0) + state.count[node]
    return {side: count for side, count in found.items() if count}


@pytest.fixture(scope="module")
def walked() -> tuple[State, Mapping[frozenset[int], float]]:
    made = with_clock(Scenario("walk", isolates=15, rate=0.4, whole_years=True), 3)
    state, _ = _start(collapsed(made.tree), made.dates, 0.4)
    before = unrooted(state)
    walk(state, 950, 1, np.random.default_rng(5))  # the area is made anew at 901
    return state, before


def test_a_walk_changes_neither_splits_nor_their_substitutions(
    walked: tuple[State, Mapping[frozenset[int], float]],
) -> None:
    state, before = walked
    assert unrooted(state) == before


def test_a_walk_never_puts_a_child_before_its_parent_or_a_tip_outside_its_date(
    walked: tuple[State, Mapping[frozenset[int], float]],
) -> None:
    state, _ = walked
    assert (state.time[1:] >= state.time[state.parent[1:]]).all()
    tips = state.left < 0
    assert (state.time[tips] >= state.early[tips]).all()
    assert (state.time[tips] <= state.late[tips]).all()


def test_the_area_kept_by_small_changes_is_the_area(
    walked: tuple[State, Mapping[frozenset[int], float]],
) -> None:
    state, _ = walked
    assert state.numbers[AREA] == pytest.approx(area(state), rel=1e-9)


def test_the_area_is_the_integral_of_pairs_of_lines() -> None:
    made = with_clock(Scenario("area", isolates=9), 2)
    state, _ = _start(made.tree, made.dates, 1.5)
    begins, ends = state.time[state.parent[1:]], state.time[1:]
    grid = np.linspace(state.time.min(), state.time.max(), 200_001)
    lines = np.array([((begins <= at) & (at < ends)).sum() for at in grid[::100]])
    slow = (lines * (lines - 1) / 2).mean() * np.ptp(state.time)
    assert area(state) == pytest.approx(slow, rel=0.01)


def test_intervals_hold_the_truth_of_simulated_clones() -> None:
    scenario, held = Scenario("clock", isolates=25, whole_years=True), []
    for seed in range(6):
        made = with_clock(scenario, seed)
        found = run(made, seed)
        assert found.rate is not None
        assert found.root is not None
        held += [found.rate.low <= scenario.rate <= found.rate.high]
        held += [found.root.low <= made.root <= found.root.high]
    assert sum(held) >= 10  # of 12, 0.6 outside expected


def test_an_uneven_clock_is_told_from_a_strict_one() -> None:
    uneven = run(with_clock(Scenario("uneven", spread=3.0, rate=3.0), 1))
    strict = run(with_clock(Scenario("strict", rate=3.0), 1))
    assert uneven.spread is not None
    assert strict.spread is not None
    assert strict.spread.high < uneven.spread.low


def test_without_signal_there_is_evidence_and_no_date() -> None:
    found = run(without_clock(Scenario("none", isolates=25), 2))
    assert (found.rate, found.root, found.newick, found.nodes) == (None, None, None, ())
    assert "shuffled dates explain the distances as well" in found.signal.missing
    assert found.signal.p > 0.05


def test_isolates_without_a_date_are_left_out_by_name() -> None:
    made = with_clock(Scenario("clock", isolates=20), 4)
    known = {name: date for name, date in made.dates.items() if name not in {"t001", "t007"}}
    found = run(Simulated(made.tree, known, made.root))
    assert [one.name for one in found.left_out] == ["t001", "t007"]
    assert found.newick is not None
    assert sorted(parse(found.newick).leaves) == sorted(known)


def test_too_few_dates_are_refused() -> None:
    made = with_clock(Scenario("clock", isolates=6), 4)
    found = run(Simulated(made.tree, dict(list(made.dates.items())[:4]), made.root))
    assert found.signal.missing == "4 dated isolates; 5 are the least"


@pytest.fixture(scope="module")
def clone() -> Simulated:
    return with_clock(Scenario("clock", isolates=20), 8)


@pytest.fixture(scope="module")
def found(clone: Simulated) -> Dating:
    return run(clone)


def test_the_same_generator_gives_the_same_answer(clone: Simulated, found: Dating) -> None:
    assert run(clone) == found


def test_the_dated_tree_ends_where_the_isolates_were_sampled(
    clone: Simulated, found: Dating
) -> None:
    assert found.newick is not None
    assert found.root is not None
    tree = parse(found.newick)
    depth = [0.0]
    for parent, length in zip(tree.parents[1:], tree.lengths[1:], strict=True):
        depth.append(depth[parent] + length)
    for name, node in tree.leaves.items():
        assert found.root.value + depth[node] == pytest.approx(clone.dates[name][0], abs=0.05)
    assert {frozenset(node.leaves) for node in found.nodes} == {
        clade for clade in tree.clades if len(clade) > 1
    }


def test_a_date_known_badly_is_found_by_the_clock() -> None:
    made = with_clock(Scenario("clock", isolates=25, rate=10.0), 5)
    true = made.dates["t004"][0]
    dates = {**made.dates, "t004": (true - 30, true + 30)}
    found = run(Simulated(made.tree, dates, made.root))
    assert found.newick is not None
    assert found.root is not None
    tree = parse(found.newick)
    node, year = tree.leaves["t004"], found.root.value
    while node:
        year, node = year + tree.lengths[node], tree.parents[node]
    assert abs(year - true) < 5


def test_a_star_can_be_dated() -> None:
    years = [2000.0 + k for k in range(10)]
    lengths = tuple(2.0 * k for k in range(10))
    names = tuple(f"i{k}" for k in range(10))
    star = Phylogeny((-1, *[0] * 10), (None, *names), (0.0, *lengths), (None,) * 11)
    dates = {name: (year, year) for name, year in zip(names, years, strict=True)}
    found = posterior(star, dates, rate=2.0, rng=np.random.default_rng(1), length=SHORT)
    assert found.rate is not None
    assert found.rate.low < 2.0 < found.rate.high


@pytest.mark.parametrize("carried", [0.0, 0.5, 0.9])
def test_draws_that_depend_on_the_last_count_for_less(carried: float) -> None:
    walks = _walks(carried)
    expected = walks.size * (1 - carried) / (1 + carried)
    assert independent(walks) == pytest.approx(expected, rel=0.15)
    assert independent(walks[:1]) == pytest.approx(expected / 2, rel=0.3)


def test_walks_that_end_apart_hold_hardly_a_draw() -> None:
    walks = _walks(0.5)
    assert independent(walks + np.array([[0.0], [8.0]])) < FEWEST_DRAWS


def _walks(carried: float) -> NDArray[np.float64]:
    rng = np.random.default_rng(1)
    walks = np.zeros((2, 10_000))
    for k in range(1, walks.shape[1]):
        walks[:, k] = carried * walks[:, k - 1] + rng.normal(size=2)
    return walks


def test_names_of_ancestors_change_nothing() -> None:
    made = with_clock(Scenario("named", isolates=12, rate=2.0, whole_years=True), 4)
    names = tuple(name or f"NODE_{k}" for k, name in enumerate(made.tree.names))
    named = replace(made.tree, names=names)
    tiny = WalkLength(sweeps=200, rounds=1, draws=1)
    rng = np.random.default_rng
    one, other = (
        posterior(tree, made.dates, rate=2.0, rng=rng(1), length=tiny)
        for tree in (made.tree, named)
    )
    assert one == other

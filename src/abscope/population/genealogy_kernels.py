"""Compiled steps of a random walk over dated trees; `dating` sets it up and reads it.

Model: substitutions on a branch are negative binomial with mean rate x years and variance (1 + spread)
times the mean, which adds up along a path whatever its nodes (additive relaxed clock, Didelot, Siveroni
and Volz 2021). Prior: coalescent of constant size, the size integrated out under 1/size; rate under
1/rate; spread exponential of mean 1. The two branches at the root are one to the data.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel

Reals = NDArray[np.float64]
Nodes = NDArray[np.int64]

RATE, SPREAD, AREA = 0, 1, 2  # places in State.numbers
_SLOWEST, _FASTEST = (
    0.01,
    100.0,
)  # substitutions per genome and year: of all bacteria (Duchene et al. 2016)
_LEAST_SPREAD = 1e-4  # below it the clock is strict to any test
_EPSILON = 1e-9
_MULTIPLIED = 12  # counts up to which their factors are: a product of so many cannot overflow


class State(NamedTuple):
    """A binary dated tree; node 0 is the root, its branch to one child counts for both.

    parent, left, right: node numbers, -1 for none. time: decimal years. count: substitutions above.
    early, late: bounds of a tip's date. numbers: rate, spread, area (integral of pairs of lines over time).
    """

    parent: Nodes
    left: Nodes
    right: Nodes
    time: Reals
    count: Reals  # type: ignore[assignment]
    early: Reals
    late: Reals
    numbers: Reals


class Clock(NamedTuple):
    """Rate and spread, log(1 + spread) and log(spread / (1 + spread)): logarithms are taken once."""

    rate: float
    spread: float
    wider: float
    odds: float


@kernel
def _clock(rate: float, spread: float) -> Clock:
    wider = math.log1p(spread)
    return Clock(rate, spread, wider, math.log(spread) - wider)


@kernel
def _now(state: State) -> Clock:
    now: Clock = _clock(state.numbers[RATE], state.numbers[SPREAD])
    return now


@kernel
def _chance(count: float, years: float, clock: Clock) -> float:
    """Log density of a branch's substitutions, less what depends on their number alone."""
    size = max(clock.rate * years, _EPSILON) / clock.spread
    if count == 0:
        return -size * clock.wider
    return float(_rising(size, count) - size * clock.wider + count * clock.odds)


@kernel
def _rising(size: float, count: float) -> float:
    """Log of gamma(size + count) / gamma(size): few whole counts are multiplied out."""
    if count > _MULTIPLIED or count != math.floor(count):
        return math.lgamma(count + size) - math.lgamma(size)
    product = size
    for k in range(1, int(count)):
        product *= size + k
    return math.log(product)


@kernel
def _above(state: State, node: int, clock: Clock) -> float:
    """Log density of what lies above a node; at the root's children, of both branches at once."""
    parent = state.parent[node]
    years, count = state.time[node] - state.time[parent], state.count[node]
    if parent == 0:
        other = state.left[0] + state.right[0] - node
        years += state.time[other] - state.time[0]
        count += state.count[other]
    return float(_chance(count, years, clock))


@kernel
def _around(state: State, node: int, clock: Clock) -> float:
    """Log density of the branches a node's time touches."""
    if node == 0:
        return float(_above(state, state.left[0], clock))
    found = _above(state, node, clock)
    if state.left[node] >= 0:
        found += _above(state, state.left[node], clock)
        found += _above(state, state.right[node], clock)
    return float(found)


@kernel
def likelihood(state: State, clock: Clock) -> float:
    """Log density of all branches, but for a constant of the tree."""
    total = 0.0
    for node in range(1, len(state.parent)):
        if node != state.left[0]:
            total += _above(state, node, clock)
    return total


@kernel
def _lines(state: State, start: float, end: float) -> float:
    """Years lived by all lines from `start` to `end`; before the root there is one line."""
    total = max(0.0, min(end, state.time[0]) - start)
    for node in range(1, len(state.parent)):
        begun, ended = state.time[state.parent[node]], state.time[node]
        if begun < end and ended > start:
            total += min(end, ended) - max(start, begun)
    return float(total)


@kernel
def area(state: State) -> float:
    """Integrate pairs of lines over time."""
    order = np.argsort(-state.time)
    lines, total, now = 0, 0.0, state.time[order[0]]
    for node in order:
        total += lines * (lines - 1) / 2 * (now - state.time[node])
        now = state.time[node]
        lines += 1 if state.left[node] < 0 else -1
    return total


@kernel
def _prior(area: float, nodes: int) -> float:
    """Log prior of a tree's times, the population's size integrated out."""
    return -((nodes - 1) // 2) * math.log(area) if area > 0 else -np.inf


@kernel
def _moved_area(state: State, node: int, time: float) -> float:
    """The area once a node, or a tip, has another time."""
    now, old = state.numbers[AREA], state.time[node]
    shorter = (time > old) == (state.left[node] >= 0)  # fewer lines between the two times
    start, end = min(time, old), max(time, old)
    lived = _lines(state, start, end)
    return float(now - (lived - (end - start)) if shorter else now + lived)


@kernel
def _try_time(
    state: State, node: int, to: tuple[float, float], clock: Clock, rng: np.random.Generator
) -> None:
    """Take another time for a node, with its log Hastings ratio, or leave it."""
    time, hastings = to
    old, changed = state.time[node], _moved_area(state, node, time)
    nodes, before = len(state.parent), _around(state, node, clock)
    state.time[node] = time
    gain = _around(state, node, clock) - before + hastings
    gain += _prior(changed, nodes) - _prior(state.numbers[AREA], nodes)
    if math.log(rng.random()) < gain:
        state.numbers[AREA] = changed
    else:
        state.time[node] = old


@kernel
def _step(rng: np.random.Generator) -> float:
    """A step on a log scale, small, middling or large."""
    return 0.02 * 5.0 ** rng.integers(0, 3) * rng.normal()


@kernel
def _move_times(state: State, rng: np.random.Generator) -> None:
    """Every node between its parent and its children, every tip within its date."""
    clock = _now(state)
    for node in range(len(state.parent)):
        if state.left[node] < 0:
            low = max(state.early[node], state.time[state.parent[node]])
            if state.late[node] > low:
                new = low + (state.late[node] - low) * rng.random()
                _try_time(state, node, (new, 0.0), clock, rng)
            continue
        high = min(state.time[state.left[node]], state.time[state.right[node]])
        if node == 0:
            step = _step(rng)
            older = high - (high - state.time[0]) * math.exp(step)
            _try_time(state, 0, (older, step), clock, rng)
        else:
            low = state.time[state.parent[node]]
            _try_time(state, node, (low + (high - low) * rng.random(), 0.0), clock, rng)


@kernel
def _move_clock(state: State, rng: np.random.Generator) -> None:
    """The rate, then the spread."""
    rate, spread = state.numbers[RATE], state.numbers[SPREAD]
    before = likelihood(state, _clock(rate, spread))
    faster = rate * math.exp(_step(rng))
    if _SLOWEST < faster < _FASTEST:  # under 1/rate the step is its own Hastings ratio
        after = likelihood(state, _clock(faster, spread))
        if math.log(rng.random()) < after - before:
            rate, before = faster, after
    step = _step(rng) * 2
    wider = spread * math.exp(step)
    if wider > _LEAST_SPREAD:
        after = likelihood(state, _clock(rate, wider))
        if math.log(rng.random()) < after - before + step - wider + spread:
            spread = wider
    state.numbers[RATE], state.numbers[SPREAD] = rate, spread


@kernel
def _stretch(state: State, rng: np.random.Generator) -> None:
    """All nodes older and the rate slower, or the reverse."""
    step = _step(rng)
    factor, last, before = math.exp(step), np.max(state.time), state.time.copy()
    rate, spread, inner = state.numbers[RATE], state.numbers[SPREAD], len(before) // 2
    gain = -likelihood(state, _now(state)) - _prior(state.numbers[AREA], len(before))
    for node in range(len(before)):
        if state.left[node] >= 0:
            state.time[node] = last - (last - before[node]) * factor
    possible = _SLOWEST < rate / factor < _FASTEST
    for node in range(1, len(before)):
        possible = possible and state.time[node] > state.time[state.parent[node]]
    if possible:
        new = area(state)
        gain += likelihood(state, _clock(rate / factor, spread))
        gain += _prior(new, len(before)) + inner * step
        if math.log(rng.random()) < gain:
            state.numbers[RATE], state.numbers[AREA] = rate / factor, new
            return
    state.time[:] = before


@kernel
def _exchange(state: State, above: int, one: int, other: int) -> None:
    """Let a node's child and its child's child change places."""
    below = state.parent[other]
    if state.left[above] == one:
        state.left[above] = other
    else:
        state.right[above] = other
    if state.left[below] == other:
        state.left[below] = one
    else:
        state.right[below] = one
    state.parent[one], state.parent[other] = below, above


@kernel
def _reroot(state: State, clock: Clock, rng: np.random.Generator) -> None:
    """Carry the root over a node to one of the branches below: the unrooted tree stays."""
    pair = (state.left[0], state.right[0])
    side = rng.integers(0, 2)
    node, other = pair[side], pair[1 - side]
    if state.left[node] < 0 or state.time[other] <= state.time[node]:
        return
    child = state.left[node] if rng.integers(0, 2) else state.right[node]
    counts = state.count[node], state.count[other]
    before = _above(state, node, clock) + _above(state, child, clock)
    _exchange(state, 0, other, child)
    state.count[node], state.count[other] = 0.0, counts[0] + counts[1]
    after = _above(state, child, clock) + _above(state, other, clock)
    if math.log(rng.random()) >= after - before:
        _exchange(state, 0, child, other)
        state.count[node], state.count[other] = counts


@kernel
def _resolve(state: State, clock: Clock, rng: np.random.Generator) -> None:
    """Resolve a polytomy another way: a branch without a substitution tells no order."""
    node = rng.integers(1, len(state.parent))
    above = state.parent[node]
    if state.count[node] > 0 or state.left[node] < 0 or above == 0:
        return
    other = state.left[above] + state.right[above] - node
    if state.time[other] <= state.time[node]:
        return
    child = state.left[node] if rng.integers(0, 2) else state.right[node]
    before = _above(state, other, clock) + _above(state, child, clock)
    _exchange(state, above, other, child)
    after = _above(state, other, clock) + _above(state, child, clock)
    if math.log(rng.random()) >= after - before:
        _exchange(state, above, child, other)


@kernel
def walk(state: State, sweeps: int, every: int, rng: np.random.Generator) -> tuple[Reals, Nodes]:
    """Walk; every so many sweeps keep all times, rate and spread, and what lies beside the root."""
    nodes, rows = len(state.parent), sweeps // every
    kept, beside = np.empty((rows, nodes + 2)), np.empty((rows, 2), dtype=np.int64)
    for sweep in range(rows * every):
        _move_times(state, rng)
        _move_clock(state, rng)
        _stretch(state, rng)
        clock = _now(state)
        for _ in range(nodes // 4 + 1):
            _reroot(state, clock, rng)
            _resolve(state, clock, rng)
        if sweep % every == every - 1:
            row = sweep // every
            kept[row, :nodes] = state.time
            kept[row, nodes], kept[row, nodes + 1] = state.numbers[RATE], state.numbers[SPREAD]
            beside[row, 0], beside[row, 1] = state.left[0], state.right[0]
        if sweep % 100 == 0:  # what many small changes of the area have lost to rounding
            state.numbers[AREA] = area(state)
    return kept, beside

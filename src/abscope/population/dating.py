"""When did the ancestors live? The posterior of dated trees, by a random walk.

A coalescent prior and a clock that may run unevenly, on the branch lengths of a tree already made
(Didelot et al. 2018, 2021); the place of the root, the order within polytomies and dates known to a
year or month only are part of what is walked over, so that intervals hold their uncertainty.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from abscope.population import newick
from abscope.population.genealogy_kernels import AREA, RATE, SPREAD, State, area, walk
from abscope.population.phylogeny import Phylogeny, collapsed, pruned, rooted_on
from abscope.population.root_to_tip import FEWEST, Span, rooted_by_dates, temporal_signal
from abscope.records import DatedNode, Dating, Estimate, LeftOut, TemporalSignal

Reals = NDArray[np.float64]

ENOUGH = 200  # independent draws from which a 95 % interval is steady
FEWEST_DRAWS = 20  # below it a walk has not settled: 95 % of so few has no ends
_ROWS = 1_000  # kept of every round
_STARTS = (1.0, 0.2)  # of the rate given: an old root and a slow rate may explain the dates too
_SOONEST = 0.02  # years between a parent and its child where the walk begins
_MARK = "\x00"  # before the number of an inner node, which no isolate's name begins with
_UNTESTED = TemporalSignal(0, 0.0, 0.0, None, 0.0, 1.0, 0, 0, "not tested")


@dataclass(frozen=True, slots=True)
class WalkLength:
    """How long to walk. sweeps: of a round, each moving every node. rounds: at most, until `draws`."""

    sweeps: int = 10_000
    rounds: int = 8
    draws: int = ENOUGH


def dated(
    tree: Phylogeny,
    dates: Mapping[str, Span],
    *,
    rng: np.random.Generator,
    shuffles: int = 999,
    length: WalkLength | None = None,
) -> Dating:
    """Date a tree (substitutions per genome) by its leaves' dates, or say why it keeps no time.

    Leaves without a date are left out. The same generator gives the same answer.
    """
    left_out = tuple(LeftOut(name, "no date") for name in sorted(tree.leaves) if name not in dates)
    known = [name for name in tree.leaves if name in dates]
    if len(known) < FEWEST:
        few = f"{len(known)} dated isolates; {FEWEST} are the least"
        return Dating(
            TemporalSignal(len(known), 0.0, 0.0, None, 0.0, 1.0, 0, 0, few), left_out=left_out
        )
    chosen = collapsed(pruned(tree, known))
    signal = temporal_signal(chosen, dates, rng=rng, shuffles=shuffles)
    if signal.missing:
        return Dating(signal, left_out=left_out)
    rooted = rooted_by_dates(chosen, dates)
    found = posterior(rooted, dates, rate=max(signal.slope, 0.01), rng=rng, length=length)
    return replace(found, signal=signal, left_out=left_out)


def posterior(
    tree: Phylogeny,
    dates: Mapping[str, Span],
    *,
    rate: float,
    rng: np.random.Generator,
    length: WalkLength | None = None,
) -> Dating:
    """Walk over the dated trees of a rooted tree, from several rates on, and sum up; asks for no signal.

    Walks begin at `rate` and at fractions of it. Where they end apart, independent draws are few.
    """
    chosen = length or WalkLength()
    starts = [_start(tree, dates, rate * part) for part in _STARTS]
    states, owner = [state for state, _ in starts], starts[0][1]
    every = max(1, chosen.sweeps // _ROWS)
    for state in states:
        walk(state, chosen.sweeps // 2, every, rng)
    walks: list[list[tuple[Reals, NDArray[np.int64]]]] = [[] for _ in states]
    draws = 0
    while len(walks[0]) < chosen.rounds and draws < chosen.draws:
        for state, rounds in zip(states, walks, strict=True):
            rounds.append(walk(state, chosen.sweeps, every, rng))
        kept = np.array([np.vstack([times for times, _ in rounds]) for rounds in walks])
        draws = min(independent(np.log(kept[:, :, -2])), independent(kept[:, :, 0]))
    beside = np.vstack([pair for rounds in walks for _, pair in rounds])
    return _summed(tree, owner, np.vstack(list(kept)), beside, draws)


def independent(walks: Reals) -> int:
    """Effective number of independent draws in walks, of shape (walks, steps).

    Pairs of autocorrelations (Geyer 1992), of all walks about what they have in common: walks that do not
    agree hold few draws, however many each has (Vehtari et al. 2021, Bayesian Analysis 16:667, equation 10).
    """
    many, size = walks.shape
    middle = walks - walks.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(middle, 2 * size, axis=1)) ** 2
    joint = np.fft.irfft(power, axis=1)[:, :size].mean(axis=0) / size
    apart = walks.mean(axis=1).var(ddof=1) if many > 1 else 0.0
    if joint[0] + apart <= 0:
        return 1
    pairs = ((joint + apart) / (joint[0] + apart))[: size - size % 2].reshape(-1, 2).sum(axis=1)
    end = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
    return max(1, int(many * size / max(2 * pairs[:end].sum() - 1, 1.0)))


def _start(tree: Phylogeny, dates: Mapping[str, Span], rate: float) -> tuple[State, list[int]]:
    """The first dated tree, binary; and of each of its nodes, the tree's node it belongs to."""
    owner = list(range(len(tree.parents)))
    counts, pairs = list(tree.lengths), [list(below) for below in tree.children]
    for node in range(len(tree.parents)):
        at = node
        while len(pairs[at]) > 2:
            first, *rest = pairs[at]
            pairs[at] = [first, len(pairs)]
            at = len(pairs)
            pairs.append(rest)
            counts.append(0.0)
            owner.append(node)
    spans = [dates.get(tree.names[k] or "", (0.0, 0.0)) for k in owner]
    return _state(pairs, np.array(counts), np.array(spans), rate), owner


def _state(pairs: list[list[int]], counts: Reals, spans: Reals, rate: float) -> State:
    parent, left, right = (np.full(len(pairs), -1) for _ in range(3))
    for node, pair in enumerate(pairs):
        if pair:
            left[node], right[node] = pair
            parent[pair] = node
    time, todo, order = spans.mean(axis=1), [0], list[int]()
    while todo:
        order.append(todo.pop())
        todo += pairs[order[-1]]
    for node in reversed(order):
        if pairs[node]:
            time[node] = min(time[k] - counts[k] / rate - _SOONEST for k in pairs[node])
    early, late = np.ascontiguousarray(spans.T)
    state = State(parent, left, right, time, counts, early, late, np.zeros(3))
    state.numbers[RATE], state.numbers[SPREAD], state.numbers[AREA] = rate, 0.5, area(state)
    return state


def _summed(
    tree: Phylogeny, owner: list[int], kept: Reals, beside: NDArray[np.int64], draws: int
) -> Dating:
    """Middle and interval of all that was kept, on the tree with its most frequent root."""
    shown = _with_root(tree, owner, beside)
    groups: dict[int, list[int]] = {}
    for node, one in enumerate(owner):
        groups.setdefault(one, []).append(node)
    years = [_estimate(kept[:, 0])]
    for name in shown.names[1:]:
        node = (
            int(name[len(_MARK) :]) if name and name.startswith(_MARK) else tree.leaves[name or ""]
        )
        years.append(_estimate(kept[:, groups[node]].min(axis=1)))
    lengths = [
        max(0.0, years[node].value - years[parent].value) if node else 0.0
        for node, parent in enumerate(shown.parents)
    ]
    names = tuple(None if name and name.startswith(_MARK) else name for name in shown.names)
    timed = Phylogeny(shown.parents, names, tuple(lengths), (None,) * len(names))
    inner = [
        DatedNode(tuple(sorted(clade)), year)
        for clade, year, name in zip(timed.clades, years, names, strict=True)
        if name is None
    ]
    return Dating(
        _UNTESTED, _estimate(kept[:, -2]), _estimate(kept[:, -1]), years[0], tuple(inner),
        newick.text(timed), draws,
    )  # fmt: skip


def _with_root(tree: Phylogeny, owner: list[int], beside: NDArray[np.int64]) -> Phylogeny:
    """Root half-way on the branch most often beside the root; inner nodes are marked with their number."""
    marked = tuple(
        f"{_MARK}{node}" if below else name
        for node, (name, below) in enumerate(zip(tree.names, tree.children, strict=True))
    )
    named = Phylogeny(tree.parents, marked, tree.lengths, tree.support)
    pairs = [tuple(sorted((owner[one], owner[two]))) for one, two in beside]
    one, two = Counter(sorted(pairs)).most_common(1)[0][0]
    if one == two or tree.parents[one] == tree.parents[two]:  # within a polytomy; where it was
        return named if one != two or one == 0 else rooted_on(named, one, 0.0)
    child = two if tree.parents[two] == one else one
    return rooted_on(named, child, tree.lengths[child] / 2)


def _estimate(values: Reals) -> Estimate:
    low, middle, high = np.quantile(values, (0.025, 0.5, 0.975))
    return Estimate(float(middle), float(low), float(high))

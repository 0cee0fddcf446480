"""Do dates explain distances? Regression on the distance from the root, and shuffled dates.

The root is where distance and date agree best (Rambaut et al. 2016). Dates are shuffled among sets of
neighbours that share one (Duchêne et al. 2015), for a date that only marks a clade would else pass for
a clock (Murray et al. 2016); the root is sought anew for every shuffling.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.population.phylogeny import Phylogeny, rooted_on
from abscope.records import TemporalSignal

Reals = NDArray[np.float64]
Span = tuple[float, float]  # first and last moment a date may mean, decimal years

FEWEST = 5  # isolates
_FEWEST_DATES = 3
_LEVEL = 0.025  # of a test whose own error is then well under one in twenty
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Branches:
    """Every branch as a place for the root.

    nodes: (b,), the node below each. far: (b, n) distance of each leaf from that node. side: (b, n), 1
    where the way from the branch leads over that node. length: (b,).
    """

    nodes: NDArray[np.int64]
    far: Reals
    side: Reals
    length: Reals


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """For every branch and set of dates, the best place on it, and the correlation there; (b, p)."""

    above: Reals
    correlation: Reals


def temporal_signal(
    tree: Phylogeny, dates: Mapping[str, Span], *, rng: np.random.Generator, shuffles: int = 999
) -> TemporalSignal:
    """Test whether distances from the root grow with the date, in a tree of which all leaves have one.

    Refuses, with the reason in `missing`, fewer than five isolates or three dates, and a correlation
    that one shuffling in forty reaches.
    """
    names = sorted(tree.leaves)
    years = np.array([sum(dates[name]) / 2 for name in names])
    groups = _groups(tree, dates)
    few = _too_few(names, years, len(groups))
    if few:
        return TemporalSignal(len(names), _span(years), 0.0, None, 0.0, 1.0, 0, len(groups), few)
    member = np.array([next(k for k, g in enumerate(groups) if name in g) for name in names])
    value = np.array([sum(dates[group[0]]) / 2 for group in groups])
    shuffled = np.array([rng.permutation(value)[member] for _ in range(shuffles)])
    branches = _branches(tree, names)
    best = [_best(branches, part) for part in _parts(np.vstack([years, shuffled]))]
    reached = np.concatenate(best)
    p = float((reached >= reached[0] - _TINY).mean())
    slope, origin = _line(tree, names, dates)
    missing = "" if p <= _LEVEL else _no_better(p)
    return TemporalSignal(
        len(names), _span(years), slope, origin, float(reached[0]), p, shuffles, len(groups), missing
    )  # fmt: skip


def rooted_by_dates(tree: Phylogeny, dates: Mapping[str, Span]) -> Phylogeny:
    """Root where distance from the root and date agree best; leaves without a date have no say."""
    names = sorted(name for name in tree.leaves if name in dates)
    years = np.array([[sum(dates[name]) / 2 for name in names]])
    branches = _branches(tree, names)
    found = _fits(branches, years)
    branch = int(found.correlation[:, 0].argmax())
    return rooted_on(tree, int(branches.nodes[branch]), float(found.above[branch, 0]))


def _too_few(names: Sequence[str], years: Reals, groups: int) -> str:
    if len(names) < FEWEST:
        return f"{len(names)} dated isolates; {FEWEST} are the least"
    if groups < FEWEST:
        return f"{groups} sets of neighbours with a date of their own; {FEWEST} are the least"
    if len(np.unique(years)) < _FEWEST_DATES:
        return f"{len(np.unique(years))} different dates; {_FEWEST_DATES} are the least"
    return ""


def _no_better(p: float) -> str:
    return f"shuffled dates explain the distances as well (p = {p:.3f}, above {_LEVEL})"


def _span(years: Reals) -> float:
    return float(np.ptp(years)) if len(years) else 0.0


def _groups(tree: Phylogeny, dates: Mapping[str, Span]) -> list[tuple[str, ...]]:
    """The largest clades of one date, by name."""
    clades, seen = tree.clades, set[str]()
    groups = []
    for node in sorted(range(len(clades)), key=lambda k: -len(clades[k])):
        one = clades[node]
        if one and not one & seen and len({dates[name] for name in one}) == 1:
            groups.append(tuple(sorted(one)))
            seen |= one
    return sorted(groups)


def _branches(tree: Phylogeny, names: Sequence[str]) -> _Branches:
    place = {name: k for k, name in enumerate(names)}
    side = np.zeros((len(tree.parents), len(names)))
    for node, clade in enumerate(tree.clades):
        side[node, [place[name] for name in clade if name in place]] = 1
    lengths = np.array(tree.lengths)
    far = np.zeros_like(side)
    far[0] = lengths @ side
    for node in range(1, len(side)):
        far[node] = far[tree.parents[node]] + lengths[node] * (1 - 2 * side[node])
    nodes = np.arange(1, len(side))
    return _Branches(nodes, far[1:], 2 * side[1:] - 1, lengths[1:])


def _parts(years: Reals, most: int = 100) -> list[Reals]:
    return [years[k : k + most] for k in range(0, len(years), most)]


def _fits(branches: _Branches, years: Reals) -> _Fits:
    """Where on each branch the correlation with each row of dates is highest.

    The distance is far + x side, linear in the place x; its correlation with the date is highest where
    the derivative of (a + b x) / sqrt(c + 2 d x + e x²) is nought, or at an end.
    """
    far = branches.far - branches.far.mean(axis=1, keepdims=True)
    side = branches.side - branches.side.mean(axis=1, keepdims=True)
    dates = years - years.mean(axis=1, keepdims=True)
    a, b = far @ dates.T, side @ dates.T
    c, d, e = (
        (one * two).sum(axis=1)[:, None] for one, two in ((far, far), (far, side), (side, side))
    )
    above, best = np.zeros_like(a), np.full_like(a, -np.inf)
    norm = np.sqrt((dates**2).sum(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.clip(
            np.nan_to_num((b * c - a * d) / (a * e - b * d)), 0, branches.length[:, None]
        )
    for x in (np.zeros_like(a), np.broadcast_to(branches.length[:, None], a.shape), inner):
        square = np.maximum(c + 2 * d * x + e * x**2, _TINY)
        fit = (a + b * x) / np.sqrt(square) / np.maximum(norm, _TINY)
        better = fit > best + _TINY
        above[better], best[better] = x[better], fit[better]
    return _Fits(above, best)


def _best(branches: _Branches, years: Reals) -> Reals:
    best: Reals = _fits(branches, years).correlation.max(axis=0)
    return best


def _line(
    tree: Phylogeny, names: Sequence[str], dates: Mapping[str, Span]
) -> tuple[float, float | None]:
    """Slope and the year of no distance, from the best root."""
    rooted = rooted_by_dates(tree, dates)
    depth = [0.0]
    for parent, length in zip(rooted.parents[1:], rooted.lengths[1:], strict=True):
        depth.append(depth[parent] + length)
    years = np.array([sum(dates[name]) / 2 for name in names])
    far = np.array([depth[rooted.leaves[name]] for name in names])
    middle = years - years.mean()
    slope = float(middle @ far / (middle @ middle))
    return slope, float(years.mean() - far.mean() / slope) if slope > 0 else None

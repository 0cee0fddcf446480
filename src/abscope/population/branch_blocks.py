"""The dense stretches of every branch of a guide tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np

from abscope.population import gaps
from abscope.population.clone_sites import CloneSites
from abscope.population.density_scan import Reals, as_chance, dense_stretches
from abscope.population.gaps import Longs
from abscope.population.guide_tree import GuideTree, changes


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What makes a block: substitutions in it at least, and its largest corrected p-value.

    rounds: how often at most branches are scanned.
    """

    fewest: int = 3
    level: float = 0.05
    rounds: int = 5

    def __post_init__(self) -> None:
        if self.fewest < 2 or not 0 < self.level < 1 or self.rounds < 1:
            raise ValueError(f"no scan can follow these rules: {self}")


RULES = ScanRules()


Key = tuple[ScanRules, int, int, bytes]
Stretches = tuple[Longs, Reals]


@dataclass(frozen=True, slots=True, eq=False)
class Scans:
    """Stretches by all they are found from: a branch that changed where it did before is not scanned again.

    before: of earlier searches. used: of this one, which is all that a later one can ask for.
    """

    before: Mapping[Key, Stretches] = field(default_factory=dict)
    used: dict[Key, Stretches] = field(default_factory=dict)

    def stretches(self, places: Longs, readable: int, looks: int, rules: ScanRules) -> Stretches:
        """As density_scan.dense_stretches, p-values corrected for looks."""
        fewer = 1 << (looks.bit_length() - 1)  # one isolate more seldom changes it
        key = (rules, fewer, readable, places.tobytes())
        found = self.used.get(key) or self.before.get(key)
        if found is None:
            found = dense_stretches(places, readable, rules.fewest, float(fewer), rules.level)
        self.used[key] = found
        bounds, chances = found[0], found[1] + log(looks)
        beyond = np.flatnonzero(chances > log(rules.level))
        return (bounds[: beyond[0]], chances[: beyond[0]]) if len(beyond) else (bounds, chances)


@dataclass(frozen=True, slots=True)
class BranchBlock:
    """A dense stretch on the branch above a node; as records.RecombinationBlock."""

    node: int
    start: int
    end: int
    snps: int
    expected: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class _Branch:
    """Where a branch changed: on the reference, and on the genome of what was read of anybody below it."""

    node: int
    positions: Longs
    places: Longs
    readable: int


def branch_blocks(
    sites: CloneSites, tree: GuideTree, rules: ScanRules = RULES, scans: Scans | None = None
) -> list[BranchBlock]:
    """Scan every branch with substitutions enough; blocks by branch, then by place.

    scans: stretches known, to which those looked for here are added; the blocks are the same without.
    """
    known = Scans() if scans is None else scans
    where, offsets = changes(tree, sites.bits)
    unread = _unread(sites, tree)
    found: list[BranchBlock] = []
    for node in np.flatnonzero(np.diff(offsets) >= rules.fewest).tolist():
        positions = sites.positions[where[offsets[node] : offsets[node + 1]]]
        branch = _branch(node, positions, unread[node], sites.length)
        stretches = known.stretches(branch.places, branch.readable, tree.branches, rules)
        found += _blocks(branch, *stretches)
    return found


def _unread(sites: CloneSites, tree: GuideTree) -> list[Longs]:
    """For each node, the runs that nobody below it has read."""
    runs: dict[int, Longs] = {}
    for node in range(len(tree.parents) - 1, -1, -1):
        row, parent = int(tree.rows[node]), int(tree.parents[node])
        mine = sites.gaps.of(row) if row >= 0 else runs[node]
        runs[node] = mine
        if node:
            runs[parent] = gaps.in_common(runs[parent], mine) if parent in runs else mine
    return [runs[node] for node in range(len(tree.parents))]


def _branch(node: int, positions: Longs, unread: Longs, length: int) -> _Branch:
    readable = length - int((unread[:, 1] - unread[:, 0]).sum())
    return _Branch(node, positions, positions - gaps.before(unread, positions), readable)


def _blocks(branch: _Branch, bounds: Longs, chances: Reals) -> Iterator[BranchBlock]:
    """The blocks of one branch, in order; stretches that overlap are one."""
    if not len(bounds):
        return
    places = branch.places
    outside, room = _background(places, branch.readable, bounds)
    for first, last, chance in _joined(bounds, chances):
        yield BranchBlock(
            branch.node,
            int(branch.positions[first]),
            int(branch.positions[last]) + 1,
            last - first + 1,
            float(outside * (places[last] - places[first] + 1) / room),
            as_chance(chance),
        )


def _joined(bounds: Longs, chances: Reals) -> Iterator[tuple[int, int, float]]:
    """Stretches that overlap or nest as one, at the smallest of their p-values."""
    order = np.argsort(bounds[:, 0], kind="stable")
    waiting: tuple[int, int, float] | None = None
    for (first, last), chance in zip(bounds[order].tolist(), chances[order].tolist(), strict=True):
        if waiting is not None and first <= waiting[1]:
            waiting = (waiting[0], max(last, waiting[1]), min(chance, waiting[2]))
        else:
            if waiting is not None:
                yield waiting
            waiting = (first, last, chance)
    if waiting is not None:
        yield waiting


def _background(places: Longs, readable: int, bounds: Longs) -> tuple[int, int]:
    """Substitutions outside every stretch, and the positions they lie on."""
    inside = np.zeros(len(places), dtype=np.bool_)
    for first, last in bounds.tolist():
        inside[first : last + 1] = True
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    covered = int((places[edges[:, 1] - 1] - places[edges[:, 0]] + 1).sum())
    return int((~inside).sum()), max(readable - covered, 1)

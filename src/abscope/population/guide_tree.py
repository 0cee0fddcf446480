"""A rooted tree of a clone, and on which of its branches every variable site changed.

Bases of ancestors are found by parsimony (Fitch 1971): among isolates of one clone a site rarely
changes twice. An uncalled base may be any, so it never makes a change.
"""

from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel
from abscope.population.clone_sites import Bytes
from abscope.population.gaps import Longs
from abscope.population.neighbour_joining import neighbour_joining
from abscope.population.patchy_leaves import patchy, placed
from abscope.population.phylogeny import Phylogeny, rooted_at_midpoint

_ANY = np.uint8(15)
_PATCHY = 0.05  # share of sites without a base beyond which distances may mislead


@dataclass(frozen=True, slots=True, eq=False)
class GuideTree:
    """A tree whose nodes all have names, and the isolates below each of them.

    parents: int64 (nodes,), the root first and its own -1. rows: each leaf's isolate, -1 inside.
    below: bool (nodes, n). glued: the root's child whose branch bears no change, since the two
    branches at a root of two are one; -1 for other roots.
    """

    phylogeny: Phylogeny
    parents: Longs
    rows: Longs
    below: NDArray[np.bool_]
    glued: int

    @property
    def branches(self) -> int:
        """Branches that can bear a change."""
        return len(self.parents) - 1 - (self.glued >= 0)


def guide_tree(ids: tuple[str, ...], apart: NDArray[np.float64], bits: Bytes) -> GuideTree:
    """Join two isolates or more by how far they are apart, (n, n), and root at midpoint.

    Isolates of many gaps are put where their bases, uint8 (n, m) as in CloneSites, fit best.
    """
    if len(ids) == 2:
        half = float(apart[0, 1]) / 2
        found = Phylogeny((-1, 0, 0), (None, *ids), (0.0, half, half), (None, None, None))
        return _seen_from_root(found, ids)
    late = patchy(bits, _PATCHY)
    early = np.setdiff1d(np.arange(len(ids)), late)
    found = neighbour_joining([ids[row] for row in early], apart[np.ix_(early, early)])
    rows = dict(zip(ids, bits, strict=True))
    for row in late.tolist():
        found = placed(found, rows, ids[row])
    return _seen_from_root(rooted_at_midpoint(found), ids)


def same_branches(one: GuideTree, other: GuideTree) -> bool:
    """Tell whether two rooted trees have the same isolates below their branches."""
    return _clades(one) == _clades(other)


def _clades(tree: GuideTree) -> tuple[set[bytes], bytes]:
    packed = np.packbits(tree.below, axis=1)
    glued = packed[tree.glued].tobytes() if tree.glued >= 0 else b""
    return {row.tobytes() for row in packed}, glued


def _seen_from_root(tree: Phylogeny, ids: tuple[str, ...]) -> GuideTree:
    row = {name: k for k, name in enumerate(ids)}
    rows = np.full(len(tree.parents), -1)
    below = np.zeros((len(tree.parents), len(ids)), dtype=np.bool_)
    for name, node in tree.leaves.items():
        rows[node] = row[name]
        below[node, row[name]] = True
    for node in range(len(tree.parents) - 1, 0, -1):
        below[tree.parents[node]] |= below[node]
    named = replace(tree, names=_names(tree, below))
    return GuideTree(named, np.array(tree.parents), rows, below, _glued(tree, below))


def _names(tree: Phylogeny, below: NDArray[np.bool_]) -> tuple[str, ...]:
    """Leaves by isolate; inner nodes n1, n2 ... by their first isolate, the larger ones first.

    A number is passed over where an isolate bears that name.
    """
    inner = [node for node, name in enumerate(tree.names) if name is None]
    first, size = below.argmax(axis=1), below.sum(axis=1)
    order = sorted(inner, key=lambda node: (first[node], -size[node]))
    free = (name for k in count(1) if (name := f"n{k}") not in tree.names)
    number = dict(zip(order, free, strict=False))
    return tuple(name or number[node] for node, name in enumerate(tree.names))


def _glued(tree: Phylogeny, below: NDArray[np.bool_]) -> int:
    """The side of a two-branched root with more isolates, on a tie the one with the first."""
    sides = [node for node, parent in enumerate(tree.parents) if parent == 0]
    if len(sides) != 2:
        return -1
    return max(sides, key=lambda node: (int(below[node].sum()), bool(below[node, 0])))


def changes(tree: GuideTree, bits: Bytes) -> tuple[Longs, Longs]:
    """Sites that change on each branch: those above node k are sites[offsets[k]:offsets[k + 1]].

    bits: uint8 (n, m) as in CloneSites. Sites of a branch ascend.
    """
    sets = np.zeros((len(tree.parents), bits.shape[1]), dtype=np.uint8)
    _gather(tree.parents, tree.rows, bits, sets)
    if tree.glued >= 0:
        shared = sets[tree.glued] & sets[0]
        sets[0] = np.where(shared, shared, sets[tree.glued])
    changed = np.zeros(sets.shape, dtype=np.bool_)
    _settle(tree.parents, sets, changed)
    node, site = np.divmod(np.flatnonzero(changed), max(bits.shape[1], 1))
    return site, np.searchsorted(node, np.arange(len(tree.parents) + 1))


@kernel
def _gather(parents: Longs, rows: Longs, bits: Bytes, sets: Bytes) -> None:
    """Bases each node may have, from the leaves up; a child that agrees narrows its parent's."""
    for node in range(len(parents) - 1, -1, -1):
        if rows[node] >= 0:
            _any_where_unread(bits[rows[node]], sets[node])
        if node:
            _fold(sets[parents[node]], sets[node])


@kernel
def _any_where_unread(read: Bytes, into: Bytes) -> None:
    for site in range(len(read)):
        into[site] = read[site] if read[site] else _ANY


@kernel
def _fold(into: Bytes, child: Bytes) -> None:
    for site in range(len(into)):
        both = into[site] & child[site]
        into[site] = both if both else into[site] | child[site]


@kernel
def _settle(parents: Longs, sets: Bytes, changed: NDArray[np.bool_]) -> None:
    """Choose one base a node, from the root down: the parent's where it may be."""
    root = sets[0]
    for site in range(len(root)):
        root[site] &= -root[site]
    for node in range(1, len(parents)):
        _inherit(sets[parents[node]], sets[node], changed[node])


@kernel
def _inherit(above: Bytes, mine: Bytes, changed: NDArray[np.bool_]) -> None:
    for site in range(len(mine)):
        lost = (mine[site] & above[site]) == 0
        changed[site] = lost
        mine[site] = mine[site] & -mine[site] if lost else above[site]

"""Where a new isolate belongs in a tree that stays as it is.

By parsimony: on each branch, the bases that cost no further substitution (Fitch 1971); an isolate is
put on the branch that asks for fewest. The count is exact where splits are binary; at a polytomy lines are
joined in one order of many, and it may be out by a substitution where three or more of them conflict.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.population.phylogeny import Phylogeny
from abscope.records import Letters

Bits = NDArray[np.uint8]

_BIT = np.full(256, 15, dtype=np.uint8)  # other than a base may be any
_BIT[list(b"ACGT")] = 1, 2, 4, 8
_KEPT = 0.5  # substitutions between an isolate and a node below which it is put on the node


@dataclass(frozen=True, slots=True)
class Placement:
    """A branch for one isolate, by the leaves under it.

    substitutions: further ones its place asks for. above: the isolate's branch leaves it so many
    substitutions over its lower end. equal: branches that ask for as few, this one among them.
    compared: sites at which the isolate has a base.
    """

    below: tuple[str, ...]
    node: int
    above: float
    substitutions: int
    equal: int
    compared: int


@dataclass(frozen=True, slots=True, eq=False)
class PlacedOn:
    """A tree made ready: for every node, what fits below it and what fits in the rest of the tree.

    below, beyond: uint8 (nodes, sites), bits of A, C, G, T.
    """

    tree: Phylogeny
    below: Bits
    beyond: Bits


def ready(tree: Phylogeny, letters: Mapping[str, Letters]) -> PlacedOn:
    """Fit the leaves' letters, at the same sites for all, to a tree; KeyError for a leaf without."""
    sites = len(letters[next(iter(tree.leaves))])
    shape = (len(tree.parents), sites)
    below, beyond = np.full(shape, 15, np.uint8), np.full(shape, 15, np.uint8)
    for name, node in tree.leaves.items():
        below[node] = _BIT[letters[name]]
    children = tree.children
    for node in range(len(children) - 1, -1, -1):
        if children[node]:
            below[node] = _joined([below[child] for child in children[node]])
    for node, kids in enumerate(children):
        if not kids:
            continue
        rest = [beyond[node]] if node else []
        for child, others in zip(kids, _all_but_one([below[k] for k in kids], rest), strict=True):
            beyond[child] = others
    return PlacedOn(tree, below, beyond)


def place(stored: PlacedOn, letters: Letters) -> Placement:
    """Find the branch that asks for fewest further substitutions; of equals, the lowest on the tree."""
    asked, (below, beyond) = _BIT[letters], (stored.below, stored.beyond)
    cost = _cost(below, beyond, asked)
    cost[0] = np.iinfo(np.int64).max  # above the root there is no branch
    least = int(cost.min())
    ties = np.flatnonzero(cost == least)
    tree = stored.tree
    clades = tree.clades
    node = int(min(ties, key=lambda k: (len(clades[k]), sorted(clades[k]))))
    return Placement(
        tuple(sorted(clades[node])), node, _above(stored, node, asked), least, len(ties),
        int((asked != 15).sum()),
    )  # fmt: skip


def attached(tree: Phylogeny, name: str, placement: Placement) -> Phylogeny:
    """Return the tree with one leaf more; at a node, where it falls on one."""
    node, length = placement.node, tree.lengths[placement.node]
    pendant = float(placement.substitutions)
    above = placement.above
    if above >= length - _KEPT:
        return _with(tree, tree.parents[node], name, pendant)
    if above <= _KEPT and tree.children[node]:
        return _with(tree, node, name, pendant)
    parents = [p + 1 if p >= node else p for p in tree.parents]
    parents.insert(node, tree.parents[node])
    parents[node + 1] = node
    lengths = [*tree.lengths[:node], length - above, above, *tree.lengths[node + 1 :]]
    names = [*tree.names[:node], None, *tree.names[node:]]
    support = [*tree.support[:node], tree.support[node], *tree.support[node:]]
    split = Phylogeny(tuple(parents), tuple(names), tuple(lengths), tuple(support))
    return _with(split, node, name, pendant)


def _joined(sets: list[Bits]) -> Bits:
    """Fitch's rule, pair after pair: what all have in common, else what any has."""
    found = sets[0]
    for other in sets[1:]:
        both = found & other
        found = np.where(both > 0, both, found | other)
    return found


def _all_but_one(sets: list[Bits], rest: list[Bits]) -> list[Bits]:
    """For each set, the others and the rest, joined; each from the left and the right once."""
    left: list[list[Bits]] = [rest]
    for one in sets[:-1]:
        left.append([_joined([*left[-1], one])])
    right: list[list[Bits]] = [[]]
    for one in reversed(sets[1:]):
        right.append([_joined([one, *right[-1]])])
    return [_joined([*a, *b]) for a, b in zip(left, reversed(right), strict=True)]


def _cost(below: Bits, beyond: Bits, asked: Bits) -> NDArray[np.int64]:
    """Further substitutions on every branch: sites at which the base is not among those that fit."""
    cost = np.empty(len(below), dtype=np.int64)
    for node, (one, other) in enumerate(zip(below, beyond, strict=True)):
        both = one & other
        cost[node] = ((np.where(both > 0, both, one | other) & asked) == 0).sum()
    return cost


def _above(stored: PlacedOn, node: int, asked: Bits) -> float:
    """How far over a branch's lower end the isolate leaves it: the share it has from above."""
    one, other = stored.below[node], stored.beyond[node]
    apart = (one & other) == 0
    low = int((apart & ((asked & one) > 0) & ((asked & other) == 0)).sum())
    high = int((apart & ((asked & other) > 0) & ((asked & one) == 0)).sum())
    return stored.tree.lengths[node] * high / (low + high) if low + high else 0.0


def _with(tree: Phylogeny, parent: int, name: str, length: float) -> Phylogeny:
    return Phylogeny(
        (*tree.parents, parent),
        (*tree.names, name),
        (*tree.lengths, length),
        (*tree.support, None),
    )

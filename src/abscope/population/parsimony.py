"""Mend a tree so that its sites ask for fewer substitutions.

Distances mislead where gaps are not at random: what two isolates lack is made up from what they share.
Parsimony counts, on every branch, only what was read (sets of Fitch 1971, from either side), and among
isolates of one clone a site rarely changes twice. A part of the tree is taken off and put on the branch
where it asks for least (subtree pruning and regrafting), until no part has a better place. What it costs on a
branch is exact: the sites at which it has no base in common with the place.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import Index, inner, kernel, lean, popcount
from abscope.population.packing import Words
from abscope.population.phylogeny import Phylogeny
from abscope.records import Letters

Longs = NDArray[np.int64]

_MOST_WORK = 100_000_000_000  # words of 64 sites and a base; half a minute
_ROUNDS = 20


def mended(tree: Phylogeny, ids: tuple[str, ...], letters: Letters) -> Phylogeny:
    """The tree with every part where it asks for fewest substitutions; lengths and support are gone.

    tree: binary but for its root of three. ids, letters: the leaves and their letters, uint8 (n, m), at the
    same sites; other than ACGT may be any. A part with several best places stays, or goes to the first;
    one tree and its letters give one result. A tree too large for one round of moves stays as it is.
    """
    at = {name: row for row, name in enumerate(ids)}
    parents, kids = _hung(tree, at)
    fits = np.empty((2, len(parents), 4, -(-letters.shape[1] // 64)), np.uint64)
    fits[0, : len(ids)] = _sets(letters)
    _mend(parents, kids, fits, min(_ROUNDS, _MOST_WORK // work(*letters.shape)))
    return _told(kids, ids)


def work(isolates: int, sites: int) -> int:
    """Words of 64 sites and a base that are looked at when every part is tried everywhere once.

    To look at a place at all takes as long as a hundred.
    """
    return (2 * isolates - 2) ** 2 * (-(-sites // 64) * 4 + 100)


def _sets(letters: Letters) -> Words:
    """The bases each isolate may have, (n, 4, words); beyond the last site, any."""
    found = []
    for base in b"ACGT":
        may = np.ones((len(letters), -(-letters.shape[1] // 64) * 64), np.bool_)
        may[:, : letters.shape[1]] = (letters == base) | ~np.isin(letters, list(b"ACGT"))
        found.append(np.packbits(may, axis=1, bitorder="little").view(np.uint64))
    return np.stack(found, axis=1)


def _hung(tree: Phylogeny, at: dict[str, int]) -> tuple[Longs, Longs]:
    """Parents and two children of each node, the tree hung from the first leaf, which has one."""
    number, inner_nodes = {}, len(at)
    for node, name in enumerate(tree.names):
        if name is None:
            number[node], inner_nodes = inner_nodes, inner_nodes + 1
        else:
            number[node] = at[name]
    near: list[list[int]] = [[] for _ in number]
    for node, parent in enumerate(tree.parents[1:], 1):
        near[number[node]].append(number[parent])
        near[number[parent]].append(number[node])
    parents, kids, todo = np.full(len(near), -1), np.full((len(near), 2), -1), [0]
    while todo:
        node = todo.pop()
        below = [other for other in near[node] if other != parents[node]]
        kids[node, : len(below)] = below
        parents[below] = node
        todo += below
    return parents, kids


def _told(kids: Longs, ids: tuple[str, ...]) -> Phylogeny:
    """The tree again with a root of three."""
    root = int(kids[0, 0])
    order, above = [root], [-1]
    for place, node in enumerate(order):
        below = [*kids[node].tolist(), *([0] if node == root else [])]
        order += [kid for kid in below if kid >= 0 and node]
        above += [place for kid in below if kid >= 0 and node]
    names = tuple(ids[node] if node < len(ids) else None for node in order)
    return Phylogeny(tuple(above), names, (0.0,) * len(order), (None,) * len(order))


@kernel
def _mend(parents: Longs, kids: Longs, fits: Words, rounds: int) -> None:
    """Move parts until none has a better place."""
    order = np.empty(len(parents), np.int64)
    for node in _walk(kids, 0, order)[::-1]:
        _fit_below(kids, fits, node)
    for _ in range(rounds):
        moves = 0
        for part in range(1, len(parents)):
            if parents[part] != 0:
                moves += _moved(parents, kids, fits, part, order)
        if moves == 0:
            break


@kernel
def _moved(parents: Longs, kids: Longs, fits: Words, part: int, order: Longs) -> bool:
    """Take a part off and put it where it costs least; whether that is another place."""
    joint = parents[part]
    home = kids[joint, 0] + kids[joint, 1] - part
    _swap(parents, kids, joint, home)
    _fit_path(parents, kids, fits, parents[home])
    best, least = home, _MOST_WORK
    for node in _walk(kids, 0, order)[1:]:
        _fit_above(parents, kids, fits, node)
        cost = _cost(fits, node, part, least)
        if cost < least or (cost == least and node == home):
            best, least = node, cost
    _graft(parents, kids, joint, part, best)
    _fit_path(parents, kids, fits, joint)
    return bool(best != home)


@lean
def _swap(parents: Longs, kids: Longs, old: int, new: int) -> None:
    """Put a node in another's place below its parent."""
    above = parents[old]
    kids[above, 0 if kids[above, 0] == old else 1] = new
    parents[new] = above


@lean
def _graft(parents: Longs, kids: Longs, joint: int, part: int, node: int) -> None:
    """Hang the joint in the branch above a node, and the part beside it."""
    parents[joint] = parents[node]
    above = parents[node]
    kids[above, 0 if kids[above, 0] == node else 1] = joint
    kids[joint, 0], kids[joint, 1] = node, part
    parents[node] = parents[part] = joint


@kernel
def _walk(kids: Longs, start: int, order: Longs) -> Longs:
    """Nodes from `start` down, parents before their children."""
    order[0], found = start, 1
    place = 0
    while place < found:
        for kid in kids[order[place]]:
            if kid >= 0:
                order[found] = kid
                found += 1
        place += 1
    return order[:found]


@lean
def _fit_path(parents: Longs, kids: Longs, fits: Words, node: int) -> None:
    """Fit a node and all above it, but for the root, to what is below them."""
    while node > 0:
        _fit_below(kids, fits, node)
        node = parents[node]


@lean
def _fit_below(kids: Longs, fits: Words, node: int) -> None:
    if kids[node, 1] >= 0:
        _join(fits[0, kids[node, 0]], fits[0, kids[node, 1]], fits[0, node])


@lean
def _fit_above(parents: Longs, kids: Longs, fits: Words, node: int) -> None:
    """What the rest of the tree makes of the upper end of a branch; that above must be known."""
    parent = parents[node]
    if parent == 0:
        _join(fits[0, 0], fits[0, 0], fits[1, node])
    else:
        other = kids[parent, 0] + kids[parent, 1] - node
        _join(fits[1, parent], fits[0, other], fits[1, node])


@lean
def _join(one: Words, two: Words, into: Words) -> None:
    """Fitch's rule: what both may be, else what either may be."""
    for w in range(one.shape[1]):
        agree = _both(one, two, w)
        for base in range(4):
            either = (one[base, w] | two[base, w]) & ~agree
            into[base, w] = (one[base, w] & two[base, w]) | either


@lean
def _cost(fits: Words, node: int, part: int, most: Index) -> Index:
    """Sites at which a part has no base in common with the branch above a node; some when over `most`."""
    below, beyond, asked = fits[0, node], fits[1, node], fits[0, part]
    cost = np.int64(0)
    for w in range(below.shape[1]):
        agree = _both(below, beyond, w)
        met = np.uint64(0)
        for base in range(4):
            either = (below[base, w] | beyond[base, w]) & ~agree
            met |= ((below[base, w] & beyond[base, w]) | either) & asked[base, w]
        cost += np.int64(popcount(~met))
        if cost > most:
            break
    return cost


@inner
def _both(one: Words, two: Words, w: Index) -> np.uint64:
    """Sites at which two have a base in common."""
    agree = np.uint64(0)
    for base in range(4):
        agree |= one[base, w] & two[base, w]
    return agree

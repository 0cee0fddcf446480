"""Put isolates of many gaps on a tree of the others, where they need the fewest changes.

Distances mislead where gaps are not at random: an isolate unread wherever two clades differ is close to
both. Parsimony counts only what is read, on every branch (sets of Fitch 1971, from either side).
"""

from collections.abc import Mapping

import numpy as np

from abscope.kernels import kernel
from abscope.population.clone_sites import Bytes
from abscope.population.gaps import Longs
from abscope.population.phylogeny import Phylogeny

_ANY = np.uint8(15)


def patchy(bits: Bytes, most: float) -> Longs:
    """Rows with no base at more than this share of the sites; none where fewer than three remain."""
    missing = (bits == 0).mean(axis=1) if bits.shape[1] else np.zeros(len(bits))
    rows = np.flatnonzero(missing > most)
    return rows if len(bits) - len(rows) >= 3 else rows[:0]


def placed(tree: Phylogeny, bits: Mapping[str, Bytes], name: str) -> Phylogeny:
    """Add a leaf to the middle of the branch of fewest changes, on a tie nearest to the root.

    bits: each isolate's base at every site, as in CloneSites.
    """
    sites = len(bits[name])
    down = np.zeros((len(tree.parents), sites), dtype=np.uint8)
    for leaf, node in tree.leaves.items():
        down[node] = np.where(bits[leaf], bits[leaf], _ANY)
    parents = np.array(tree.parents)
    costs = np.zeros(len(parents), dtype=np.int64)
    _count(parents, down, bits[name], costs)
    node = 1 + int(costs[1:].argmin())
    return _grafted(tree, node, name, float(costs[node]))


@kernel
def _agree(one: np.uint8, two: np.uint8) -> np.uint8:
    return (one & two) or (one | two)


@kernel
def _count(parents: Longs, down: Bytes, leaf: Bytes, costs: Longs) -> None:
    """Changes that a leaf needs on the branch above each node."""
    nodes, sites = down.shape
    for node in range(nodes - 1, 0, -1):
        for site in range(sites):
            above = down[parents[node], site]
            down[parents[node], site] = (
                _agree(above, down[node, site]) if above else down[node, site]
            )
    up = np.full((nodes, sites), _ANY, np.uint8)
    for node in range(1, nodes):
        _from_above(parents, down, up, node)
        for site in range(sites):
            here = _agree(up[node, site], down[node, site])
            costs[node] += leaf[site] != 0 and (leaf[site] & here) == 0


@kernel
def _from_above(parents: Longs, down: Bytes, up: Bytes, node: int) -> None:
    """The bases that the rest of the tree gives to the upper end of a branch."""
    parent = parents[node]
    up[node] = up[parent]
    for other in range(1, len(parents)):
        if other != node and parents[other] == parent:
            for site in range(down.shape[1]):
                up[node, site] = _agree(up[node, site], down[other, site])


def _grafted(tree: Phylogeny, node: int, name: str, length: float) -> Phylogeny:
    """A new inner node halves the branch above `node` and bears the leaf."""
    half = tree.lengths[node] / 2
    parents = [parent + (parent >= node) for parent in tree.parents]
    upper = tree.parents[node]
    parents[node] = node
    return Phylogeny(
        (*parents[:node], upper, *parents[node:], node),
        (*tree.names[:node], None, *tree.names[node:], name),
        (*tree.lengths[:node], half, half, *tree.lengths[node + 1 :], length),
        (*tree.support[:node], None, *tree.support[node:], None),
    )

"""Neighbour joining: a tree from distances, for sets too large for likelihood.

Saitou and Nei 1987, in the form of Studier and Keppler 1988; negative lengths as Kuhner and
Felsenstein 1994. Ties go to the earlier isolates, so one matrix has one tree. Time grows with the
cube of the number of isolates.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel
from abscope.population.phylogeny import Phylogeny

Reals = NDArray[np.float64]
Nodes = NDArray[np.int64]


def neighbour_joining(names: Sequence[str], distances: Reals) -> Phylogeny:
    """Join three isolates or more by their distances, (n, n), symmetric; lengths in the same unit."""
    leaves = len(names)
    if leaves < 3:
        raise ValueError(f"neighbour joining needs three isolates, not {leaves}")
    parents, lengths = _join_all(np.array(distances, dtype=np.float64))
    # Joined nodes have higher numbers than what they join: counted down, parents come first.
    last = len(parents) - 1
    return Phylogeny(
        tuple(-1 if node == last else last - int(parents[node]) for node in range(last, -1, -1)),
        tuple(names[node] if node < leaves else None for node in range(last, -1, -1)),
        tuple(float(lengths[node]) for node in range(last, -1, -1)),
        (None,) * len(parents),
    )


@kernel
def _join_all(apart: Reals) -> tuple[Nodes, Reals]:
    """Each node's parent and the length above it; the last node is the root, of three branches."""
    size = len(apart)
    parents, lengths = np.full(2 * size - 2, -1), np.zeros(2 * size - 2)
    nodes, sums = np.arange(size), apart.sum(axis=1)
    for new in range(size, 2 * size - 3):
        left = 2 * size - new
        i, j = _closest(apart, sums, left)
        skew = (sums[i] - sums[j]) / (left - 2)
        one, two = _shares(apart[i, j], skew)
        parents[nodes[i]] = parents[nodes[j]] = new
        lengths[nodes[i]], lengths[nodes[j]] = one, two
        nodes[i] = new
        nodes[j] = nodes[left - 1]
        _merge(apart, sums, i, j, left)
    root = 2 * size - 3
    for k in range(3):
        others = apart[k, (k + 1) % 3] + apart[k, (k + 2) % 3] - apart[(k + 1) % 3, (k + 2) % 3]
        parents[nodes[k]], lengths[nodes[k]] = root, max(0.0, others / 2)
    return parents, lengths


@kernel
def _closest(apart: Reals, sums: Reals, left: int) -> tuple[int, int]:
    """The two of the first `left` that are closest when everybody else's distance is taken off."""
    best, first, second = np.inf, 0, 1
    for j in range(1, left):
        for i in range(j):
            score = (left - 2) * apart[j, i] - sums[i] - sums[j]
            if score < best:
                best, first, second = score, i, j
    return first, second


@kernel
def _shares(whole: float, skew: float) -> tuple[float, float]:
    """Divide a distance between two branches, neither below nought."""
    known = max(whole, 0.0)
    one = min(max((known + skew) / 2, 0.0), known)
    return one, known - one


@kernel
def _merge(apart: Reals, sums: Reals, i: int, j: int, left: int) -> None:
    """Put the joined pair in place i, and the last of `left` in place j."""
    between, total = apart[i, j], 0.0
    for k in range(left):
        if k not in (i, j):
            merged = (apart[i, k] + apart[j, k] - between) / 2
            sums[k] += merged - apart[i, k] - apart[j, k]
            apart[i, k] = apart[k, i] = merged
            total += merged
    sums[i] = total
    last = left - 1
    sums[j] = sums[last]
    for k in range(left):
        apart[j, k] = apart[k, j] = apart[last, k]
    apart[j, j] = 0.0

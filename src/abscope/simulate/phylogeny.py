"""Dated trees: who descends from whom, when, and for how long each line could change.

Times are decimal years. A branch's `evolving` years may be fewer than the dates say: nothing grows in a
frozen vial.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its name, its parent's index (None: the root), its date, and its branch's years."""

    name: str
    parent: int | None
    date: float
    evolving: float


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes, every parent before its children; the first is the root. `tips` are the sampled ones."""

    nodes: tuple[Node, ...]
    tips: frozenset[str]

    def __post_init__(self) -> None:
        for index, node in enumerate(self.nodes):
            if (node.parent is None) != (index == 0) or (node.parent or 0) > index:
                raise ValueError(f"{node.name}: a parent comes before its children")
            if node.evolving < 0:
                raise ValueError(f"{node.name}: a branch lasts {node.evolving} years")

    def children(self, index: int) -> list[int]:
        """Return the indices of a node's children."""
        return [child for child, node in enumerate(self.nodes) if node.parent == index]

    def path(self, name: str) -> list[int]:
        """Return the indices from a node up to the root, the node first."""
        at: int | None = next(k for k, node in enumerate(self.nodes) if node.name == name)
        found = []
        while at is not None:
            found.append(at)
            at = self.nodes[at].parent
        return found

    def apart(self, one: str, other: str, length: Callable[[int], float]) -> float:
        """Return the summed length of the branches between two nodes."""
        first, second = set(self.path(one)), set(self.path(other))
        return sum(length(index) for index in first ^ second)

    def newick(self, length: Callable[[int], float]) -> str:
        """Write the tree with inner names and the given branch lengths."""
        text: dict[int, str] = {}
        for index in range(len(self.nodes) - 1, -1, -1):
            inner = ",".join(text[child] for child in self.children(index))
            label = f"({inner}){self.nodes[index].name}" if inner else self.nodes[index].name
            text[index] = f"{label}:{length(index):.6g}" if index else label
        return text[0] + ";"


def coalescent(
    tips: Sequence[tuple[str, float]],
    *,
    size: float,
    origin: float,
    name: str,
    rng: np.random.Generator,
) -> Tree:
    """Draw the tree of dated tips from one population, back to its founding at `origin`.

    size: effective population size times generation time, years (mean age of a pair's ancestor).
    Lines still apart at `origin` spring from it together, as in a clone that expanded then.
    """
    waiting = sorted(tips, key=lambda tip: tip[1])
    if not waiting or waiting[0][1] <= origin:
        raise ValueError(f"{name}: every tip must be later than the origin {origin}")
    found: dict[str, tuple[float, list[str]]] = {tip: (date, []) for tip, date in tips}
    lines: list[str] = []
    now = waiting[-1][1]
    while waiting or now > origin:
        earlier = now - _wait(len(lines), size, rng)
        if waiting and earlier <= waiting[-1][1]:
            tip, now = waiting.pop()
            lines.append(tip)
        elif earlier > origin:
            now = earlier
            first, second = sorted(rng.choice(len(lines), 2, replace=False).tolist())
            inner = f"{name}_n{len(found) - len(tips) + 1}"
            found[inner] = (now, [lines.pop(second), lines.pop(first)])
            lines.append(inner)
        else:
            now = origin
    return _tree(name, origin, lines, found, frozenset(tip for tip, _ in tips))


def _wait(lines: int, size: float, rng: np.random.Generator) -> float:
    """Draw the years until two of some lines meet; never, where there is only one."""
    pairs = lines * (lines - 1) / 2
    return float(rng.exponential(size / pairs)) if pairs else math.inf


def _tree(
    name: str,
    origin: float,
    lines: Sequence[str],
    found: Mapping[str, tuple[float, list[str]]],
    tips: frozenset[str],
) -> Tree:
    """Lay nodes out from the root down, children by name."""
    nodes = [Node(name, None, origin, 0.0)]
    stack = [(line, 0) for line in sorted(lines)]
    while stack:
        line, parent = stack.pop(0)
        date, children = found[line]
        nodes.append(Node(line, parent, date, date - nodes[parent].date))
        stack += [(child, len(nodes) - 1) for child in sorted(children)]
    return Tree(tuple(nodes), tips)

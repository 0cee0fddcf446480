"""A tree as four parallel columns, and the few things done to one: collapse, root, graft twins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Edge = tuple[int, float, float | None]  # neighbour, length, support of the split
Edges = list[list[Edge]]

_NOTHING = 1e-6  # a length that only rounding made


@dataclass(frozen=True, slots=True)
class Phylogeny:
    """Nodes in an order in which parents come before their children; the first is the root (-1).

    lengths and support belong to the branch above a node. support runs from 0 to 100, None: untested.
    """

    parents: tuple[int, ...]
    names: tuple[str | None, ...]
    lengths: tuple[float, ...]
    support: tuple[float | None, ...]

    def __post_init__(self) -> None:
        if not len(self.parents) == len(self.names) == len(self.lengths) == len(self.support):
            raise ValueError("a tree's columns must be equally long")
        if self.parents[:1] != (-1,) or any(
            not -1 < p < i for i, p in enumerate(self.parents) if i
        ):
            raise ValueError("the root comes first, and parents before their children")

    @property
    def children(self) -> list[list[int]]:
        """Each node's children."""
        below: list[list[int]] = [[] for _ in self.parents]
        for node, parent in enumerate(self.parents[1:], 1):
            below[parent].append(node)
        return below

    @property
    def leaves(self) -> dict[str, int]:
        """Name and node of every leaf."""
        below = self.children
        return {name: node for node, name in enumerate(self.names) if name and not below[node]}

    @property
    def clades(self) -> list[frozenset[str]]:
        """The leaves at or below each node."""
        found: list[set[str]] = [set() for _ in self.parents]
        for name, node in self.leaves.items():
            found[node].add(name)
        for node in range(len(self.parents) - 1, 0, -1):
            found[self.parents[node]] |= found[node]
        return [frozenset(one) for one in found]


def scaled(tree: Phylogeny, factor: float, *, shortest: float = 0.0) -> Phylogeny:
    """Multiply every length; what is then below `shortest` is zero."""
    lengths = (length * factor for length in tree.lengths)
    kept = tuple(length if length >= shortest else 0.0 for length in lengths)
    return Phylogeny(tree.parents, tree.names, kept, tree.support)


def collapsed(tree: Phylogeny) -> Phylogeny:
    """Take out inner branches of no length: a polytomy claims no order that nothing shows."""
    below = tree.children
    drop = {n for n in range(1, len(below)) if below[n] and tree.lengths[n] <= 0}
    return _without(tree, drop)


def grafted(tree: Phylogeny, twins: Mapping[str, Sequence[str]]) -> Phylogeny:
    """Give a leaf's place to all that are identical to it, at no distance from each other."""
    parents, names = list(tree.parents), list(tree.names)
    lengths, support = list(tree.lengths), list(tree.support)
    for leaf, node in sorted(tree.leaves.items()):
        members = twins.get(leaf, (leaf,))
        if len(members) > 1:
            names[node] = None
            parents += [node] * len(members)
            names += members
            lengths += [0.0] * len(members)
            support += [None] * len(members)
    return Phylogeny(tuple(parents), tuple(names), tuple(lengths), tuple(support))


def rooted_at_midpoint(tree: Phylogeny) -> Phylogeny:
    """Root half-way along the longest path between two leaves; every longest path has one middle."""
    edges, leaves = _edges(tree), sorted(tree.leaves.items())
    if len(leaves) < 2:
        return tree
    start = _farthest(_walk(edges, leaves[0][1])[0], leaves)
    distance, came_from = _walk(edges, start)
    node = _farthest(distance, leaves)
    half = distance[node] / 2
    if half <= _NOTHING:
        return tree
    while distance[came_from[node]] > half:
        node = came_from[node]
    return _rooted(tree, edges, (node, came_from[node]), distance[node] - half)


def rooted_by(tree: Phylogeny, outgroup: str) -> Phylogeny:
    """Root half-way along the branch that leads to `outgroup`; KeyError where it is no leaf."""
    node = tree.leaves[outgroup]
    if tree.parents[node] == 0 and tree.parents.count(0) == 2:
        return tree
    return _rooted(tree, _edges(tree), (node, tree.parents[node]), tree.lengths[node] / 2)


def rooted_on(tree: Phylogeny, node: int, above: float) -> Phylogeny:
    """Root on the branch over a node, `above` it; at a node where the place falls on one."""
    below = tree.children[0]
    if tree.parents[node] == 0 and len(below) == 2 and 0 < above < tree.lengths[node]:
        other = below[0] + below[1] - node
        lengths = list(tree.lengths)
        lengths[node], lengths[other] = above, lengths[other] + tree.lengths[node] - above
        return Phylogeny(tree.parents, tree.names, tuple(lengths), tree.support)
    return _rooted(tree, _edges(tree), (node, tree.parents[node]), above)


def pruned(tree: Phylogeny, keep: Iterable[str]) -> Phylogeny:
    """Leave out the leaves not named; nodes left with one branch only are passed through."""
    wanted = set(keep)
    clades = tree.clades
    edges: Edges = [[] for _ in tree.parents]
    for node, parent in enumerate(tree.parents[1:], 1):
        if clades[node] & wanted:
            _join(edges, node, parent, tree.lengths[node], tree.support[node])
    root = 0
    while len(below := [n for n, *_ in edges[root] if tree.parents[n] == root]) == 1:
        root = below[0]
        edges[root] = [edge for edge in edges[root] if edge[0] != tree.parents[root]]
    return _from(tree, edges, root)


def _without(tree: Phylogeny, drop: Iterable[int]) -> Phylogeny:
    """Leave out inner nodes; their children, at their own lengths, go to the next node up."""
    dropped = set(drop)
    place: dict[int, int] = {-1: -1}
    kept: list[int] = []
    parents: list[int] = []
    for node, parent in enumerate(tree.parents):
        if node in dropped:
            place[node] = place[parent]
        else:
            place[node] = len(kept)
            kept.append(node)
            parents.append(place[parent])
    return Phylogeny(
        tuple(parents),
        tuple(tree.names[node] for node in kept),
        tuple(tree.lengths[node] for node in kept),
        tuple(tree.support[node] for node in kept),
    )


def _edges(tree: Phylogeny) -> Edges:
    edges: Edges = [[] for _ in tree.parents]
    for node, parent in enumerate(tree.parents[1:], 1):
        _join(edges, node, parent, tree.lengths[node], tree.support[node])
    return edges


def _join(edges: Edges, one: int, two: int, length: float, support: float | None) -> None:
    edges[one].append((two, length, support))
    edges[two].append((one, length, support))


def _walk(edges: Edges, start: int) -> tuple[list[float], list[int]]:
    """Each node's distance from `start`, and the node before it on the way."""
    distance, came_from, todo = [0.0] * len(edges), [-1] * len(edges), [start]
    while todo:
        node = todo.pop()
        for other, length, _ in edges[node]:
            if other != came_from[node]:
                distance[other], came_from[other] = distance[node] + length, node
                todo.append(other)
    return distance, came_from


def _farthest(distance: Sequence[float], leaves: Iterable[tuple[str, int]]) -> int:
    return max((node for _, node in leaves), key=lambda node: distance[node])


def _rooted(tree: Phylogeny, edges: Edges, branch: tuple[int, int], above: float) -> Phylogeny:
    """Root on a branch, `above` its first node; at a node where the place falls on one."""
    node, other = branch
    length, support = next((e[1], e[2]) for e in edges[node] if e[0] == other)
    if length - above <= _NOTHING:
        return _from(tree, edges, other)
    if above <= _NOTHING and len(edges[node]) > 1:
        return _from(tree, edges, node)
    root = len(edges)
    edges[node] = [edge for edge in edges[node] if edge[0] != other]
    edges[other] = [edge for edge in edges[other] if edge[0] != node]
    edges.append([])
    _join(edges, root, node, above, support)
    _join(edges, root, other, length - above, support)
    return _from(tree, edges, root)


def _from(tree: Phylogeny, edges: Edges, root: int) -> Phylogeny:
    """The tree seen from `root`; a node left with one branch only is passed through."""
    columns: list[tuple[int, str | None, float, float | None]] = [(-1, None, 0.0, None)]
    todo = [(edge, root, 0) for edge in edges[root]]
    while todo:
        (node, length, support), before, place = todo.pop()
        onward = [edge for edge in edges[node] if edge[0] != before]
        name = tree.names[node]
        while len(onward) == 1:
            before, (node, more, other) = node, onward[0]
            length, name = length + more, tree.names[node]
            support = other if support is None else support
            onward = [edge for edge in edges[node] if edge[0] != before]
        columns.append((place, name, length, support))
        todo += [(edge, node, len(columns) - 1) for edge in onward]
    parents, names, lengths, supports = zip(*columns, strict=True)
    return Phylogeny(parents, names, lengths, supports)

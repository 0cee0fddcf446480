"""A tree as coordinates: branches, tips, support, strips and a scale bar, ready to be drawn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from abscope.population.newick import parse
from abscope.population.phylogeny import Phylogeny
from abscope.records import Tree
from abscope.reports.figures.chart import short
from abscope.reports.roster import Pick, Roster

WIDTH, LEFT, RIGHT, TOP = 980, 14, 560, 34
NAMES, CASES, STRIP = 578, 762, 872  # where the columns beside the tree begin
NAME_MOST, CASE_MOST, CLUSTER_MOST = 22, 13, 10
ROOMY = 60  # tips; beyond that rows are closer and numbers on branches are left to the tooltip
# Okabe and Ito 2008; the cluster's name always stands beside its colour.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#999999", "#f0e442")


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch, ending at (x, y), and what a pointer resting on it is told.

    weak: its support is too low. supported: it is high enough. Neither: there is none to judge.
    """

    path: str
    weak: bool
    supported: bool
    title: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A number on the tree: `end` puts its last letter at x, otherwise its middle."""

    x: float
    y: float
    text: str
    end: bool


@dataclass(frozen=True, slots=True)
class Tip:
    """One isolate: where its branch ends, and what stands beside it."""

    x: float
    y: float
    name: str
    short: str
    pick: Pick | None
    cases: str
    cluster: str
    colour: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, in pixels. weak_below is None where no branch carries support."""

    height: float
    row: float
    uprights: str
    branches: tuple[Branch, ...]
    labels: tuple[Label, ...]
    tips: tuple[Tip, ...]
    scale: tuple[float, str]
    tree: Tree
    weak_below: float | None

    @property
    def weak(self) -> int:
        """How many branches fall short of `weak_below`."""
        return sum(branch.weak for branch in self.branches)


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, where it lies, and where its parent lies."""

    name: str | None
    length: float
    support: float | None
    leaf: bool
    x: float
    y: float
    before: tuple[float, float]


def drawing(tree: Tree, roster: Roster) -> Drawing:
    """Lay a rooted tree out from left to right, one row per tip."""
    phylogeny = parse(tree.newick)
    tips = len(phylogeny.leaves)
    row = 22.0 if tips <= ROOMY else 17.0
    places, deepest = _places(phylogeny, row)
    _, *others = places
    below = _weak_below(tree, places)
    return Drawing(
        height=TOP + row * tips + 46,
        row=row,
        uprights="".join(_upright(place) for place in others),
        branches=tuple(_branch(place, below) for place in others),
        labels=tuple(label for place in others for label in _labels(place))
        if tips <= ROOMY
        else (),
        tips=tuple(_tip(place, roster) for place in places if place.leaf),
        scale=_scale(deepest),
        tree=tree,
        weak_below=below,
    )


def _places(tree: Phylogeny, row: float) -> tuple[list[_Place], float]:
    """Every node from top to bottom, the root first; and how many SNPs the deepest tip is from it."""
    children = tree.children
    nodes = list(_top_down(children))
    depth = _depths(tree)
    deepest = max(depth)
    unit = (RIGHT - LEFT) / deepest if deepest > 0 else 0.0
    y = _rows(nodes, children, row)
    places = [
        _Place(
            name=tree.names[node],
            length=max(tree.lengths[node], 0.0),
            support=tree.support[node],
            leaf=not children[node],
            x=round(LEFT + unit * depth[node], 1),
            y=y[node],
            before=(round(LEFT + unit * depth[above], 1), y[above]),
        )
        for node in nodes
        for above in [max(tree.parents[node], 0)]
    ]
    return places, deepest


def _top_down(children: Sequence[Sequence[int]]) -> Iterator[int]:
    """Every node before its children, the root first, in the order they are drawn."""
    left = [0]
    while left:
        node = left.pop()
        yield node
        left.extend(reversed(children[node]))


def _depths(tree: Phylogeny) -> list[float]:
    """Distance of every node from the root, in SNPs."""
    depth = [0.0]
    for node, parent in enumerate(tree.parents[1:], 1):
        depth.append(depth[parent] + max(tree.lengths[node], 0.0))
    return depth


def _rows(nodes: Sequence[int], children: Sequence[Sequence[int]], row: float) -> dict[int, float]:
    """Tips from top to bottom, inner nodes half-way between their first and last child."""
    tips = [node for node in nodes if not children[node]]
    y = {tip: TOP + row * (k + 0.5) for k, tip in enumerate(tips)}
    for node in reversed(nodes):
        if children[node]:
            y[node] = (y[children[node][0]] + y[children[node][-1]]) / 2
    return y


def _branch(place: _Place, below: float | None) -> Branch:
    """The branch to a node, and its length and support in words."""
    support = None if place.leaf or below is None else place.support
    weak = support is not None and below is not None and support < below
    return Branch(
        path=f"M{place.before[0]:.1f} {place.y:.1f}H{place.x:.1f}",
        weak=weak,
        supported=support is not None and not weak,
        title=snps(place.length) + ("" if support is None else f"; support {support:.0f}"),
        x=place.x,
        y=place.y,
    )


def _upright(place: _Place) -> str:
    """The line from the parent's height to a node's."""
    x, y = place.before
    return f"M{x:.1f} {y:.1f}V{place.y:.1f}"


def _labels(place: _Place) -> Iterator[Label]:
    """The support at an inner node, or the length of a tip's branch, where there is room."""
    left = place.before[0]
    if not place.leaf and place.support is not None and place.x - left > 26:
        yield Label(round(place.x - 6, 1), place.y - 4, f"{place.support:.0f}", end=True)
    elif place.leaf and place.x - left > 52:
        yield Label(round((left + place.x) / 2, 1), place.y - 4, _number(place.length), end=False)


def _tip(place: _Place, roster: Roster) -> Tip:
    name = place.name or "?"
    group = roster.cluster_of.get(name)
    rank = roster.clusters.groups.index(group) if group is not None else 0
    return Tip(
        x=place.x,
        y=place.y,
        name=name,
        short=short(name, NAME_MOST),
        pick=roster.isolate(name) if name in roster.isolates else None,
        cases=short(", ".join(roster.cases_of.get(name, ())), CASE_MOST),
        cluster=short(group.name, CLUSTER_MOST) if group is not None else "",
        colour=COLOURS[rank % len(COLOURS)] if group is not None else "",
    )


def support_needed(tree: Tree) -> float | None:
    """Support that a branch should have: 95 for ultrafast bootstrap, 70 for the others, None untested.

    Minh, Nguyen and von Haeseler 2013; Hillis and Bull 1993.
    """
    if tree.support is None:
        return None
    return 95.0 if "ultrafast" in tree.support.lower() else 70.0


def _weak_below(tree: Tree, places: Iterable[_Place]) -> float | None:
    """None where no branch was tested."""
    tested = any(not place.leaf and place.support is not None for place in places)
    return support_needed(tree) if tested else None


def _scale(deepest: float) -> tuple[float, str]:
    """Width in pixels and text of a bar of 1, 2 or 5 times a power of ten, at most a quarter wide."""
    if deepest <= 0:
        return 0.0, "no SNP between any of them"
    power = 10.0 ** floor(log10(deepest / 4))
    size = max(step * power for step in (1, 2, 5) if step * power <= deepest / 4)
    return round((RIGHT - LEFT) * size / deepest, 1), snps(size)


def _number(length: float) -> str:
    """A branch length, whole where rounding loses nothing worth knowing."""
    return f"{length:,.0f}" if length >= 10 or float(length).is_integer() else f"{length:,.1f}"


def snps(length: float) -> str:
    """A branch length in words."""
    text = f"{length:g}" if length < 1 else _number(length)
    return f"{text} SNP" if text == "1" else f"{text} SNPs"

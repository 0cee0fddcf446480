"""A network in columns: cases, clinics, products, suppliers, lots; lines as wide as they are likely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from abscope.reports.figures.chart import short
from abscope.reports.networks import Edge, Network, Node
from abscope.reports.words import percent

WIDTH, TOP, GAP = 980, 40, 44
BOX, LINE, BETWEEN = 36, 15, 12  # pixels: a box of one line, a second line, from box to box
LANE = 20  # pixels for a line that passes a column by
_SWEEPS = 4
_NARROW, _WIDE = 1.2, 13.0  # pixels of a line whose end is no source, and surely the source


@dataclass(frozen=True, slots=True)
class Place:
    """A node and where it stands."""

    node: Node
    x: float
    y: float
    lines: tuple[str, ...]
    says: str
    full: str


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as a curve."""

    edge: Edge
    path: str
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, in pixels; box, tall: width and height of a node."""

    network: Network
    height: float
    box: float
    tall: float
    heads: tuple[tuple[float, str], ...]
    places: tuple[Place, ...]
    lines: tuple[Line, ...]


def drawing(network: Network) -> Drawing:
    """Columns from left to right; within each, nodes beside what they hang together with."""
    count, layers = len(network.nodes), len(network.layers)
    box = (WIDTH - 8 - GAP * (layers - 1)) / layers
    texts = [_lines(node.name, int((box - 12) / 7.3)) for node in network.nodes]
    tall = BOX + LINE * (max(map(len, texts)) - 1)
    courses, lanes = _courses(network)
    layer = [*(node.layer for node in network.nodes), *lanes]
    sizes = [tall + BETWEEN] * count + [LANE] * len(lanes)
    y, height = _heights(_ordered(layer, courses), sizes)
    x = [round(4 + k * (box + GAP), 1) for k in range(layers)]
    return Drawing(
        network=network,
        height=TOP + height + 8,
        box=round(box, 1),
        tall=tall,
        heads=tuple((x[k], name) for k, name in enumerate(network.layers)),
        places=tuple(
            _place(node, x[node.layer], y[k], texts[k]) for k, node in enumerate(network.nodes)
        ),
        lines=tuple(
            _line(edge, network, [(x[layer[k]], y[k]) for k in course], box=box)
            for edge, course in zip(network.edges, courses, strict=True)
        ),
    )


def _courses(network: Network) -> tuple[list[tuple[int, ...]], list[int]]:
    """For each edge its first node, lanes through the columns between, and its other; each lane's column.

    Lanes are numbered after the nodes. Edges to one node share them.
    """
    lanes: dict[tuple[int, int], int] = {}
    courses = []
    for edge in network.edges:
        between = range(network.nodes[edge.one].layer + 1, network.nodes[edge.other].layer)
        passed = [(edge.other, layer) for layer in between]
        for one in passed:
            lanes.setdefault(one, len(network.nodes) + len(lanes))
        courses.append((edge.one, *(lanes[one] for one in passed), edge.other))
    return courses, [layer for _, layer in lanes]


def _ordered(layer: Sequence[int], courses: Iterable[Sequence[int]]) -> list[list[int]]:
    """Each column from top to bottom: by the middle of the neighbours, a few sweeps over."""
    columns = [[k for k, own in enumerate(layer) if own == one] for one in sorted(set(layer))]
    beside: dict[int, list[int]] = {k: [] for k in range(len(layer))}
    for course in courses:
        for one, other in pairwise(course):
            beside[one].append(other)
            beside[other].append(one)
    for sweep in range(_SWEEPS):
        for column in columns[1:] if sweep % 2 == 0 else columns[-2::-1]:
            place = {k: i / max(len(c), 1) for c in columns for i, k in enumerate(c)}
            column.sort(key=lambda k: _middle(k, beside, place))
    return columns


def _heights(
    columns: Sequence[Sequence[int]], sizes: Sequence[float]
) -> tuple[Mapping[int, float], float]:
    """Where the middle of each stands, every column about the same line; and the height of the tallest."""
    tall = [sum(sizes[k] for k in column) for column in columns]
    y = {}
    for column, own in zip(columns, tall, strict=True):
        top = TOP + (max(tall) - own) / 2
        for k in column:
            y[k] = top + sizes[k] / 2
            top += sizes[k]
    return y, max(tall)


def _middle(k: int, beside: dict[int, list[int]], place: dict[int, float]) -> tuple[float, int]:
    near = [place[other] for other in beside[k]]
    return (sum(near) / len(near) if near else place[k]), k


def _lines(name: str, letters: int) -> tuple[str, ...]:
    """A name in two lines at most."""
    first, *others = wrap(name, letters) or [name]
    return (first, short(" ".join(others), letters)) if others else (first,)


def _place(node: Node, x: float, y: float, lines: tuple[str, ...]) -> Place:
    if node.kind == "case":
        says = ""
    elif node.probability is not None:
        says = f"{node.kind} · {percent(node.probability)}"
    else:
        says = f"{node.kind} · {len(node.cases)}"
    full = f"{node.kind} {node.name}: {', '.join(node.cases)}"
    if node.probability is not None:
        full += f"; probability {percent(node.probability)}"
    return Place(node, x, round(y, 1), lines, says, full)


def _line(
    edge: Edge, network: Network, stops: Sequence[tuple[float, float]], *, box: float
) -> Line:
    """A curve from box to box; straight along each lane."""
    path = f"M{stops[0][0] + box:.1f} {stops[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(stops):
        bend = (x1 - x0 - box) / 2
        path += f"C{x0 + box + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        if x1 != stops[-1][0]:
            path += f"H{x1 + box:.1f}"
    one, other = network.nodes[edge.one], network.nodes[edge.other]
    title = f"{one.name} – {other.name}: {', '.join(edge.cases)}"
    weight = 0.0 if edge.unknown else edge.weight
    return Line(edge, path, round(_NARROW + (_WIDE - _NARROW) * weight, 1), title)

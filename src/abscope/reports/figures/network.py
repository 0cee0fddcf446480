"""A network in columns: cases, clinics, products, suppliers, lots; lines as wide as they are likely."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from abscope.reports.figures.chart import short
from abscope.reports.networks import Edge, Network, Node
from abscope.reports.words import percent

WIDTH, TOP, GAP = 980, 40, 44
BOX, LINE, BETWEEN = 36, 15, 12  # pixels: a box of one line, a second line, from box to box
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
    layers = len(network.layers)
    box = (WIDTH - 8 - GAP * (layers - 1)) / layers
    texts = [_lines(node.name, int((box - 12) / 7.3)) for node in network.nodes]
    tall = BOX + LINE * (max(map(len, texts)) - 1)
    step = tall + BETWEEN
    columns = _ordered(network)
    most = max(len(column) for column in columns)
    y = {
        k: TOP + step * (place + 0.5) + (most - len(column)) * step / 2
        for column in columns
        for place, k in enumerate(column)
    }
    x = [round(4 + layer * (box + GAP), 1) for layer in range(layers)]
    return Drawing(
        network=network,
        height=TOP + step * most + 8,
        box=round(box, 1),
        tall=tall,
        heads=tuple((x[k], name) for k, name in enumerate(network.layers)),
        places=tuple(
            _place(node, x[node.layer], y[k], texts[k]) for k, node in enumerate(network.nodes)
        ),
        lines=tuple(_line(edge, network, x, y, box=box) for edge in network.edges),
    )


def _ordered(network: Network) -> list[list[int]]:
    """Each layer's nodes from top to bottom: by the middle of their neighbours, a few sweeps over."""
    columns: list[list[int]] = [[] for _ in network.layers]
    for k, node in enumerate(network.nodes):
        columns[node.layer].append(k)
    beside: dict[int, list[int]] = {k: [] for k in range(len(network.nodes))}
    for edge in network.edges:
        beside[edge.one].append(edge.other)
        beside[edge.other].append(edge.one)
    for sweep in range(_SWEEPS):
        for column in columns[1:] if sweep % 2 == 0 else columns[-2::-1]:
            place = {k: i / max(len(c), 1) for c in columns for i, k in enumerate(c)}
            column.sort(key=lambda k: _middle(k, beside, place))
    return columns


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
    edge: Edge, network: Network, x: Sequence[float], y: dict[int, float], *, box: float
) -> Line:
    one, other = network.nodes[edge.one], network.nodes[edge.other]
    x0, x1 = x[one.layer] + box, x[other.layer]
    y0, y1 = y[edge.one], y[edge.other]
    bend = (x1 - x0) / 2
    path = f"M{x0:.1f} {y0:.1f}C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    title = f"{one.name} – {other.name}: {', '.join(edge.cases)}"
    weight = 0.0 if edge.unknown else edge.weight
    return Line(edge, path, round(_NARROW + (_WIDE - _NARROW) * weight, 1), title)

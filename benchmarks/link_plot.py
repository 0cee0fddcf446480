"""A reliability diagram as SVG: what was claimed against what was so, one small square a cell."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

SIDE, GAP, ACROSS, TOP = 150, 46, 5, 30
RIGHT, WRONG, LINE, INK = "#1f6f8b", "#b5502f", "#b8b8b8", "#333333"


def reliability_plot(cells: Sequence[Mapping[str, object]]) -> str:
    """One square a cell: a dot a bin, its area by the number of pairs."""
    rows = -(-len(cells) // ACROSS)
    width, height = ACROSS * (SIDE + GAP) + GAP, rows * (SIDE + GAP + TOP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11" fill="{INK}">',
        "<title>Claimed chance of a link against the share that was linked</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, cell in enumerate(cells):
        x = GAP + number % ACROSS * (SIDE + GAP)
        y = TOP + number // ACROSS * (SIDE + GAP + TOP)
        parts += _square(cell, x, y)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _square(cell: Mapping[str, object], x: int, y: int) -> Iterator[str]:
    color = RIGHT if cell["right"] else WRONG
    bins: Sequence[tuple[float, float, int]] = cell["bins"]  # type: ignore[assignment]
    most = max(pairs for _, _, pairs in bins)
    yield f'<text x="{x}" y="{y - 8}" font-weight="bold">{cell["name"]}</text>'
    yield f'<rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{LINE}"/>'
    yield f'<line x1="{x}" y1="{y + SIDE}" x2="{x + SIDE}" y2="{y}" stroke="{LINE}" stroke-dasharray="4 3"/>'
    points = [(x + SIDE * a, y + SIDE * (1 - b), n) for a, b, n in bins]
    joined = " ".join(f"{px:.1f},{py:.1f}" for px, py, _ in points)
    yield f'<polyline points="{joined}" fill="none" stroke="{color}"/>'
    for px, py, pairs in points:
        radius = max(2.0, 7 * sqrt(pairs / most))
        yield f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius:.1f}" fill="{color}" fill-opacity="0.7"/>'
    for at in (0, 0.5, 1):
        yield f'<text x="{x + SIDE * at:.0f}" y="{y + SIDE + 13}" text-anchor="middle">{at:g}</text>'
        yield f'<text x="{x - 5}" y="{y + SIDE * (1 - at) + 4:.0f}" text-anchor="end">{at:g}</text>'
    if x == GAP:
        yield (
            f'<text transform="translate({x - 28} {y + SIDE / 2:.0f}) rotate(-90)" '
            'text-anchor="middle">linked</text>'
        )
    yield f'<text x="{x + SIDE / 2:.0f}" y="{y + SIDE + 26}" text-anchor="middle">claimed</text>'

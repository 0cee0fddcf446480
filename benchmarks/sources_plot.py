"""Reliability as a picture: what was said against what was so, as SVG without a library."""

from collections.abc import Iterator, Sequence

import numpy as np

SIDE, GAP, BINS = 200, 50, 10


def svg(panels: Sequence[tuple[str, Sequence[tuple[float, bool]]]]) -> str:
    """One panel each: a dot a bin, its area by how many outbreaks, on or off the diagonal."""
    width, height = GAP + len(panels) * (SIDE + GAP), SIDE + 2 * GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, (name, said) in enumerate(panels):
        lines += _panel(GAP + number * (SIDE + GAP), name, said)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(left: int, name: str, said: Sequence[tuple[float, bool]]) -> Iterator[str]:
    bottom = GAP + SIDE
    yield f'<text x="{left}" y="{GAP - 12}">{name}</text>'
    yield f'<rect x="{left}" y="{GAP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'
    yield f'<line x1="{left}" y1="{bottom}" x2="{left + SIDE}" y2="{GAP}" stroke="#bbb"/>'
    for tick in (0, 0.5, 1):
        yield (
            f'<text x="{left + tick * SIDE:.0f}" y="{bottom + 16}" text-anchor="middle">{tick}</text>'
            f'<text x="{left - 6}" y="{bottom - tick * SIDE + 4:.0f}" text-anchor="end">{tick}</text>'
        )
    yield f'<text x="{left + SIDE / 2:.0f}" y="{bottom + 34}" text-anchor="middle">said</text>'
    claims, so = np.array([s for s, _ in said]), np.array([t for _, t in said])
    at = np.minimum((claims * BINS).astype(int), BINS - 1)
    for own in (at == b for b in range(BINS)):
        if own.sum() >= 10:
            radius = 2 + 12 * np.sqrt(own.sum() / len(said))
            yield (
                f'<circle cx="{left + SIDE * claims[own].mean():.1f}" '
                f'cy="{bottom - SIDE * so[own].mean():.1f}" r="{radius:.1f}" fill="#2a6f97" '
                'fill-opacity="0.6"/>'
            )

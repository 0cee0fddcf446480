"""Backgrounds as a drawing: a panel a stratum, share of pairs against SNPs, interval shaded.

SVG by itself, no script and no font of its own, so that it can stand in any page; same bytes every time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

import numpy as np
from numpy.typing import NDArray

from abscope.records import Background
from abscope.reports.figures.chart import FONT

_WIDE, _HIGH = 250, 170  # the plotted part of a panel, pixels
_LEFT, _TOP, _RIGHT, _BELOW = 62, 48, 14, 44
_COLUMNS = 3
_LEAST = 1e-4  # shares below this lie on the floor
_RULES = (5, 10, 20, 25)
_BLUE, _BAND, _ORANGE, _GREY = "#1f4e79", "#c6d9ec", "#c75b12", "#8a8a8a"


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One stratum. linked: share of pairs of one patient at most d apart, None where not known."""

    background: Background
    linked: NDArray[np.float64] | None = None
    linked_pairs: int = 0


def drawn(panels: Sequence[Panel], *, most: int = 60) -> str:
    """All panels as one SVG. most: SNPs up to which is drawn."""
    columns = min(_COLUMNS, len(panels))
    wide, high = _LEFT + _WIDE + _RIGHT, _TOP + _HIGH + _BELOW
    rows = -(-len(panels) // columns)
    both = any(panel.linked is not None for panel in panels)
    width, height = max(columns * wide, 660), rows * high + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{escape(FONT)}" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_key(both),
    ]
    for place, panel in enumerate(panels):
        x, y = place % columns * wide + _LEFT, place // columns * high + _TOP + 34
        parts += [f'<g transform="translate({x},{y})">', *_panel(panel, most), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _key(both: bool) -> Iterator[str]:
    yield f'<rect x="14" y="12" width="22" height="12" fill="{_BAND}"/>'
    yield f'<path d="M14 18h22" stroke="{_BLUE}" stroke-width="2"/>'
    yield '<text x="42" y="22">share of pairs of unlinked patients, 95 % interval</text>'
    yield f'<path d="M500 18h22" stroke="{_GREY}" stroke-dasharray="2 3"/>'
    yield '<text x="528" y="22">5, 10, 20, 25 SNPs</text>'
    if both:
        yield f'<path d="M330 18h22" stroke="{_ORANGE}" stroke-width="2" stroke-dasharray="5 3"/>'
        yield '<text x="358" y="22">isolates of one patient</text>'


def _panel(panel: Panel, most: int) -> Iterator[str]:
    found = panel.background
    end = min(most, found.limit)
    title = escape(found.stratum)
    pairs = f"{found.patients} patients, {found.pairs:,} pairs"
    if panel.linked is not None:
        pairs += f"; {panel.linked_pairs:,} of one patient"
    yield f'<text y="-25" font-weight="bold" font-size="13">{title}</text>'
    yield f'<text y="-9" fill="#444">{pairs}</text>'
    yield from _axes(end)
    xs = [_x(d, end) for d in range(end + 1)]
    above = [f"{x},{_y(v)}" for x, v in zip(xs, found.upper.tolist(), strict=False)]
    below = [f"{x},{_y(v)}" for x, v in zip(xs, found.lower.tolist(), strict=False)]
    yield f'<polygon points="{" ".join(above + below[::-1])}" fill="{_BAND}" opacity=".8"/>'
    yield from _rules(end)
    yield _line(xs, found.share, _BLUE, "")
    if panel.linked is not None:
        yield _line(xs, panel.linked, _ORANGE, ' stroke-dasharray="5 3"')


def _line(xs: Sequence[float], shares: NDArray[np.float64], colour: str, more: str) -> str:
    points = " ".join(f"{x},{_y(v)}" for x, v in zip(xs, shares.tolist(), strict=False))
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{more}/>'


def _axes(end: int) -> Iterator[str]:
    for power in range(round(log10(_LEAST)), 1):
        y = _y(10.0**power)
        label = f"{100 * 10.0**power:g} %" if 10.0**power > _LEAST else f"≤ {100 * _LEAST:g} %"
        yield f'<path d="M0 {y}H{_WIDE}" stroke="#e4e4e4"/>'
        yield f'<text x="-6" y="{y + 4}" text-anchor="end">{label}</text>'
    for snps in range(0, end + 1, max(1, end // 6 // 5 * 5)):
        yield f'<text x="{_x(snps, end)}" y="{_HIGH + 15}" text-anchor="middle">{snps}</text>'
    yield f'<rect width="{_WIDE}" height="{_HIGH}" fill="none" stroke="#777"/>'
    yield (
        f'<text x="{_WIDE / 2}" y="{_HIGH + 31}" text-anchor="middle" fill="#444">'
        "at most so many SNPs apart</text>"
    )


def _rules(end: int) -> Iterator[str]:
    for rule in (rule for rule in _RULES if rule <= end):
        x = _x(rule, end)
        yield f'<path d="M{x} 0V{_HIGH}" stroke="{_GREY}" stroke-dasharray="2 3"/>'


def _x(snps: int, end: int) -> float:
    return round(snps / end * _WIDE, 1)


def _y(share: float) -> float:
    """Down from the top, on a log scale from 1 to the least share drawn."""
    return round(log10(max(share, _LEAST)) / log10(_LEAST) * _HIGH, 1)

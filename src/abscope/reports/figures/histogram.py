"""How far apart all pairs are, on a log scale, with the cluster levels marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np

from abscope.records import Relatedness
from abscope.reports.figures.chart import Chart

GROWTH = 1.35  # each bin is about this much wider than the one before
TICKS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs that are `low` to `high` SNPs apart, both included."""

    low: int
    high: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """The bins that hold a pair, the pairs left out for want of sites, and the drawing."""

    bins: tuple[Bin, ...]
    unresolved: int
    chart: Chart


def histogram(relatedness: Relatedness) -> Histogram | None:
    """Every resolved pair of every comparison; None where there is no such pair."""
    unresolved = {frozenset(pair) for level in relatedness.clusters for pair in level.unresolved}
    snps = [
        int(c.masked.snps[i, j])
        for c in relatedness.comparisons
        for i, j in zip(*np.triu_indices(len(c.ids), 1), strict=True)
        if frozenset((c.ids[i], c.ids[j])) not in unresolved
    ]
    if not snps:
        return None
    levels = sorted({level.level for level in relatedness.clusters})
    bins = _bins(snps, levels)
    return Histogram(bins, len(unresolved), _chart(bins, levels))


def _bins(snps: Sequence[int], levels: Sequence[int]) -> tuple[Bin, ...]:
    """Count pairs; a bin ends at a level, so that a level never cuts one in two."""
    counts = np.bincount(np.asarray(snps))
    found, low = [], 0
    while low < len(counts):
        high = min([max(low, int(low * GROWTH)), *(x for x in levels if x >= low)])
        pairs = int(counts[low : high + 1].sum())
        if pairs:
            found.append(Bin(low, high, pairs))
        low = high + 1
    return tuple(found)


def _place(edge: float) -> float:
    """Where half-way points between whole numbers of SNPs lie: log10(SNPs + 1), 0 included."""
    return round(log10(edge + 1), 5)


def _chart(bins: tuple[Bin, ...], levels: Sequence[int]) -> Chart:
    edges = [(_place(b.low - 0.5), _place(b.high + 0.5)) for b in bins]
    top = max(b.pairs for b in bins)
    right = max(edges[-1][1], *(_place(level + 0.5) for level in levels), 1.0)
    return Chart(
        name="histogram",
        label="Histogram of all pair distances; the numbers are in the table below",
        height=340,
        width=560,
        data=[
            {
                "type": "bar",
                "x": [round((low + high) / 2, 5) for low, high in edges],
                "width": [round(high - low, 5) for low, high in edges],
                "y": [b.pairs for b in bins],
                "text": [f"{b.pairs:,}" for b in bins],
                "textposition": "outside",
                "textangle": 0,
                "cliponaxis": False,
                "constraintext": "none",
                "textfont": {"size": 10},
                "marker": {"color": "#4a7fb5", "line": {"color": "#1f4e79", "width": 1}},
                "customdata": [span(b) for b in bins],
                "hovertemplate": "%{customdata} SNPs: %{y:,} pairs<extra></extra>",
                "showlegend": False,
            }
        ],
        layout={
            "bargap": 0,
            "xaxis": {
                "title": {"text": "SNPs between two isolates (log scale)"},
                "range": [_place(-0.5) - 0.02, right + 0.05],
                "tickmode": "array",
                "tickvals": [_place(tick) for tick in TICKS],
                "ticktext": [f"{tick:,}" for tick in TICKS],
                "automargin": True,
                "zeroline": False,
                "showgrid": False,
                "fixedrange": True,
            },
            "yaxis": {
                "title": {"text": "pairs (log scale)"},
                "type": "log",
                "range": [log10(0.5), log10(top) + 0.75],
                "dtick": 1,
                "automargin": True,
                "fixedrange": True,
            },
            "shapes": [_mark(level) for level in levels],
            "annotations": [_name(level, k) for k, level in enumerate(levels)],
        },
    )


def span(b: Bin) -> str:
    """`3`, or `4 to 6`."""
    return f"{b.low:,}" if b.low == b.high else f"{b.low:,} to {b.high:,}"


def _mark(level: int) -> dict[str, object]:
    x = _place(level + 0.5)
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": "#b3261e", "width": 1.5, "dash": "dash"},
    }  # fmt: skip


def _name(level: int, k: int) -> dict[str, object]:
    return {
        "x": _place(level + 0.5), "y": 1 - 0.08 * (k % 3), "xref": "x", "yref": "paper",
        "text": f"≤ {level:,}", "showarrow": False, "xanchor": "left", "yanchor": "top",
        "font": {"size": 11, "color": "#b3261e"},
    }  # fmt: skip

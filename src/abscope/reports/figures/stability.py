"""How many clusters there are at every threshold: level stretches are clusters that hold."""

from collections.abc import Sequence
from math import log10

from abscope.records.linkages import Plateau
from abscope.reports.figures.chart import Chart

_TICKS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_LINES = (
    ("clusters", "clusters of two or more", "#1f4e79", "solid"),
    ("clustered", "isolates in them", "#b35a1f", "dot"),
    ("largest", "isolates in the largest", "#4a7f3b", "dash"),
)


def stability(plateaus: Sequence[Plateau], levels: Sequence[int]) -> Chart:
    """Clusters, isolates in them, and the largest, by the SNPs that join two isolates (log scale)."""
    last = max(plateaus[-1].low, *levels, 1) * 1.3
    edges = [_place(one.low) for one in plateaus] + [_place(last)]
    top = max(one.clustered for one in plateaus)
    return Chart(
        name="stability",
        label="Number of clusters at every SNP threshold; the numbers are in stability.tsv",
        height=420,
        width=640,
        data=[
            {
                "type": "scatter", "mode": "lines", "name": words,
                "x": edges, "y": [*(getattr(one, key) for one in plateaus),
                                  getattr(plateaus[-1], key)],
                "line": {"shape": "hv", "color": colour, "dash": dash, "width": 2},
                "customdata": [*map(_span, plateaus), ""],
                "hovertemplate": "%{customdata} SNPs: %{y:,} " + words + "<extra></extra>",
            }
            for key, words, colour, dash in _LINES
        ],
        layout={
            "xaxis": {
                "title": {"text": "SNPs that join two isolates (log scale)"},
                "tickmode": "array", "tickvals": [_place(tick) for tick in _TICKS if tick <= last],
                "ticktext": [f"{tick:,}" for tick in _TICKS if tick <= last],
                "automargin": True, "zeroline": False,
            },
            "yaxis": {"range": [0, top * 1.08 + 1], "automargin": True, "rangemode": "tozero"},
            "shapes": [
                {"type": "line", "xref": "x", "yref": "paper", "x0": _place(level),
                 "x1": _place(level), "y0": 0, "y1": 1,
                 "line": {"color": "#777777", "width": 1, "dash": "dash"}}
                for level in levels
            ],
        },
    )  # fmt: skip


def _place(snps: float) -> float:
    return round(log10(snps + 1), 5)


def _span(one: Plateau) -> str:
    if one.high is None:
        return f"{one.low:,} and more"
    return f"{one.low:,}" if one.low == one.high else f"{one.low:,} to {one.high:,}"

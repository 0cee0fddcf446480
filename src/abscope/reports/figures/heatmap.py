"""The distance matrix of one reference as a heat map, near pairs dark."""

from collections.abc import Iterator
from math import log10

import numpy as np

from abscope.reports.distances import Square
from abscope.reports.figures.chart import Chart, categories, plain, short
from abscope.reports.roster import Roster

MOST = 200  # isolates; beyond that a cell is thinner than a pixel
NUMBERS_MOST = 26  # isolates; beyond that a number does not fit its cell
NAMES_MOST = 70  # isolates; beyond that names would overlap, and only a pointer shows them
_DARK = 0.34  # share of the scale up to which white stands out more than black
SCALE = [[0, "#08306b"], [0.3, "#2171b5"], [0.6, "#6baed6"], [0.85, "#c6dbef"], [1, "#eff5fb"]]


def heatmap(square: Square, roster: Roster, number: int) -> Chart | None:
    """SNPs outside the mask on a log scale; None for fewer than two isolates.

    Shows the first MOST isolates of the square, which starts with the clusters.
    """
    ids = square.ids[:MOST]
    size = len(ids)
    if size < 2:
        return None
    numbers, named = size <= NUMBERS_MOST, size <= NAMES_MOST
    names = 7 * max(len(short(name)) for name in ids) if named else 0
    height = max(140, size * 26 if numbers else min(size * 14, 900)) + names + 30
    return Chart(
        name=f"heatmap-{number}",
        label=f"Heat map of SNP distances between {size} isolates on {square.reference}; "
        "the numbers are in the table below",
        height=height,
        width=names + 100 + (40 if numbers else 4) * size,
        data=[_cells(square, ids), *_numbers(square, ids), *_question_marks(square, ids)],
        layout={
            "xaxis": categories(
                ids,
                tickangle=-60 if size > 4 else 0,
                range=[-0.5, size - 0.5],
                showticklabels=named,
                ticks="",
            ),
            "yaxis": categories(ids, range=[size - 0.5, -0.5], showticklabels=named, ticks=""),
        },
        rows=[roster.isolate(name).tokens for name in ids],
        axes="xy",
    )


def _cells(square: Square, ids: tuple[str, ...]) -> dict[str, object]:
    n = len(ids)
    hidden = square.unresolved[:n, :n] | np.eye(n, dtype=np.bool_)
    snps = square.snps[:n, :n]
    logs = np.log10(snps + 1)
    top = float(logs[~hidden].max()) if (~hidden).any() else 1.0
    details = np.stack([square.comparable[:n, :n], square.snps_raw[:n, :n]], axis=2)
    return {
        "type": "heatmap",
        "x": [plain(name) for name in ids],
        "y": [plain(name) for name in ids],
        "z": [
            [
                None if hide else round(float(value), 4)
                for value, hide in zip(row, flags, strict=True)
            ]
            for row, flags in zip(logs, hidden, strict=True)
        ],
        "customdata": details.tolist(),
        "text": [
            ["" if hide else f"{value:,}" for value, hide in zip(row, flags, strict=True)]
            for row, flags in zip(snps.tolist(), hidden, strict=True)
        ],
        "hovertemplate": "%{y} and %{x}<br>%{text} SNPs outside the mask<br>"
        "%{customdata[0]:,} sites compared<br>%{customdata[1]:,} SNPs, masked sites included"
        "<extra></extra>",
        "hoverongaps": False,
        "xgap": int(n <= NAMES_MOST),
        "ygap": int(n <= NAMES_MOST),
        "zmin": 0,
        "zmax": max(top, 1.0),
        "colorscale": SCALE,
        "colorbar": _legend(max(top, 1.0)),
    }


def _numbers(square: Square, ids: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Where they fit, the numbers: white on dark shades and black on the others."""
    n = len(ids)
    if n > NUMBERS_MOST:
        return
    hidden = square.unresolved[:n, :n] | np.eye(n, dtype=np.bool_)
    snps = square.snps[:n, :n]
    logs = np.log10(snps + 1)
    dark = logs < _DARK * max(float(logs[~hidden].max(initial=0)), 1.0)
    for colour, which in (("#ffffff", dark & ~hidden), ("#000000", ~dark & ~hidden)):
        rows, columns = np.nonzero(which)
        if not len(rows):
            continue
        yield {
            "type": "scatter",
            "mode": "text",
            "x": [plain(ids[j]) for j in columns],
            "y": [plain(ids[i]) for i in rows],
            "text": [f"{value:,}" for value in snps[which].tolist()],
            "textfont": {"size": 10, "color": colour},
            "hoverinfo": "skip",
            "showlegend": False,
        }


def _legend(top: float) -> dict[str, object]:
    ticks = [value for value in (0, 1, 10, 100, 1000, 10_000, 100_000) if log10(value + 1) <= top]
    return {
        "title": {"text": "SNPs", "side": "top"},
        "tickmode": "array",
        "tickvals": [round(log10(value + 1), 4) for value in ticks],
        "ticktext": [f"{value:,}" for value in ticks],
        "thickness": 14,
        "len": 1,
        "outlinewidth": 0,
    }


def _question_marks(square: Square, ids: tuple[str, ...]) -> list[dict[str, object]]:
    """Pairs with too few sites in common: a question mark, never a number."""
    n = len(ids)
    rows, columns = np.nonzero(square.unresolved[:n, :n])
    if not len(rows):
        return []
    marks = {
        "type": "scatter",
        "mode": "text",
        "x": [plain(ids[j]) for j in columns],
        "y": [plain(ids[i]) for i in rows],
        "text": ["?"] * len(rows),
        "customdata": square.comparable[rows, columns].tolist(),
        "hovertemplate": "%{y} and %{x}<br>too few sites to say: %{customdata:,}<extra></extra>",
        "showlegend": False,
    }
    return [marks]

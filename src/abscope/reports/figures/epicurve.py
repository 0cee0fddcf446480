"""Cases by onset, with what is not yet complete shaded and the cases still to expect above it."""

from datetime import timedelta

import polars as pl

from abscope.outbreak.epicurve import is_complete
from abscope.reports.figures.chart import Chart
from abscope.reports.words import plural

_DAY = 86_400_000  # milliseconds, as Plotly measures time
# Okabe and Ito 2008, darker the surer.
STATUSES = (
    ("confirmed", "#0072b2"),
    ("probable", "#56b4e9"),
    ("suspect", "#cc79a7"),
    ("unclassified", "#9aa5b1"),
)


def epicurve(curve: pl.DataFrame) -> Chart | None:
    """One bar a period, stacked by status. curve: tables.EPI_CURVE; None where it is empty."""
    if not len(curve):
        return None
    days = [day.isoformat() for day in curve["first"]]
    widths = [
        0.95 * _DAY * ((last - first).days + 1)
        for first, last in curve.select("first", "last").iter_rows()
    ]
    bars = [
        {
            "type": "bar",
            "name": status,
            "x": days,
            "y": curve[status].to_list(),
            "offset": 0,
            "width": widths,
            "marker": {"color": colour},
            "hovertemplate": f"%{{x}}<br>%{{y}} {status}<extra></extra>",
        }
        for status, colour in STATUSES
        if curve[status].sum()
    ]
    hatched = _to_come(curve, days, widths)
    cases = plural(int(curve["cases"].sum()), "case")
    return Chart(
        name="epicurve",
        label=f"Epidemic curve of {cases}; the numbers are in the table below",
        height=300,
        width=560,
        data=[*bars, *([hatched] if hatched else [])],
        layout={
            "barmode": "stack",
            "bargap": 0.05,
            "xaxis": {"type": "date", "automargin": True, "fixedrange": True},
            "yaxis": {
                "title": {"text": "cases"},
                "rangemode": "tozero",
                "fixedrange": True,
                "automargin": True,
            },
            "shapes": _shades(curve),
        },
    )


def _to_come(curve: pl.DataFrame, days: list[str], widths: list[float]) -> dict[str, object] | None:
    more = [
        0.0 if is_complete(share) or expected is None else max(expected - seen, 0.0)
        for share, expected, seen in curve.select("complete", "expected", "cases").iter_rows()
    ]
    if not any(more):
        return None
    return {
        "type": "bar",
        "name": "still to be reported",
        "x": days,
        "y": more,
        "offset": 0,
        "width": widths,
        "marker": {"color": "rgba(0,0,0,0)", "line": {"color": "#5b6670", "width": 1}},
        "hovertemplate": "%{x}<br>about %{y:.1f} still to be reported<extra></extra>",
    }


def _shades(curve: pl.DataFrame) -> list[dict[str, object]]:
    """Grey behind every period that cannot be read as it stands."""
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": first.isoformat(),
            "x1": (last + timedelta(days=1)).isoformat(),
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "fillcolor": "rgba(140,150,160,0.25)",
            "layer": "below",
        }
        for first, last, share in curve.select("first", "last", "complete").iter_rows()
        if share is not None and not is_complete(share)
    ]

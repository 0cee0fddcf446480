"""One line per case: exposure, onset, specimen, treatment."""

from abscope.reports.cases import DATES, CaseRow
from abscope.reports.figures.chart import Chart, categories, plain

# A shape as well as a colour for each kind of date (colours: Okabe and Ito 2008).
MARKS = (
    ("diamond", "#d55e00"),
    ("circle", "#0072b2"),
    ("triangle-up", "#009e73"),
    ("square-open", "#7d4e9f"),
)
ROW, MARGINS = 26, 110


def timeline(cases: tuple[CaseRow, ...]) -> Chart | None:
    """Cases from top to bottom in the line list's order; None where nobody has a date."""
    dated = tuple(case for case in cases if case.dated)
    if not dated:
        return None
    names = [_label(case) for case in dated]
    traces = [_spans(dated, names), *(_events(dated, names, k) for k in range(len(DATES)))]
    size = len(names)
    return Chart(
        name="timeline",
        label=f"Timeline of {size} cases; the dates are in the table below",
        height=ROW * size + MARGINS,
        width=560,
        data=traces,
        layout={
            "xaxis": {"type": "date", "automargin": True, "showgrid": True, "fixedrange": True},
            "yaxis": categories(names, range=[size - 0.5, -0.5], showgrid=True),
        },
        rows=[case.pick.tokens for case in dated],
        axes="y",
    )


def _label(case: CaseRow) -> str:
    """The case, and its cluster or the lack of an isolate."""
    groups = ", ".join(cluster.name for cluster in case.clusters)
    mark = groups or ("no isolate" if case.missing else "")
    return f"{case.pick.name} ({mark})" if mark else case.pick.name


def _spans(cases: tuple[CaseRow, ...], names: list[str]) -> dict[str, object]:
    x: list[str | None] = []
    y: list[str | None] = []
    for case, name in zip(cases, names, strict=True):
        known = [day.isoformat() for day in case.dates if day is not None]
        x += [min(known), max(known), None]
        y += [plain(name), plain(name), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": "#9aa5b1", "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _events(cases: tuple[CaseRow, ...], names: list[str], k: int) -> dict[str, object]:
    symbol, colour = MARKS[k]
    known = [
        (name, case.dates[k]) for case, name in zip(cases, names, strict=True) if case.dates[k]
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": DATES[k][1],
        "x": [day.isoformat() for _, day in known if day],
        "y": [plain(name) for name, _ in known],
        "marker": {
            "symbol": symbol,
            "size": 11,
            "color": colour,
            "line": {"width": 1.5, "color": colour},
        },
        "hovertemplate": f"%{{y}}<br>{DATES[k][1]} %{{x|%Y-%m-%d}}<extra></extra>",
    }

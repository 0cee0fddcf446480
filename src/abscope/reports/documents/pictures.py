"""The figures of a report, drawn from the event: SVG and PNG by Matplotlib, and their data as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from abscope.records.cells import safe_cell
from abscope.reports.documents import parts
from abscope.reports.documents.blocks import Picture
from abscope.reports.documents.event import Event
from abscope.reports.documents.language import Language
from abscope.reports.documents.optional import library
from abscope.reports.documents.run import Run, day

_STYLE = {
    "font.family": "DejaVu Sans", "font.size": 8, "svg.hashsalt": "abscope", "svg.fonttype": "path",
    "axes.spines.top": False, "axes.spines.right": False,
}  # fmt: skip
_WIDTH, _TALLEST = 6.6, 8.0  # inches: a page holds a figure and what it shows
# Okabe and Ito 2008: a shape as well as a colour for each kind of date.
_MARKS = (
    ("date_exposure", "exposed", "D", "#d55e00"),
    ("date_onset", "onset", "o", "#0072b2"),
    ("date_collection", "isolate", "^", "#009e73"),
)
_NEAREST = 6


def pictures(run: Run, event: Event, w: Language) -> tuple[Picture, ...]:
    """Every figure that the data allow. Raises ToolError where Matplotlib is not installed."""
    drawers = (_timeline, _epicurve, _distances, _sources)
    return tuple(one for draw in drawers if (one := draw(run, event, w)) is not None)


def _drawn(
    name: str, size: tuple[float, float], draw: Any, rows: Sequence[Sequence[Any]]
) -> Picture:
    """One figure in both formats. draw: fills the axes."""
    mpl = library("matplotlib", "a figure")
    figures = library("matplotlib.figure", "a figure")
    agg = library("matplotlib.backends.backend_agg", "a figure")
    with mpl.rc_context(_STYLE):
        figure = figures.Figure(figsize=size, layout="constrained")
        agg.FigureCanvasAgg(figure)
        draw(figure.subplots())
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    width, height = (72 * inches for inches in size)
    return Picture(name, svg.getvalue(), png.getvalue(), _csv(rows), width, height)


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    for row in rows:
        lines.writerow("" if cell is None else safe_cell(str(cell)) for cell in row)
    return out.getvalue().encode()


def _plain(name: str) -> str:
    """A name as Matplotlib draws it: dollar signs are not formulas."""
    return name.replace("$", r"\$")


def _timeline(run: Run, event: Event, w: Language) -> Picture | None:
    rows = [row for row in run.rows("cases") if row["case_id"] in event.everybody]
    dates = {
        str(row["case_id"]): {n: found for n, *_ in _MARKS if (found := day(row.get(n)))}
        for row in rows
    }
    dated = {name: own for name, own in dates.items() if own}
    if not dated:
        return None
    table: list[list[Any]] = [["case_id", *(name for name, *_ in _MARKS)]]
    table += [[case, *(own.get(name) for name, *_ in _MARKS)] for case, own in dated.items()]

    tall = min(_TALLEST, 1.1 + 0.28 * len(dated))
    row = 72 * (tall - 1.1) / len(dated)  # points

    def draw(axes: Any) -> None:
        for k, own in enumerate(dated.values()):
            axes.plot([min(own.values()), max(own.values())], [k, k], color="#9aa5b1", zorder=1)
        for name, label, marker, colour in _MARKS:
            points = [(own[name], k) for k, own in enumerate(dated.values()) if name in own]
            if points:
                days, places = zip(*points, strict=True)
                axes.scatter(days, places, marker=marker, color=colour, s=min(36, row**2),
                             label=w(f"report.{label}"), zorder=2)  # fmt: skip
        axes.set_yticks(
            range(len(dated)), [_plain(name) for name in dated], fontsize=min(8, 0.8 * row)
        )
        axes.set_ylim(len(dated) - 0.5, -0.5)
        _month_axis(axes)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)

    return _drawn("timeline", (_WIDTH, tall), draw, table)


def _month_axis(axes: Any) -> None:
    dates = library("matplotlib.dates", "a figure")
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=8))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%Y-%m"))
    axes.grid(axis="x", color="#e3e8ec")
    axes.set_axisbelow(True)


def _epicurve(run: Run, event: Event, w: Language) -> Picture | None:
    months: dict[date, list[int]] = {}
    for row in run.rows("cases"):
        known = day(row.get("date_onset")) or day(row.get("date_collection"))
        if known is not None:
            own = months.setdefault(known.replace(day=1), [0, 0])
            own[row["case_id"] not in event.everybody] += 1
    if not months:
        return None
    run_of = sorted(months)
    counts = [months[month] for month in run_of]
    table = [["month", "cluster", "others"]]
    table += [[f"{m:%Y-%m}", *map(str, own)] for m, own in zip(run_of, counts, strict=True)]

    def draw(axes: Any) -> None:
        below = [own[0] for own in counts]
        axes.bar(run_of, below, width=26, align="edge", color="#0072b2", label=event.cluster)
        axes.bar(run_of, [own[1] for own in counts], width=26, align="edge", bottom=below,
                 color="#c9d3db", hatch="//", edgecolor="white", label="–")  # fmt: skip
        handles, _ = axes.get_legend_handles_labels()
        axes.legend(handles, [event.cluster, w("words.others")], frameon=False, ncols=2,
                    loc="lower center", bbox_to_anchor=(0.5, 1.0))  # fmt: skip
        axes.yaxis.set_major_locator(
            library("matplotlib.ticker", "a figure").MaxNLocator(integer=True)
        )
        axes.set_ylabel(w("report.cases").lower())
        _month_axis(axes)

    return _drawn("epicurve", (_WIDTH, 2.0), draw, table)


def _distances(run: Run, event: Event, w: Language) -> Picture | None:
    """Cluster members, and the isolates nearest to any of them."""
    known: dict[tuple[str, str], int] = {}
    for row in run.rows("pairs", verdict="compared"):
        if row["snps"] is not None:
            pair = (str(row["isolate_1"]), str(row["isolate_2"]))
            known[pair] = known[pair[::-1]] = int(row["snps"])
    near = sorted(
        (snps, other)
        for (one, other), snps in known.items()
        if one in event.isolates and other not in event.isolates
    )
    others = list(dict.fromkeys(name for _, name in near))[:_NEAREST]
    names = [*event.isolates, *others]
    if len(names) < 2 or len(names) > 40:
        return None
    cells = [[0 if a == b else known.get((a, b)) for b in names] for a in names]
    table: list[list[Any]] = [
        ["isolate_id", *names],
        *([a, *row] for a, row in zip(names, cells, strict=True)),
    ]

    def draw(axes: Any) -> None:
        _heat(axes, names, cells)

    side = 1.4 + 0.42 * len(names)
    return _drawn("distances", (min(_WIDTH, 1.2 * side), min(_WIDTH, 0.8 * side)), draw, table)


def _heat(axes: Any, names: Sequence[str], cells: Sequence[Sequence[int | None]]) -> None:
    values = np.array([[np.nan if c is None else np.log10(c + 1) for c in row] for row in cells])
    axes.imshow(values, cmap="Blues_r", vmin=0, vmax=4.5, aspect="auto")
    ticks = [_plain(name) for name in names]
    axes.set_xticks(range(len(names)), ticks, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), ticks)
    for spine in axes.spines.values():
        spine.set_visible(False)
    size = 7 if len(names) <= 14 else 5
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            shown, light = ("–", False) if cell is None else (f"{cell:,}", values[i, j] < 1.3)
            axes.text(j, i, shown, ha="center", va="center", fontsize=size,
                      color="white" if light else "black")  # fmt: skip


def _sources(run: Run, event: Event, w: Language) -> Picture | None:
    shown = [one for one in event.suspects if one.probability is not None][:10]
    if not shown:
        return None
    names = [parts.exposure(one.exposure, w) for one in shown]
    shares = [one.probability or 0.0 for one in shown]
    leading = [one.exposure in event.leading for one in shown]
    table = [["kind", "value", "probability"]]
    table += [[*one.exposure, f"{one.probability}"] for one in shown]

    def draw(axes: Any) -> None:
        colours = ["#0072b2" if best else "#9aa5b1" for best in leading]
        axes.barh(range(len(names)), shares, color=colours, height=0.7)
        axes.set_yticks(range(len(names)), [_plain(name) for name in names])
        axes.invert_yaxis()
        axes.set_xlim(0, max(1.15 * max(shares), 0.05))
        axes.set_xlabel(w("report.probability").lower())
        for k, share in enumerate(shares):
            axes.text(share, k, f" {w.share(share)}", va="center", fontsize=7)

    return _drawn("sources", (_WIDTH, 0.7 + 0.24 * len(names)), draw, table)


def files(drawn: Sequence[Picture]) -> Iterator[tuple[str, bytes]]:
    """Every figure's files, by their name in the folder."""
    for one in drawn:
        endings: Mapping[str, bytes] = {"svg": one.svg, "png": one.png, "csv": one.data}
        for ending, content in endings.items():
            yield f"figures/{one.name}.{ending}", content

"""cases.html: the description of a line list alone, before any genome is there."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from abscope import tables
from abscope.records import Description
from abscope.reports.cases import CaseRow
from abscope.reports.figures import timeline
from abscope.reports.figures.epicurve import epicurve
from abscope.reports.page import asset, environment, policy
from abscope.reports.roster import Pick

_STYLES = ("page.css", "panels.css", "figures.css", "print.css")
_SCRIPTS = ("tables.js", "charts.js")
_EVENTS = ("exposure", "onset", "collection", "treatment")
_SHOWN = (
    ("curve", "Cases by onset", tables.EPI_CURVE),
    ("tests", "Exposures, one by one", tables.EXPOSURE_TESTS),
    ("stratified", "Exposures, strata kept apart", tables.STRATIFIED),
    ("matched", "Exposures, within matched sets", tables.MATCHED),
    ("adjusted", "Exposures, together", tables.ADJUSTED),
    ("samples", "Samples of products and places", tables.SAMPLED),
)


def render(one: Description, *, title: str, today: date) -> str:
    """The description as one page with its style, scripts and data inside; equal inputs, equal bytes."""
    scripts = (get_plotlyjs(), *(asset(name) for name in _SCRIPTS))
    shown = [
        (name, heading, table, getattr(one, name).rows(named=True))
        for name, heading, table in _SHOWN
        if len(getattr(one, name))
    ]
    return (
        environment()
        .get_template("cases.html.j2")
        .render(
            title=title,
            today=today,
            counts=one.counts,
            left_out=one.left_out,
            remarks=one.remarks,
            epicurve=epicurve(one.curve),
            timeline=_timeline(one.events),
            timeline_at=timeline,
            tables=shown,
            shown=_cell,
            style=Markup("\n".join(asset(name) for name in _STYLES)),
            scripts=[Markup(script) for script in scripts],
            policy=policy(scripts),
        )
        .lstrip()
    )


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _timeline(events: pl.DataFrame) -> timeline.Timeline | None:
    rows = []
    for (case,), own in events.group_by("case_id", maintain_order=True):
        days = dict(own.select("event", "date").iter_rows())
        rows.append(_row(str(case), days))
    return timeline.timeline(tuple(rows))


def _row(case: str, days: Mapping[str, date]) -> CaseRow:
    none: Sequence[Pick] = ()
    return CaseRow(
        pick=Pick(case, "", ""),
        status=None,
        isolates=tuple(none),
        clusters=tuple(none),
        compatible=(),
        missing=None,
        sex=None,
        age=None,
        residence=None,
        dates=tuple(days.get(event) for event in _EVENTS),
    )

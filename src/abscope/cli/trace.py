"""abscope trace: back to suppliers, lots and donors; forward to who else may fall ill."""

from typing import Annotated

import typer

from abscope.cli import options as o
from abscope.cli.sources import Linked, Weights


def trace(
    file: o.LineListFile,
    linked: Linked = None,
    weights: Weights = None,
    exposures: o.MoreExposures = None,
    forward: Annotated[
        str | None,
        typer.Option("--forward", help="Who else had this, kind=value, such as lot=CV-2203."),
    ] = None,
    counted: Annotated[
        list[str] | None,
        typer.Option(
            "--counted", help="Share of cases that passes a step, such as cultured=0.4; repeatable."
        ),
    ] = None,
    date: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Show which products, suppliers, lots, donors and clinics the cases lead back to.

    --forward: who else had, or may have had, one of them, and the cases still to be expected. --counted: how
    many cases there are in all, if only so many are sought, cultured, identified, reported, linked.
    """
    from abscope.cli import trace_session
    from abscope.cli.cases_session import opened
    from abscope.cli.sources_session import say_remarks, weights_of
    from abscope.formats.line_list import Beside

    linelist = opened(file, Beside(exposures), date)
    say_remarks(linelist)
    found = trace_session.traced(
        linelist, weights_of(linelist, linked, weights), forward=forward, counted=counted, day=date
    )
    typer.echo(trace_session.text(found, as_json=as_json))

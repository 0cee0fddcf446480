"""abscope alerts: what a collection's watch has raised, and who took it on."""

from typing import Annotated

import typer

from abscope.cli import options as o


def alerts(
    folder: o.CollectionFolder,
    since: o.Since = None,
    still_open: Annotated[
        bool, typer.Option("--open", help="Only those nobody has acknowledged.")
    ] = False,
    acknowledge: Annotated[
        list[str] | None,
        typer.Option("--acknowledge", "-a", help="Key of an alert, or how it begins; repeatable."),
    ] = None,
    note: Annotated[str, typer.Option(help="What was done or decided; kept with it.")] = "",
    as_json: o.AsJson = False,
) -> None:
    """List a collection's alerts, newest first; or acknowledge some. Answers are added, never changed."""
    from abscope.cli import alerts_session

    if acknowledge:
        alerts_session.acknowledge(folder, acknowledge, note=note)
        return
    day = since.date() if since else None
    alerts_session.listed(folder, since=day, still_open=still_open, as_json=as_json)

"""abscope watch: look at what is new in a collection, tell whom it concerns, and go on doing so."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def watch(
    folder: o.CollectionFolder,
    follow: Annotated[
        bool, typer.Option("--follow/--once", help="Go on until stopped; or look once, for cron.")
    ] = False,
    drop: Annotated[
        Path | None,
        typer.Option(help="Folder where sample sheets and reads appear; complete ones are added."),
    ] = None,
    knowing: Annotated[
        Path | None,
        typer.Option(
            help="Folder of watch.toml, types.tsv, resistance.tsv, background.tsv, contacts.csv and "
            "monitoring.csv. Default: the collection's."
        ),
    ] = None,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Take all so far as known: keep alerts, send none.")
    ] = False,
    jurisdiction: Annotated[str, typer.Option(help="Who isolates from --drop belong to.")] = "",
    every: Annotated[float, typer.Option(help="Seconds between two looks with --follow.")] = 60.0,
    settle: Annotated[
        float, typer.Option(help="Seconds without a change after which a file is complete.")
    ] = 60.0,
    date: o.Today = None,
    cpus: o.Cpus = 0,
) -> None:
    """Raise and deliver alerts on what is new in a collection: isolates, cases, facilities, counts.

    The same thing is never told twice. Channels and what to look out for are in the folder's watch.toml;
    without channels alerts are lines of JSON on stdout.
    """
    from abscope.cli.watch_session import Round, run

    asked = Round(
        folder, drop, knowing or folder, jurisdiction, baseline, settle, date.date() if date else None
    )  # fmt: skip
    raise typer.Exit(run(asked, follow=follow, every=every, cpus=cpus or o.available_cpus()))

"""abscope links: how every two isolates hang together, and why."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def links(
    pairs: Annotated[
        Path,
        typer.Argument(help="Output folder of run or type; or a distance table of any pipeline."),
    ],
    linelist: Annotated[
        Path | None,
        typer.Option("--line-list", "-l", help="Whose isolates, exposed when, taken when."),
    ] = None,
    isolates: Annotated[
        Path | None,
        typer.Option(
            "--isolates", "-i", help="Table: isolate_id, clone, subspecies, run, plate, batch."
        ),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            "--background", "-b", help="Unlinked patients, of abscope background --table."
        ),
    ] = None,
    setting: Annotated[
        str,
        typer.Option("--setting", help="investigation, surveillance or 'cystic fibrosis centre'."),
    ] = "investigation",
    source: Annotated[
        str, typer.Option("--source", help="Suspected: frozen (product), water (device), unknown.")
    ] = "unknown",
    sites: Annotated[
        int | None,
        typer.Option("--sites", min=1, help="Sites compared, where the table does not say."),
    ] = None,
    within: Annotated[
        int, typer.Option("--within", min=0, help="Print pairs this close, SNPs.")
    ] = 50,
    table: Annotated[
        Path | None, typer.Option("--table", help="Write all pairs here, TSV.")
    ] = None,
    groups: Annotated[
        Path | None,
        typer.Option("--groups", help="Write groups of three or more linked patients here, TSV."),
    ] = None,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    as_json: o.AsJson = False,
) -> None:
    """Say of every two isolates: linked, not linked, mixed up in the laboratory, or cannot tell; and why."""
    from abscope.cli.links_session import Asked, judge

    asked = Asked(pairs, linelist, isolates, background, setting, source, sites, organism)
    judge(asked, within=within, table=table, groups=groups, as_json=as_json)

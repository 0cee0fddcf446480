"""abscope background: how close isolates of patients with nothing to do with each other are, by clone."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def background(
    distances: Annotated[
        list[Path] | None,
        typer.Argument(help="Core alignments, VCFs, distance tables, pair lists or trees in SNPs."),
    ] = None,
    isolates: Annotated[
        list[Path] | None,
        typer.Option(
            "--isolates", "-i", help="Table: isolate_id, patient, clone, country, date; repeatable."
        ),
    ] = None,
    links: Annotated[
        Path | None,
        typer.Option("--links", help="Table of patients known to be linked, two a row."),
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Say how many patients are from there.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=2000, help="Largest distance.")] = 100,
    table: Annotated[
        Path | None, typer.Option("--table", help="Write shares by distance here, TSV.")
    ] = None,
    figure: Annotated[Path | None, typer.Option("--figure", help="Draw them here, SVG.")] = None,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    seed: Annotated[int, typer.Option("--seed", help="Of the bootstrap.")] = 1,
    as_json: o.AsJson = False,
) -> None:
    """Say, by clone, how often isolates of unlinked patients are at most 5, 10, 20, 25 SNPs apart.

    One isolate a patient; of patients known to be linked, one. Several files stand for several clones.
    Without a file: what the organism's folder knows of its clones.
    """
    from abscope.cli.background_session import Asked, show_published, survey_files

    if distances:
        asked = Asked(tuple(distances), tuple(isolates or ()), links, limit, seed)
        survey_files(asked, country=country, table=table, figure=figure, as_json=as_json)
    else:
        show_published(organism, table=table, figure=figure, limit=limit, as_json=as_json)

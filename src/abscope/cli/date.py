"""abscope date: when the isolates' ancestors lived, if the tree keeps time."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def date(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="TREE|GENOMES",
            help="Tree (Newick or Nexus, substitutions per genome), or genomes: alignment or VCF.",
        ),
    ],
    dates: Annotated[
        Path, typer.Option("--dates", "-d", help="Sampling dates: isolate_id, date; CSV or TSV.")
    ],
    outdir: Annotated[
        Path | None,
        typer.Option("--outdir", "-o", help="Folder for dated.nwk and dated_nodes.tsv."),
    ] = None,
    sites: Annotated[
        int | None,
        typer.Option(
            "--sites",
            min=1,
            show_default="columns of an alignment with constant sites, else the organism's reference",
            help="Sites of the genome the tree stands for, constant ones too: for rates per site.",
        ),
    ] = None,
    per_site: Annotated[
        bool, typer.Option("--per-site", help="The tree's branches are substitutions per site.")
    ] = False,
    clone: Annotated[
        str, typer.Option("--clone", help="Clone whose published rate to compare with, e.g. DCC1.")
    ] = "*",
    any_rate: Annotated[
        bool,
        typer.Option("--any-rate", help="Date even where the rate is apart from the published."),
    ] = False,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    shuffles: Annotated[
        int, typer.Option("--shuffles", min=99, help="Times the dates are shuffled for the test.")
    ] = 999,
    seed: Annotated[int, typer.Option("--seed", help="Seed of shuffling and walk.")] = 1,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Date a tree: rate and root with 95 % intervals, or the evidence that there is no clock signal.

    The dates are shuffled to see whether they explain anything; a tree that they do not explain is not
    dated, nor is one whose rate is apart from the clone's published one or does not settle: the exit code
    is then 1.
    """
    from abscope.cli import date_session as session

    known = session.known(organism, clone)
    tree, size = session.source_of(source, sites, known, per_site=per_site, quiet=quiet)
    found = session.settled(session.dated(tree, dates, shuffles=shuffles, seed=seed, quiet=quiet))
    if not any_rate:
        found = session.believed(found, known, size)
    if outdir is not None:
        session.write(found, outdir)
    typer.echo(session.shown(found, known, size, as_json=as_json))
    raise typer.Exit(session.say(found))

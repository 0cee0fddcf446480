"""abscope recombination: imported stretches in one clone, and distances without them."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def recombination(
    genomes: Annotated[
        list[Path],
        typer.Argument(
            help="Genomes of one clone: an alignment (snippy-core's .full.aln), or snippy's folders."
        ),
    ],
    outdir: Annotated[
        Path | None, typer.Option("--outdir", "-o", help="Folder for tables, GFF and tree.")
    ] = None,
    mask: o.GenomesMask = None,
    leave_out: o.LeaveOut = None,
    method: Annotated[
        str, typer.Option("--method", help="built-in, or gubbins where it is installed.")
    ] = "built-in",
    masked_alignment: Annotated[
        bool,
        typer.Option("--masked-alignment", help="Write the alignment too, blocks as N."),
    ] = False,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Find imported DNA in one clone, and every pair's distance with and without it.

    Blocks go to stdout, and with --outdir to files: recombination_blocks.tsv and .gff (as Gubbins'
    users know it), recombination_pairs.tsv, distances.raw.tsv, distances.tsv, guide.nwk.
    """
    from abscope.cli import recombination_session as session
    from abscope.cli.genomes_session import letters

    if masked_alignment and outdir is None:
        raise typer.BadParameter("needs a folder, --outdir", param_hint="--masked-alignment")
    read = letters(genomes, mask, leave_out, quiet=quiet)
    found = session.search(read, method)
    if outdir is not None:
        session.write(found, outdir, read.calls if masked_alignment else None)
    if blocks := session.shown(found, as_json=as_json):
        typer.echo(blocks)
    session.say(found)

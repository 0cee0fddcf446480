"""abscope clusters: who is joined to whom, at several numbers of SNPs, and how much that depends on them."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def clusters(
    genomes: o.Genomes,
    snps: Annotated[
        list[int] | None,
        typer.Option("--snps", help="Level; may be repeated. Default: 250 100 50 25 10 5 0."),
    ] = None,
    outdir: Annotated[
        Path | None, typer.Option("--outdir", "-o", help="Folder for tables and the figure.")
    ] = None,
    mask: o.GenomesMask = None,
    leave_out: o.LeaveOut = None,
    min_comparable: o.MinComparable = 0.5,
    cpus: o.Cpus = 0,
    quiet: o.Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON on stdout.")] = False,
) -> None:
    """Join isolates by single linkage at several levels: SNP addresses, as SnapperDB writes them.

    Prints each isolate's address. With --outdir: addresses.tsv, clusters.tsv (the thresholds at which each
    holds, and whether complete linkage agrees), stability.tsv and .html, unresolved.tsv.
    """
    from abscope.cli import clusters_session as session
    from abscope.cli.genomes_session import packed

    read = packed(genomes, mask, leave_out, quiet=quiet)
    found = session.joined(read, snps, min_comparable, cpus or o.available_cpus())
    if outdir is not None:
        session.write(found, outdir)
    session.show(found, as_json=as_json, quiet=quiet)

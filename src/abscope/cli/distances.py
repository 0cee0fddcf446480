"""abscope distances: SNPs and comparable sites between genomes that another pipeline called."""

from typing import Annotated

import typer

from abscope.cli import options as o


def distances(
    genomes: o.Genomes,
    mask: o.GenomesMask = None,
    leave_out: o.LeaveOut = None,
    long: Annotated[
        bool, typer.Option("--long", help="A line a pair: SNPs and comparable sites.")
    ] = False,
    min_comparable: o.MinComparable = 0.5,
    device: Annotated[
        str | None,
        typer.Option("--device", help="Count there with PyTorch: cuda, mps, cpu; as exact."),
    ] = None,
    cpus: o.Cpus = 0,
    quiet: o.Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Pairs as JSON on stdout.")] = False,
) -> None:
    """Count SNPs between all isolates, and the sites at which each pair could be compared.

    Prints a square table as snp-dists does; NA where too few sites can be compared. No pair depends on who
    else is in the file.
    """
    from abscope.cli import distances_session as session
    from abscope.cli.genomes_session import packed

    found = packed(genomes, mask, leave_out, quiet=quiet)
    shape = "json" if as_json else "long" if long else "matrix"
    least = session.needed(found, min_comparable)
    threads = cpus or o.available_cpus()
    session.show(found, shape, least=least, threads=threads, device=device)

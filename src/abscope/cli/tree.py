"""abscope tree: the isolates' tree, from a core alignment."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def tree(
    genomes: o.Genomes,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here: .nex or .nexus is Nexus, else Newick."),
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            "--method", help="likelihood, parsimony, distance, or auto: by the number of isolates."
        ),
    ] = "auto",
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Substitution model, as IQ-TREE names it.")
    ] = None,
    bootstrap: Annotated[
        int,
        typer.Option(
            "--bootstrap", "-B", min=0, help="Ultrafast bootstrap replicates; 0: no support."
        ),
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the search.")] = 1,
    outgroup: Annotated[
        str | None, typer.Option("--outgroup", help="Isolate beside which the root is put.")
    ] = None,
    dates: Annotated[
        Path | None, typer.Option("--dates", help="Sampling dates, to root by temporal fit.")
    ] = None,
    mask: o.GenomesMask = None,
    leave_out: o.LeaveOut = None,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Infer a tree: maximum likelihood with support, or parsimony for large sets.

    Prints Newick, branch lengths in substitutions per genome. Rooted by the outgroup, else by dates,
    else at the midpoint; which is said on stderr.
    """
    from abscope.cli.genomes_session import letters
    from abscope.cli.tree_session import build, deliver
    from abscope.tools.iqtree import METHODS, Search

    if method not in METHODS:
        raise typer.BadParameter(f"one of {', '.join(METHODS)}", param_hint="--method")
    search = Search(method, model, bootstrap, seed)
    read = letters(genomes, mask, leave_out, quiet=quiet)
    found = build(read, search, outgroup=outgroup, dates=dates, quiet=quiet)
    deliver(found, output, as_json=as_json)

"""abscope place: new isolates put into a tree that stays as it is."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def place(
    tree: Annotated[Path, typer.Argument(help="Tree of the stored isolates, Newick or Nexus.")],
    genomes: Annotated[
        list[Path],
        typer.Argument(
            help="Genomes of the tree's isolates and of the new ones, as `abscope tree` reads them."
        ),
    ],
    query: Annotated[
        list[str] | None,
        typer.Option("--query", help="Isolate to place; may be repeated. Default: all new ones."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the tree with them here.")
    ] = None,
    per_site: Annotated[
        bool, typer.Option("--per-site", help="The tree's branches are substitutions per site.")
    ] = False,
    mask: o.GenomesMask = None,
    leave_out: o.LeaveOut = None,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Put new isolates on the branch that asks for fewest further substitutions.

    Each is placed by itself on the tree as given, so no new isolate moves another. Prints a row each:
    further substitutions, branches that would do as well, and who is below. The tree is written in the
    unit it came in.
    """
    from abscope.cli.genomes_session import letters
    from abscope.cli.place_session import deliver, placed, write

    read = letters(genomes, mask, leave_out, quiet=quiet)
    found, grown = placed(tree, read, query or [], per_site=per_site)
    deliver(found, as_json=as_json)
    if output is not None:
        write(grown, output, per_site=per_site)

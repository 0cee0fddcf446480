"""abscope place: new isolates put into a tree that stays as it is."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def place(
    tree: Annotated[Path, typer.Argument(help="Tree of the stored isolates, Newick or Nexus.")],
    alignment: Annotated[
        Path, typer.Argument(help="Aligned genomes of the tree's isolates and of the new ones.")
    ],
    query: Annotated[
        list[str] | None,
        typer.Option("--query", help="Isolate to place; may be repeated. Default: all new ones."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the tree with them here.")
    ] = None,
    mask: o.MaskBed = None,
    as_json: o.AsJson = False,
) -> None:
    """Put new isolates on the branch that asks for fewest further substitutions.

    Each is placed by itself on the tree as given, so no new isolate moves another. Prints a row each:
    further substitutions, branches that would do as well, and who is below.
    """
    from abscope.cli.place_session import deliver, placed

    found, grown = placed(tree, alignment, mask, query or [])
    deliver(found, grown, output, as_json=as_json)

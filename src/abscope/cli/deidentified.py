"""abscope export deidentified: cases and isolates that may leave the house."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def deidentified(
    file: o.LineListFile,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write the tables to.")],
    preset: Annotated[
        str, typer.Option(help="safe-harbor, or limited (dates stay).")
    ] = "safe-harbor",
    isolates: Annotated[
        Path | None, typer.Option(help="isolates.tsv or types.tsv of a run, to go with the cases.")
    ] = None,
    least: Annotated[int, typer.Option(min=2, help="People a group has, to hide them.")] = 5,
    withhold: Annotated[
        bool, typer.Option("--withhold", help="Leave out cases that are like fewer than --least.")
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option(help="Key file (abscope key): the same codes each time. Default: new codes."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="What the columns hold.")] = None,
    day: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Cases and isolates by HIPAA's Safe Harbor. Or as a limited data set; warns of who is unique."""
    from abscope.cli import deidentified_session as session

    asked = session.Asked(file, out, preset, isolates, mapping, key)
    session.write(asked, least=least, withhold=withhold, day=day, as_json=as_json)

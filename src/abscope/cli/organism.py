"""abscope organism: list the built-in organisms, show what one knows, check a folder of your own."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o

organism = typer.Typer(
    name="organism",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, show and check organism folders.",
)

Where = Annotated[str, typer.Argument(help="Built-in organism, or path of an organism folder.")]


@organism.command("list")
def list_organisms(as_json: o.AsJson = False) -> None:
    """Name the organisms that come with abscope."""
    from abscope import organism as organisms

    found = [organisms.read(name) for name in organisms.built_in()]
    if as_json:
        _print_json([{"organism": one.folder.name, "name": one.name} for one in found])
        return
    for one in found:
        typer.echo(f"{one.folder.name}\t{one.name}")


@organism.command()
def show(where: Where = "mycobacterium_abscessus", as_json: o.AsJson = False) -> None:
    """Say what an organism folder knows. References, and how many rows of each table."""
    from abscope import organism as organisms
    from abscope.knowledge.numbers import tables_of

    species = organisms.read(where)
    tables = {name: len(rows) for name, rows in tables_of(species.knowledge()).items()}
    references = [
        {"name": r.name, "subspecies": r.subspecies, "accession": r.accession, "source": r.source}
        for r in species.references
    ]
    if as_json:
        summary = {"name": species.name, "folder": str(species.folder), "references": references}
        _print_json({**summary, "tables": tables})
        return
    typer.echo(f"{species.name}\n{species.folder}")
    for one in references:
        typer.echo("reference\t" + "\t".join(str(value or "") for value in one.values()))
    for name, rows in tables.items():
        typer.echo(f"{name}\t{rows} rows")


@organism.command()
def check(
    path: Annotated[Path, typer.Argument(help="An organism folder, or a built-in organism.")],
    as_json: o.AsJson = False,
) -> None:
    """Find every fault of an organism folder. Exit 1 if there is any."""
    from abscope import organism as organisms

    problems = organisms.check(path)
    if as_json:
        _print_json([{"where": p.where, "what": p.what, "hint": p.hint} for p in problems])
    else:
        for problem in problems:
            typer.echo(f"{problem.where}: {problem.what}")
    noun = "problem" if len(problems) == 1 else "problems"
    typer.echo(f"{path}: {len(problems) or 'no'} {noun}", err=True)
    raise typer.Exit(1 if problems else 0)


def _print_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))

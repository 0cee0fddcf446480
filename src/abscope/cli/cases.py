"""abscope cases: a line list mapped, checked, imported, defined and described."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o

cases = typer.Typer(
    name="cases",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Map, check, import, define and describe the cases of a line list.",
)

File = Annotated[
    Path,
    typer.Argument(
        help="Line list: CSV, TSV, .xlsx, REDCap export, FHIR bundle or Go.Data export; "
        "or a collection folder."
    ),
]
Mapping = Annotated[
    Path | None, typer.Option("--mapping", "-m", help="What its columns hold (abscope cases map).")
]
Dictionary = Annotated[
    Path | None, typer.Option("--dictionary", help="The REDCap project's data dictionary.")
]
Specimens = Annotated[
    Path | None,
    typer.Option("--specimens", help="Specimens of patients, products, devices and places."),
]


@cases.command("map")
def map_columns(
    file: File,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the mapping here, not to stdout.")
    ] = None,
    dictionary: Dictionary = None,
    ask: Annotated[
        bool, typer.Option(help="Ask about the columns that cannot be told, at a terminal.")
    ] = True,
) -> None:
    """Propose what each column holds. What cannot be told is asked, or left open as '?'."""
    from abscope.cli.cases_session import mapping_proposed

    text, left = mapping_proposed(file, dictionary, ask=ask, out=out)
    if out is None:
        typer.echo(text, nl=False)
    noun = "column is" if left == 1 else "columns are"
    typer.echo(f"{left or 'no'} {noun} still open ('?')", err=True)


@cases.command()
def check(
    file: File,
    mapping: Mapping = None,
    exposures: o.MoreExposures = None,
    specimens: Specimens = None,
    dictionary: Dictionary = None,
    day: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Find every problem of a line list, with row and remedy. Exit 1 if there is any."""
    from abscope.cli.cases_session import opened, problem_lines
    from abscope.formats.line_list import Beside

    found = opened(file, Beside(exposures, specimens, mapping, dictionary), day)
    typer.echo(problem_lines(found, as_json=as_json))
    count = len(found.problems)
    typer.echo(f"{found.cases.height} cases, {count or 'no'} remarks", err=True)
    raise typer.Exit(1 if count else 0)


@cases.command("import")
def import_cases(
    file: File,
    collection: Annotated[Path, typer.Option("--collection", "-C", help="Collection folder.")],
    mapping: Mapping = None,
    exposures: o.MoreExposures = None,
    specimens: Specimens = None,
    dictionary: Dictionary = None,
    day: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Keep a line list in a collection. Whole and dated; says what it changed."""
    from abscope.cli.cases_session import imported
    from abscope.formats.line_list import Beside

    beside = Beside(exposures, specimens, mapping, dictionary)
    typer.echo(imported(file, beside, collection, day, as_json=as_json))


@cases.command()
def imports(
    collection: Annotated[Path, typer.Argument(help="Collection folder.")],
    as_json: o.AsJson = False,
) -> None:
    """List the imports of a collection, those undone too."""
    from abscope.cli.cases_session import import_rows
    from abscope.cli.tabled import tabled

    typer.echo(tabled(import_rows(collection), as_json=as_json))


@cases.command()
def undo(collection: Annotated[Path, typer.Argument(help="Collection folder.")]) -> None:
    """Take the last import back; its files stay, marked as undone."""
    from abscope.collection import case_imports

    last = case_imports.undo(collection)
    typer.echo(f"import {last.number} of {last.day} is undone")


@cases.command()
def dictionary(
    redcap: Annotated[bool, typer.Option("--redcap", help="As a REDCap data dictionary.")] = False,
) -> None:
    """Print the data dictionary, in Markdown or for REDCap."""
    from abscope.formats import data_dictionary
    from abscope.formats.redcap import write_dictionary

    text = write_dictionary(data_dictionary.questions()) if redcap else data_dictionary.markdown()
    typer.echo(text, nl=False)


@cases.command()
def define(
    file: Annotated[Path | None, typer.Argument(help="Line list, or a collection folder.")] = None,
    definition: Annotated[
        str | None,
        typer.Option("--definition", "-d", help="Name of the organism's, or a TOML file."),
    ] = None,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    mapping: Mapping = None,
    exposures: o.MoreExposures = None,
    specimens: Specimens = None,
    dictionary: Dictionary = None,
    day: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Say who is a case, and by which criterion. Alone: list definitions."""
    from abscope.cli.case_definitions_session import defined, listed
    from abscope.formats.line_list import Beside

    if file is None or definition is None:
        typer.echo(listed(organism, definition, as_json=as_json))
        return
    beside = Beside(exposures, specimens, mapping, dictionary)
    typer.echo(defined(file, beside, definition, organism=organism, day=day, as_json=as_json))


@cases.command()
def describe(
    file: File,
    definition: Annotated[
        str | None, typer.Option("--definition", "-d", help="Case definition that says who is one.")
    ] = None,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    mapping: Mapping = None,
    exposures: o.MoreExposures = None,
    specimens: Specimens = None,
    dictionary: Dictionary = None,
    unit: Annotated[str, typer.Option(help="Of the epidemic curve: day, week or month.")] = "week",
    by: Annotated[
        str | None, typer.Option("--by", help="Column kept apart: sex, age, residence_state ...")
    ] = None,
    adjust: Annotated[
        list[str] | None,
        typer.Option("--adjust", help="kind=value, modelled together; may be repeated."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Also write a page with curve and timeline.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the permutations; same seed, same p.")] = 1,
    day: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Describe the cases: curve, attack rates, odds ratios. Alone and together."""
    from abscope.cli.case_description_session import Wanted, described
    from abscope.formats.line_list import Beside

    beside = Beside(exposures, specimens, mapping, dictionary)
    wanted = Wanted(definition, organism, unit, by, tuple(adjust or ()), seed)
    typer.echo(described(file, beside, wanted, day=day, html=html, as_json=as_json))

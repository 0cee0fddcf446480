"""The command line: one file per verb. Only `main` ends the program.

Exit codes: 0 fine, 1 your data, 2 usage, 3 a tool, 130 interrupted.
"""

import sys

import typer

from abscope import __version__
from abscope.cli.alerts import alerts
from abscope.cli.audit import audit
from abscope.cli.background import background
from abscope.cli.cases import cases
from abscope.cli.clusters import clusters
from abscope.cli.collection import (
    add,
    backup,
    init,
    join,
    log,
    remove,
    restore,
    status,
    verify,
)
from abscope.cli.date import date
from abscope.cli.demo import demo
from abscope.cli.distances import distances
from abscope.cli.document import document
from abscope.cli.export import export
from abscope.cli.followup import followup
from abscope.cli.headings import Headings
from abscope.cli.letter import letter
from abscope.cli.links import links
from abscope.cli.organism import organism
from abscope.cli.place import place
from abscope.cli.profile import profile
from abscope.cli.questions import questions
from abscope.cli.recombination import recombination
from abscope.cli.reference import reference
from abscope.cli.run import run
from abscope.cli.serve import serve
from abscope.cli.sharing import bundle, key, match
from abscope.cli.simulate import simulate
from abscope.cli.sources import sources
from abscope.cli.trace import trace
from abscope.cli.tree import tree
from abscope.cli.type import type_isolates
from abscope.cli.user import user
from abscope.cli.validate import validate
from abscope.cli.watch import watch
from abscope.errors import AbscopeError

app = typer.Typer(
    name="abscope",
    cls=Headings,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(profile)
app.command("type")(type_isolates)
app.command()(background)
app.command()(links)
app.command()(demo)
app.command()(distances)
app.command()(clusters)
app.command()(simulate)
app.command()(recombination)
app.command()(tree)
app.command()(date)
app.command()(place)
app.command()(sources)
app.command()(questions)
app.command()(trace)
app.command()(validate)
app.command()(followup)
app.command()(serve)
app.command()(letter)
for verb in (init, join, add, remove, restore, status, log, backup, verify):
    app.command()(verb)
app.command()(key)
app.command()(bundle)
app.command()(match)
app.command()(watch)
app.command()(alerts)
app.add_typer(reference)
app.add_typer(organism)
app.add_typer(cases)
app.add_typer(document)
app.add_typer(user)
app.add_typer(audit)
app.add_typer(export)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"abscope {__version__}")
        raise typer.Exit


@app.callback()
def _abscope(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Genomic surveillance and outbreak investigation for Mycobacterium abscessus.

    From sequencing reads and a line list to the source the cases share.
    """


def main() -> None:
    """Run a command; say what went wrong and what to do, and exit with the right code."""
    try:
        app()
    except AbscopeError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except MemoryError:
        typer.echo("error: there is not enough memory for this", err=True)
        typer.echo(
            "hint: close other programs or give fewer --cpus; the same command goes on", err=True
        )
        sys.exit(3)
    except KeyboardInterrupt:
        typer.echo("interrupted: finished isolates are kept; the same command goes on", err=True)
        sys.exit(130)


def say_error(error: AbscopeError) -> None:
    """Tell the user, on stderr, what happened and what to do about it."""
    typer.echo(f"error: {error.message}", err=True)
    if error.hint:
        typer.echo(f"hint: {error.hint}", err=True)

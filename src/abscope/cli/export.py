"""abscope export FORMAT: what a run found, in the files of other programs."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

export = typer.Typer(
    name="export",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Write what a run found for other programs; nobody can be told, unless asked for.",
)

Source = Annotated[Path, typer.Argument(help="A run's output folder.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Write here.")]
Identifiers = Annotated[
    bool,
    typer.Option(
        "--identifiers", help="With case and patient identifiers, days, clinicians and donors."
    ),
]
OneReference = Annotated[
    str | None,
    typer.Option("--reference", "-r", help="Which tree, where isolates have several references."),
]
Answers = Annotated[
    list[str] | None,
    typer.Option("--set", help="Fill a column the run knows nothing of: column=value; repeatable."),
]

FORMATS = {
    "nextstrain": "Nextstrain metadata, TSV: a row a genome.",
}


def _command(name: str) -> Callable[..., None]:
    def command(
        source: Source,
        out: Out,
        identifiers: Identifiers = False,
        reference: OneReference = None,
        answers: Answers = None,
    ) -> None:
        from abscope.cli.export_session import Asked, write_export

        write_export(Asked(name, source, out, identifiers, reference, tuple(answers or ())))

    return command


for _name, _about in FORMATS.items():
    export.command(_name, help=_about)(_command(_name))

"""abscope letter: one page of paper for each isolate."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o

RunFolder = Annotated[Path, typer.Argument(help="Folder that abscope run or abscope type wrote.")]
LanguageOption = Annotated[str, typer.Option("--language", "-l", help="en or es.")]


def letter(
    run: RunFolder,
    isolates: Annotated[
        list[str] | None, typer.Argument(help="Isolates; all that were typed if none is named.")
    ] = None,
    language: LanguageOption = "en",
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="pdf (default), docx, html or md; may be repeated."),
    ] = None,
    outdir: o.Outdir = Path("letters"),
) -> None:
    """Write a one-page laboratory letter of each isolate: what it is, its drugs, what that means.

    Drugs without a valid rule are named as not assessed. PDF and Word need abscope[documents].
    """
    from abscope.cli import document_session as s

    s.write_letters(run, isolates or (), s.Paper(language, tuple(formats or ("pdf",)), outdir))

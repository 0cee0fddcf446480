"""abscope followup: what is due for patients in care, facilities asked, and isolates kept."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def followup(
    file: o.LineListFile,
    contacts: Annotated[
        Path | None,
        typer.Option("--contacts", help="Contact log: facility, date, channel, language, reply."),
    ] = None,
    monitoring: Annotated[
        Path | None, typer.Option("--monitoring", help="Tests done: case_id, test, date.")
    ] = None,
    specimens: Annotated[
        Path | None, typer.Option("--specimens", help="Specimens and their cultures.")
    ] = None,
    date: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """List what is due: drug monitoring, cultures, patients and facilities to ask, isolates to rescue.

    A facility that does not answer is approached by the next channel; its silence is no answer.
    """
    from abscope.cli.cases_session import opened
    from abscope.cli.followup_session import due, text
    from abscope.formats.line_list import Beside

    linelist = opened(file, Beside(specimens=specimens), date)
    found = due(linelist, contacts, monitoring, day=date)
    typer.echo(text(found, as_json=as_json))

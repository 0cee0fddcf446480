"""Show and check a collection's audit log for a person at a terminal."""

import json
from datetime import datetime
from pathlib import Path

import typer

from abscope import surveillance
from abscope.cli.collection_session import stamp
from abscope.cli.tabled import tabled
from abscope.collection import audit
from abscope.collection.access import at_terminal
from abscope.collection.audit import Head
from abscope.collection.database import reading


def show(folder: Path, *, since: datetime | None, user: str | None, as_json: bool) -> None:
    """Print the log, or what one user did and saw."""
    start = since.date().isoformat() if since else ""
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        rows = [
            {
                "entry": row.entry,
                "at": row.at,
                "actor": row.actor,
                "action": row.action,
                "subject": row.subject,
                "detail": json.dumps(row.detail, sort_keys=True),
            }
            for row in audit.rows(connection, at_terminal(stamp().actor), since=start, actor=user)
        ]
    typer.echo(tabled(rows, as_json=as_json))


def head(folder: Path) -> None:
    """Print the head."""
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        typer.echo(str(audit.head(connection)))


def verify(folder: Path, kept: str | None) -> int:
    """Print what is wrong; the exit code: 1 where anything is."""
    remembered = None
    if kept is not None:
        remembered = Head.parse(Path(kept).read_text() if Path(kept).is_file() else kept)
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        wrong = list(audit.problems(connection, remembered=remembered))
        last = audit.head(connection)
    typer.echo("\n".join(wrong) if wrong else f"{last.entry} entries, the chain is whole")
    if remembered is None:
        hint = "give --head, kept from before, to see whether the end was cut off"
        typer.echo(hint, err=True)
    return 1 if wrong else 0

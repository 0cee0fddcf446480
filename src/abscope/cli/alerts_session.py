"""What `abscope alerts` does between parsing and printing."""

import getpass
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from abscope import surveillance
from abscope.cli.collection_session import stamp
from abscope.cli.tabled import tabled
from abscope.collection import alerts as shelf
from abscope.collection import audit
from abscope.collection.access import at_terminal
from abscope.collection.alerts import Kept
from abscope.collection.database import reading, writing
from abscope.tools.delivery import message


def listed(folder: Path, *, since: date | None, still_open: bool, as_json: bool) -> None:
    """Print alerts as a table, or whole as JSON."""
    viewer = at_terminal(getpass.getuser())
    start = since.isoformat() if since else ""
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        found = [
            one
            for one in shelf.kept(connection, viewer, since=start)
            if not (still_open and one.answers)
        ]
    if as_json:
        typer.echo(json.dumps([_whole(one) for one in found], indent=2, ensure_ascii=False))
    else:
        typer.echo(tabled([_row(one) for one in found], as_json=False) or "no alerts")


def acknowledge(folder: Path, keys: Sequence[str], *, note: str) -> None:
    """Write down who took the alerts on, and that they did into the audit log."""
    by = stamp()
    with surveillance.open_desk(folder) as desk, writing(desk.collection.engine) as connection:
        for key in keys:
            viewer = at_terminal(by.actor)
            whole = shelf.acknowledge(connection, viewer, key, note=note, stamp=by)
            audit.append(connection, by, "acknowledge", whole)
            typer.echo(f"{whole}: acknowledged by {by.actor}")


def _row(one: Kept) -> dict[str, object]:
    rate = one.alert.false_a_year
    return {
        "key": one.alert.key[:8],
        "day": one.alert.day.isoformat(),
        "severity": one.alert.severity,
        "rule": one.alert.rule,
        "of": one.alert.jurisdiction or None,
        "false_a_year": None if rate is None else f"{rate:.2g}",
        "delivered": f"{one.delivered}/{one.channels}",
        "acknowledged": one.answers[-1][1] if one.answers else None,
        "reason": one.alert.reason,
    }


def _whole(one: Kept) -> dict[str, object]:
    answers = [dict(zip(("at", "actor", "note"), answer, strict=True)) for answer in one.answers]
    delivered = {"delivered": one.delivered, "channels": one.channels}
    return {**message(one.alert), **delivered, "acknowledgements": answers}

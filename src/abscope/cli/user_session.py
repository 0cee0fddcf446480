"""Look after a collection's users for a person at a terminal; every change goes into the audit log."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import sqlalchemy as sa
import typer

from abscope import surveillance
from abscope.cli.collection_session import stamp
from abscope.cli.tabled import tabled
from abscope.collection import audit, tokens, users
from abscope.collection.access import Role, Viewer
from abscope.collection.database import reading
from abscope.errors import UsageError


def viewer(name: str, role: str, jurisdictions: Sequence[str]) -> Viewer:
    """The user that options describe. Raises UsageError."""
    return Viewer(name, cast("Role", role), tuple(dict.fromkeys(jurisdictions)))


@contextmanager
def _changing(folder: Path, action: str, subject: str, **detail: object) -> Iterator[sa.Connection]:
    with (
        surveillance.open_desk(folder) as desk,
        audit.changing(desk.collection.engine, stamp(), action, subject, detail) as connection,
    ):
        yield connection


def add(folder: Path, one: Viewer, *, from_stdin: bool) -> None:
    """Enter a user."""
    secret = _password(one.user) if from_stdin else None
    detail = {"role": one.role, "jurisdictions": list(one.jurisdictions)}
    with _changing(folder, "add user", one.user, **detail) as connection:
        users.add(connection, one, password=secret)
    typer.echo(f"{one.user}: {one.role} of {', '.join(one.jurisdictions)}")


def change(folder: Path, one: Viewer) -> None:
    """Give a user another role and jurisdictions."""
    detail = {"role": one.role, "jurisdictions": list(one.jurisdictions)}
    with _changing(folder, "change user", one.user, **detail) as connection:
        users.change(connection, one.user, role=one.role, jurisdictions=one.jurisdictions)
    typer.echo(f"{one.user}: {one.role} of {', '.join(one.jurisdictions)}")


def list_users(folder: Path, *, as_json: bool) -> None:
    """Print the users."""
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        rows = [
            {
                "user": one.viewer.user,
                "role": one.viewer.role,
                "jurisdictions": ", ".join(one.viewer.jurisdictions),
                "password": "yes" if one.has_password else "no",
                "disabled": one.disabled,
            }
            for one in users.everybody(connection)
        ]
    typer.echo(tabled(rows, as_json=as_json))


def password(folder: Path, name: str, *, from_stdin: bool) -> None:
    """Give a user a password."""
    secret = _password(name) if from_stdin else _asked(name)
    with _changing(folder, "set password", name) as connection:
        users.set_password(connection, name, secret)
    typer.echo(f"{name}: has a new password; sessions are ended")


def disable(folder: Path, name: str) -> None:
    """Shut a user out."""
    with _changing(folder, "disable user", name) as connection:
        users.disable(connection, name, at=stamp().at)
    typer.echo(f"{name}: is disabled; tokens and sessions are gone")


def enable(folder: Path, name: str) -> None:
    """Let a user in again."""
    with _changing(folder, "enable user", name) as connection:
        users.enable(connection, name)
    typer.echo(f"{name}: is enabled")


def token(folder: Path, name: str, *, days: int, label: str) -> None:
    """Make a token and print it, this once."""
    now = datetime.now(UTC)
    with _changing(folder, "make token", name, label=label, days=days) as connection:
        lasts = timedelta(days=days)
        secret = tokens.issue(connection, name, kind="token", now=now, lasts=lasts, label=label)
    typer.echo(secret)
    typer.echo(f"valid for {days} days; it is not shown again", err=True)


def list_tokens(folder: Path, *, as_json: bool) -> None:
    """Print tokens and sessions by name."""
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        rows = [
            {
                "token": one.name,
                "user": one.user,
                "kind": one.kind,
                "made": one.made,
                "expires": one.expires,
                "label": one.label,
            }
            for one in tokens.listed(connection)
        ]
    typer.echo(tabled(rows, as_json=as_json))


def revoke(folder: Path, name: str) -> None:
    """End a token."""
    with _changing(folder, "revoke token", name) as connection:
        gone = tokens.revoke_named(connection, name)
    typer.echo(f"{gone.name}: {gone.kind} of {gone.user} is revoked")


def contact(folder: Path, jurisdiction: str, text: str) -> None:
    """Say whom to call in a jurisdiction."""
    with _changing(folder, "set contact", jurisdiction, contact=text) as connection:
        users.set_contact(connection, jurisdiction, text)
    typer.echo(f"{jurisdiction}: {text}")


def _password(name: str) -> str:
    text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise UsageError(f"no password for {name} on stdin", hint="one line with the password")
    return text


def _asked(name: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError("nobody to ask for the password", hint="give it with --password-stdin")
    text: str = typer.prompt(
        f"password for {name}", hide_input=True, confirmation_prompt=True, err=True
    )
    return text

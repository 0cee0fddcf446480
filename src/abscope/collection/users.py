"""The users of a collection: who they are, their role and jurisdictions, and whom to call where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from abscope.collection import passwords
from abscope.collection.access import Role, Viewer
from abscope.collection.schema import contacts, tokens, users
from abscope.errors import DataError, UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


@dataclass(frozen=True, slots=True)
class User:
    """One user. disabled: since when. has_password: whether they can log in."""

    viewer: Viewer
    has_password: bool
    disabled: str | None


def add(connection: sa.Connection, viewer: Viewer, *, password: str | None = None) -> None:
    """Enter a user. Raises UsageError where the name or password will not do, DataError where taken."""
    if not _NAME.fullmatch(viewer.user):
        raise UsageError(
            f"{viewer.user!r} cannot be a user's name",
            hint="small letters, digits and . _ @ + -, at most 64",
        )
    if _row(connection, viewer.user) is not None:
        raise DataError(f"{viewer.user}: is a user already", hint="choose another name")
    connection.execute(
        sa.insert(users).values(
            user=viewer.user,
            role=viewer.role,
            jurisdictions=list(viewer.jurisdictions),
            password=password and passwords.hashed(password),
        )
    )


def change(
    connection: sa.Connection, name: str, *, role: Role, jurisdictions: Sequence[str]
) -> None:
    """Give a user another role and other jurisdictions; they hold from the next question on."""
    viewer = Viewer(name, role, tuple(jurisdictions))
    _update(connection, name, role=viewer.role, jurisdictions=list(viewer.jurisdictions))


def set_password(connection: sa.Connection, name: str, password: str) -> None:
    """Give a user a password and end their sessions. Raises UsageError where it is too short."""
    _update(connection, name, password=passwords.hashed(password))
    connection.execute(sa.delete(tokens).where(tokens.c.user == name, tokens.c.kind == "session"))


def disable(connection: sa.Connection, name: str, *, at: str) -> None:
    """Shut a user out at once: sessions and tokens are gone. The name stays taken."""
    _update(connection, name, disabled=at)
    connection.execute(sa.delete(tokens).where(tokens.c.user == name))


def enable(connection: sa.Connection, name: str) -> None:
    """Let a disabled user in again; they need a new session or token."""
    _update(connection, name, disabled=None)


def everybody(connection: sa.Connection) -> tuple[User, ...]:
    """All users, by name."""
    return tuple(_user(row) for row in connection.execute(sa.select(users).order_by(users.c.user)))


def find(connection: sa.Connection, name: str) -> User | None:
    """The user of a name, disabled or not; None where there is none."""
    row = _row(connection, name)
    return None if row is None else _user(row)


def password_of(connection: sa.Connection, name: str) -> str | None:
    """The hash of a user's password; None without a user, without a password, and when disabled."""
    row = _row(connection, name)
    return None if row is None or row.disabled else row.password


def set_contact(connection: sa.Connection, jurisdiction: str, contact: str) -> None:
    """Say whom to call in a jurisdiction. All others see it beside near matches."""
    if not jurisdiction.strip() or not contact.strip():
        raise UsageError("a jurisdiction and a contact are needed", hint="AZ 'TB lab, +1 602 ...'")
    mine = contacts.c.jurisdiction == jurisdiction
    if not connection.execute(sa.update(contacts).where(mine).values(contact=contact)).rowcount:
        connection.execute(sa.insert(contacts).values(jurisdiction=jurisdiction, contact=contact))


def contact_of(connection: sa.Connection, jurisdiction: str) -> str | None:
    """Whom to call in a jurisdiction."""
    query = sa.select(contacts.c.contact).where(contacts.c.jurisdiction == jurisdiction)
    return connection.execute(query).scalar()


def _row(connection: sa.Connection, name: str) -> sa.Row | None:  # type: ignore[type-arg]
    return connection.execute(sa.select(users).where(users.c.user == name)).one_or_none()


def _user(row: sa.Row) -> User:  # type: ignore[type-arg]
    viewer = Viewer(row.user, row.role, tuple(row.jurisdictions))
    return User(viewer, row.password is not None, row.disabled)


def _update(connection: sa.Connection, name: str, **values: object) -> None:
    mine = users.c.user == name
    if not connection.execute(sa.update(users).where(mine).values(**values)).rowcount:
        raise DataError(f"{name}: no such user", hint="abscope user list shows them")

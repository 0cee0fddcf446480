"""Logging in, with a password or another's word; guessing is slowed down by user and by where it comes from.

A failed attempt is written down before the password is looked at, so that guesses made at once count too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from abscope.collection import audit, passwords, tokens, users
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp
from abscope.collection.schema import attempts
from abscope.collection.schema import users as users_table
from abscope.collection.tokens import instant
from abscope.errors import AccessError, DataError

_LONGEST = 64  # of a user's name; longer ones are nobody's


@dataclass(frozen=True, slots=True)
class Limits:
    """Failed attempts allowed within a window, for one user and from one place."""

    window: timedelta = timedelta(minutes=15)
    by_user: int = 5
    by_source: int = 50


def log_in(
    engine: sa.Engine,
    user: str,
    password: str,
    *,
    now: datetime,
    source: str = "",
    limits: Limits = Limits(),
) -> str:
    """A new session's secret. source: where the attempt comes from, an address; empty: not counted.

    Raises AccessError: too many attempts, or user or password is wrong (which of the two is not told, nor
    does the time it takes tell).
    """
    name = user[: _LONGEST + 1]
    counted = {name: limits.by_user} | ({f"from {source}": limits.by_source} if source else {})
    with writing(engine) as connection:
        tried = _attempt(connection, counted, now, limits.window)
    with reading(engine) as connection:
        kept = users.password_of(connection, name)
    if not passwords.matches(password, kept) or kept is None:
        raise AccessError("user or password is wrong", hint=_LATER)
    with writing(engine) as connection:
        connection.execute(sa.delete(attempts).where(attempts.c.entry.in_(tried)))
        connection.execute(sa.delete(attempts).where(attempts.c.user == name))
        if passwords.is_outdated(kept):
            fresh = passwords.hashed(password)
            mine = users_table.c.user == name
            connection.execute(sa.update(users_table).where(mine).values(password=fresh))
        return tokens.issue(connection, name, kind="session", now=now)


def log_in_as(
    engine: sa.Engine,
    named: Callable[[], str],
    *,
    now: datetime,
    source: str = "",
    limits: Limits = Limits(),
) -> str:
    """A new session's secret for the user whom `named` gives, or raises AccessError instead.

    Either is a row of the audit log; a failure is counted by source as a wrong password is. Raises
    AccessError: nobody is named, nobody of that name is a user, or too many attempts.
    """
    counted = {f"from {source}": limits.by_source} if source else {}
    with writing(engine) as connection:
        tried = _attempt(connection, counted, now, limits.window)
    name = ""
    try:
        name = named()
        with audit.changing(engine, Stamp(instant(now), name), "log in", name) as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.entry.in_(tried)))
            return tokens.issue(connection, name, kind="session", now=now)
    except (AccessError, DataError) as error:
        why = error.message if isinstance(error, AccessError) else _NOBODY
        with writing(engine) as connection:
            audit.append(connection, Stamp(instant(now), "-"), "log-in refused", name, {"why": why})
        raise AccessError(why, hint=error.hint if why is not _NOBODY else _ENTER) from error


_NOBODY = "nobody of this name is a user here, or they are shut out"
_ENTER = "ask an administrator of the collection to enter you"
_LATER = "after a few failed attempts you have to wait a quarter of an hour"


def _attempt(
    connection: sa.Connection, counted: dict[str, int], now: datetime, window: timedelta
) -> list[int]:
    """Write an attempt down, or refuse it; the entries written. Attempts older than the window go."""
    connection.execute(sa.delete(attempts).where(attempts.c.at <= instant(now - window)))
    for name, most in counted.items():
        query = sa.select(sa.func.count()).select_from(attempts).where(attempts.c.user == name)
        if connection.execute(query).scalar_one() >= most:
            raise AccessError("too many failed attempts", hint=_LATER)
    written = []
    for name in counted:
        made = connection.execute(sa.insert(attempts).values(user=name, at=instant(now)))
        key = made.inserted_primary_key
        assert key is not None
        written.append(int(key[0]))
    return written

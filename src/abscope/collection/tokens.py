"""API tokens and sessions: 256 random bits that are shown once, and kept as their SHA-256 alone.

What is kept cannot be turned back into a token, and a token cannot be guessed, so no slow hash is needed.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from abscope.collection import users
from abscope.collection.access import Viewer
from abscope.collection.schema import tokens
from abscope.errors import AccessError, DataError, UsageError

Kind = Literal["token", "session"]
SESSION = timedelta(hours=12)
TOKEN = timedelta(days=365)
_PREFIX = "abscope_"  # so that scanners of leaked secrets can tell what it is
_BITS = 256


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. name: the start of its digest, enough to revoke it by."""

    name: str
    user: str
    kind: str
    made: str
    expires: str
    label: str


def instant(now: datetime) -> str:
    """A moment as the store writes it: UTC, to the second."""
    if now.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def issue(
    connection: sa.Connection,
    user: str,
    *,
    kind: Kind,
    now: datetime,
    lasts: timedelta | None = None,
    label: str = "",
) -> str:
    """Make a token or session for a user: its secret, which nobody can look up again.

    Those that have expired, anybody's, are forgotten.
    Raises DataError where there is no such user, or a disabled one; UsageError for a life of no length.
    """
    known = users.find(connection, user)
    if known is None or known.disabled:
        raise DataError(f"{user}: no such user, or disabled", hint="abscope user list shows them")
    if lasts is None:
        lasts = SESSION if kind == "session" else TOKEN
    if lasts <= timedelta():
        raise UsageError("a token must last", hint="give a number of days above 0")
    secret = _PREFIX + secrets.token_urlsafe(_BITS // 8)
    row = {
        "digest": _digest(secret),
        "user": user,
        "kind": kind,
        "made": instant(now),
        "expires": instant(now + lasts),
        "label": label,
    }
    connection.execute(sa.delete(tokens).where(tokens.c.expires <= instant(now)))
    connection.execute(sa.insert(tokens).values(row))
    return secret


def viewer_of(connection: sa.Connection, secret: str, *, kind: Kind, now: datetime) -> Viewer:
    """Whose token or session this is, as the users' table has them now.

    Raises AccessError, in the same words, where it is forged, expired, revoked, of the other kind, or
    its user is disabled.
    """
    digest = _digest(secret)
    row = connection.execute(sa.select(tokens).where(tokens.c.digest == digest)).one_or_none()
    known = None if row is None else users.find(connection, row.user)
    if (
        row is None
        or known is None
        or known.disabled
        or not hmac.compare_digest(row.digest, digest)
        or row.kind != kind
        or row.expires <= instant(now)
    ):
        raise AccessError(f"this {kind} is not valid", hint="log in again, or ask for a new token")
    return known.viewer


def revoke(connection: sa.Connection, secret: str) -> None:
    """End a token or session, as logging out does; one that is gone already is no matter."""
    connection.execute(sa.delete(tokens).where(tokens.c.digest == _digest(secret)))


def revoke_named(connection: sa.Connection, name: str) -> Token:
    """End the token whose name `listed` gives. Raises DataError where there is none, or several."""
    found = [one for one in listed(connection) if name and one.name.startswith(name)]
    if len(found) != 1:
        raise DataError(f"{name}: {len(found)} tokens of that name", hint="abscope user tokens")
    [token] = found
    connection.execute(sa.delete(tokens).where(tokens.c.digest.startswith(token.name)))
    return token


def listed(connection: sa.Connection) -> tuple[Token, ...]:
    """All tokens and sessions, oldest first."""
    query = sa.select(tokens).order_by(tokens.c.made, tokens.c.digest)
    return tuple(Token(row.digest[:16], *row[1:]) for row in connection.execute(query))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

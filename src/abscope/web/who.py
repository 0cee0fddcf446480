"""Who asks: by token, by session, or, on a computer of one's own without users, whoever sits at it.

A session rides on a cookie, which a browser sends whoever made it ask; so what changes anything must
carry, besides, a word that only our own pages can know.
"""

import getpass
import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Header, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from abscope.collection import tokens, users
from abscope.collection.access import Viewer, at_terminal
from abscope.collection.database import reading
from abscope.errors import AccessError
from abscope.web.held import Ask, Held, now
from abscope.web.problems import NotKnownError

COOKIE = "abscope_session"
SECURE_COOKIE = "__Host-abscope_session"
_HINT = "log in at /login, or send an API token: Authorization: Bearer ..."

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="an API token: abscope user token")),
]
Cookie = Annotated[
    str | None,
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="a session: log in")),
]


@dataclass(frozen=True, slots=True)
class Known(Ask):
    """Who asks, and the word that shows that a page of ours did: empty where no cookie speaks for them."""

    word: str = ""


def cookie_name(*, secure: bool) -> str:
    """What the session's cookie is called."""
    return SECURE_COOKIE if secure else COOKIE


def word_of(session: str) -> str:
    """The word that pages of a session carry, from which the session cannot be told."""
    return hmac.new(session.encode(), b"this page is ours", hashlib.sha256).hexdigest()


def known(request: Request, bearer: Bearer, _: Cookie) -> Known:
    """Who asks. Raises NotKnownError."""
    state = request.app.state
    session = request.cookies.get(cookie_name(secure=state.serving.is_secure))
    if bearer is not None:
        return Known(_checked(state.held, bearer.credentials, "token"), now())
    if session is not None:
        return Known(_checked(state.held, session, "session"), now(), word_of(session))
    if state.serving.is_local and not has_users(state.held):
        return Known(at_terminal(_me()), now())
    raise NotKnownError("who are you?", hint=_HINT)


def changes(
    who: Annotated[Known, Depends(known)],
    x_csrf_token: Annotated[
        str,
        Header(
            description="asked of sessions alone: what the page's meta element csrf says",
            examples=["5f2b1c0a9e"],
        ),
    ] = "",
) -> Known:
    """Who asks to change something. Raises AccessError where a session does without the word."""
    return _meant(who, x_csrf_token)


def changes_by_form(
    who: Annotated[Known, Depends(known)], csrf: Annotated[str, Form()] = ""
) -> Known:
    """The same of a page's form."""
    return _meant(who, csrf)


Reader = Annotated[Known, Depends(known)]
Changer = Annotated[Known, Depends(changes)]
FormChanger = Annotated[Known, Depends(changes_by_form)]


def has_users(held: Held) -> bool:
    """Whether anybody was ever entered as a user: from then on one must log in."""
    if held.desk is None:
        return False
    with reading(held.desk.collection.engine) as connection:
        return bool(users.everybody(connection))


def _meant(who: Known, word: str) -> Known:
    if who.word and not hmac.compare_digest(who.word.encode(), word.encode()):
        raise AccessError("no page of ours asked for this", hint="load the page anew and try again")
    return who


def _checked(held: Held, secret: str, kind: tokens.Kind) -> Viewer:
    if held.desk is None:
        raise NotKnownError("a run has no users", hint="send no token")
    try:
        with reading(held.desk.collection.engine) as connection:
            return tokens.viewer_of(connection, secret, kind=kind, now=now())
    except AccessError as error:
        raise NotKnownError(error.message, hint=error.hint) from error


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "local"

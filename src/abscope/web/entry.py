"""Coming in and going out: the log-in page, sessions, and what machines ask for to see that we are well."""

from collections.abc import Iterator
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from abscope import __version__
from abscope.collection import audit, logins, tokens
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp
from abscope.errors import AccessError
from abscope.web import lists, metrics
from abscope.web.answers import Health, Refusal
from abscope.web.api import REFUSALS, HeldHere
from abscope.web.held import Held, now
from abscope.web.oidc import LASTS
from abscope.web.refusals import refusal
from abscope.web.rendering import PLOTLY, asset, page
from abscope.web.who import FormChanger, Reader, cookie_name

router = APIRouter()
Field = Annotated[str, Form(max_length=1000)]
_TYPES = {"css": "text/css", "js": "text/javascript"}


@router.get("/login", include_in_schema=False)
def login_page(held: HeldHere) -> Response:
    """Where one logs in."""
    return _page(held)


def _page(held: Held, told: Refusal | None = None) -> Response:
    label = held.provider.client.label if held.provider else None
    drawn = page("login.html.j2", refusal=told, label=label, viewer=None, menu=())
    return HTMLResponse(drawn, told.status if told else 200)


@router.post("/login", include_in_schema=False)
def login(request: Request, held: HeldHere, user: Field = "", password: Field = "") -> Response:
    """Log in: a session, or why not."""
    engine, source = held.must_desk().collection.engine, request.client
    try:
        secret = logins.log_in(
            engine, user, password, now=now(), source=source.host if source else ""
        )
    except AccessError as error:
        return _page(held, refusal(403, error.message, error.hint))
    _note(held, user, "log in")
    return _let_in(request, secret)


def _let_in(request: Request, secret: str) -> Response:
    secure = request.app.state.serving.is_secure
    response = RedirectResponse("/", 303)
    lasts = int(tokens.SESSION.total_seconds())
    _give(response, cookie_name(secure=secure), secret, lasts=lasts, secure=secure)
    return response


def _give(response: Response, name: str, secret: str, *, lasts: int, secure: bool) -> None:
    """A cookie that scripts and, but for following a link, other sites cannot use."""
    more = {"max_age": lasts, "secure": secure, "httponly": True, "samesite": "lax"}
    response.set_cookie(name, secret, **more)  # type: ignore[arg-type]


@router.get("/login/oidc", include_in_schema=False)
def elsewhere(request: Request, held: HeldHere) -> Response:
    """Log in by an organisation's own account: off to its provider."""
    secure = request.app.state.serving.is_secure
    back = f"{'https' if secure else 'http'}://{request.headers['host']}/login/oidc/back"
    try:
        word, address = held.must_provider().begin(back)
    except AccessError as error:
        return _page(held, refusal(503, error.message, error.hint))
    response = RedirectResponse(address, 303)
    _give(response, _begun(secure=secure), word, lasts=LASTS, secure=secure)
    return response


@router.get("/login/oidc/back", include_in_schema=False)
def back(request: Request, held: HeldHere) -> Response:
    """Back from there: a session, or why not."""
    secure, source = request.app.state.serving.is_secure, request.client
    word, provider = request.cookies.get(_begun(secure=secure), ""), held.must_provider()
    engine = held.must_desk().collection.engine
    try:
        secret = logins.log_in_as(
            engine,
            lambda: provider.user(word, request.query_params),
            now=now(),
            source=source.host if source else "",
        )
    except AccessError as error:
        return _page(held, refusal(403, error.message, error.hint))
    return _let_in(request, secret)


def _begun(*, secure: bool) -> str:
    return f"{cookie_name(secure=secure)}_begun"


@router.post("/logout", include_in_schema=False)
def logout(request: Request, held: HeldHere, who: FormChanger) -> Response:
    """Log out: the session is gone, here and on the server."""
    secure = request.app.state.serving.is_secure
    secret = request.cookies.get(cookie_name(secure=secure), "")
    with writing(held.must_desk().collection.engine) as connection:
        tokens.revoke(connection, secret)
    _note(held, who.viewer.user, "log out")
    response = RedirectResponse("/login", 303)
    response.delete_cookie(cookie_name(secure=secure), secure=secure, httponly=True, samesite="lax")
    return response


@router.get("/assets/{name}", include_in_schema=False)
def assets(name: str) -> Response:
    """A style or script of the pages."""
    content = asset(name)
    if content is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=86400"} if name == PLOTLY else None
    return Response(content, media_type=_TYPES[name.rsplit(".", 1)[1]], headers=headers)


@router.get(
    "/healthz",
    response_model=Health,
    responses={503: {"model": Refusal, "description": "the store cannot be read"}},
    tags=["operation"],
)
def health(held: HeldHere) -> Any:
    """That the server works and its database answers."""
    if held.desk is not None:
        with reading(held.desk.collection.engine) as connection:
            connection.execute(sa.text("SELECT 1"))
    return Health(status="ok", version=__version__)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "Prometheus text format",
            "content": {"text/plain": {"example": "abscope_isolates 212\n"}},
        },
        **{status: REFUSALS[status] for status in (401, 403, 503)},
    },
    tags=["operation"],
)
def measured(request: Request, held: HeldHere, who: Reader) -> Response:
    """Requests, their time, jobs and isolates, for Prometheus."""
    lines = [*request.app.state.tally.lines(), *_of_collection(request, held, who)]
    return Response("\n".join(lines) + "\n", media_type=metrics.TYPE)


def _of_collection(request: Request, held: Held, who: Reader) -> Iterator[str]:
    told = lists.status(held, who, __version__)
    yield from metrics.metric("abscope_isolates", "gauge", "Isolates held.", {(): told.isolates})
    yield from metrics.metric("abscope_failed", "gauge", "Isolates that failed.", {(): told.failed})
    if request.app.state.board is None:
        return
    states = [one.state for one in request.app.state.board.table.all()]
    counted: dict[metrics.Labels, float] = {
        (("state", one),): float(states.count(one)) for one in sorted(set(states))
    }
    yield from metrics.metric("abscope_jobs", "gauge", "Jobs by state.", counted)


def _note(held: Held, user: str, action: str) -> None:
    with writing(held.must_desk().collection.engine) as connection:
        audit.append(connection, Stamp(tokens.instant(now()), user), action, user)

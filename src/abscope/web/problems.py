"""Whatever goes wrong, told as whoever asked can read it: a document for programs, a page for people."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from abscope.errors import AbscopeError, AccessError, StorageError, ToolError
from abscope.web.held import NotHeldError
from abscope.web.refusals import answer, refusal
from abscope.web.rendering import page
from abscope.web.security import API, plain_headers

_ASKED_WRONG = "/api/v1/openapi.json says what can be asked for"


class NotKnownError(AccessError):
    """Whoever asks is not known, and must log in."""


_STATUS: Sequence[tuple[type[AbscopeError], int]] = (
    (NotHeldError, 404),
    (NotKnownError, 401),
    (AccessError, 403),
    (StorageError, 503),
    (ToolError, 503),
    (AbscopeError, 422),
)


def add_handlers(app: FastAPI) -> None:
    """Have every refusal answered in our words."""

    @app.exception_handler(AbscopeError)
    def ours(request: Request, error: AbscopeError) -> Response:
        status = next(code for kind, code in _STATUS if isinstance(error, kind))
        return refused(request, status, error.message, hint=error.hint)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        return refused(request, 422, "this cannot be understood", hint=_ASKED_WRONG, errors=told)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = refused(request, error.status_code, str(error.detail), hint=_ASKED_WRONG)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    def defect(request: Request, error: Exception) -> Response:
        told = "abscope failed on it; the server's own log says how"
        response = refused(request, 500, told, hint="this is a defect; please report it")
        response.headers.update(plain_headers(secure=request.app.state.serving.is_secure))
        return response


def refused(
    request: Request, status: int, detail: str, *, hint: str = "", errors: Sequence[str] = ()
) -> Response:
    """A refusal, as whoever asked can read it; who must log in and has a browser is led there."""
    found = refusal(status, detail, hint, errors)
    if request.url.path.startswith(API) or "text/html" not in request.headers.get("accept", ""):
        return answer(found)
    if status == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse("/login", 303)
    return HTMLResponse(page("refused.html.j2", refusal=found, viewer=None, menu=()), status)

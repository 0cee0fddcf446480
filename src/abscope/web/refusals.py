"""Refusals as problem documents (RFC 9457), with our message and our hint."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse

from abscope.web.answers import Refusal

JSON = "application/problem+json"


def refusal(status: int, detail: str, hint: str, errors: Sequence[str] = ()) -> Refusal:
    """The values of a problem document."""
    title = HTTPStatus(status).phrase
    return Refusal(title=title, status=status, detail=detail, hint=hint, errors=list(errors))


def answer(found: Refusal) -> JSONResponse:
    """A problem document."""
    response = JSONResponse(found.model_dump(), found.status, media_type=JSON)
    if found.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response

"""What holds for every request: whose host and origin it names, how large it is; and headers of answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException

from abscope.web.refusals import answer, refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DRAWING_POLICY = POLICY.replace(
    "style-src 'self'; img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:",
)  # charts place what they draw with styles of their own
UPLOADS = ("/api/v1/isolates", "/api/v1/cases/imports", "/isolates", "/cases")
MOST_UPLOADED = 64 << 20
MOST_OTHERWISE = 64 << 10
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Rules:
    """hosts: names the server may be called by, none for any. secure: whoever comes, comes by TLS."""

    hosts: frozenset[str] = frozenset()
    secure: bool = False
    most_uploaded: int = MOST_UPLOADED


def plain_headers(*, secure: bool) -> dict[str, str]:
    """Headers of every answer."""
    always = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
    return always | ({"Strict-Transport-Security": "max-age=63072000"} if secure else {})


class Guard:
    """Refuses what must not reach the pages, and gives every answer its headers."""

    def __init__(self, app: "ASGIApp", rules: Rules) -> None:
        self._app, self._rules = app, rules
        self._headers = plain_headers(secure=rules.secure)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Look at a request; pass it on, or answer it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most = self._most(scope)
        refused = self._refusal(scope, most)
        if refused is not None:
            return await answer(refusal(*refused))(scope, receive, self._with_headers(send))
        return await self._app(scope, _limited(receive, most), self._with_headers(send))

    def _most(self, scope: "Scope") -> int:
        return self._rules.most_uploaded if scope["path"] in UPLOADS else MOST_OTHERWISE

    def _refusal(self, scope: "Scope", most: int) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._rules.hosts and _name(host) not in self._rules.hosts:
            known = ", ".join(sorted(self._rules.hosts))
            return 400, f"this server is not called {host!r}"[:200], f"its names: {known}"
        if scope["method"] not in SAFE and not _is_same_origin(headers, host):
            return 403, "another site sent this", "use the server's own pages, or a program"
        if (length := headers.get("content-length", "0")).isdecimal() and int(length) > most:
            return 413, too_large(most), _SMALLER
        return None

    def _with_headers(self, send: "Send") -> "Send":
        async def sending(message: "Message") -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    told.setdefault(name, value)
            await send(message)

        return sending


def too_large(most: int) -> str:
    """What is said of a body that is."""
    return f"more than {most >> 10:,} KiB"


_SMALLER = "compress it, or use abscope add and abscope cases import on the server itself"


def _limited(receive: "Receive", most: int) -> "Receive":
    """The body, until it is more than it may be."""
    taken = 0

    async def receiving() -> "Message":
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, too_large(most))
        return message

    return receiving


def _is_same_origin(headers: Mapping[str, str], host: str) -> bool:
    """Whether our own page sent this, or no page at all."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == host.lower()
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _name(host: str) -> str:
    """A host without its port."""
    bare = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host
    return (bare if bare.startswith("[") else bare.rsplit(":", 1)[0]).lower()

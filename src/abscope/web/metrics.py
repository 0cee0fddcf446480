"""What a Prometheus server asks for: requests by route and status, their time, jobs, what is held."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TYPE = "text/plain; version=0.0.4"
Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Tally:
    """How many requests there were, and how long they took, by method, route and status."""

    requests: Counter[Labels] = field(default_factory=Counter)
    seconds: Counter[Labels] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, labels: Labels, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self.requests[labels] += 1
            self.seconds[labels] += seconds  # type: ignore[assignment]

    def lines(self) -> Iterator[str]:
        """The tally as Prometheus reads it."""
        with self._lock:
            requests, seconds = dict(self.requests), dict(self.seconds)
        yield from metric("abscope_requests_total", "counter", "Requests answered.", requests)
        told = "Seconds spent on them."
        yield from metric("abscope_request_seconds_total", "counter", told, seconds)


class Counted:
    """Counts what passes through."""

    def __init__(self, app: "ASGIApp", tally: Tally) -> None:
        self._app, self._tally = app, tally

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, and count it when it is answered."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, begun = 500, time.perf_counter()

        async def sending(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "other")  # never an address as it was asked
            method = scope["method"] if scope["method"] in _METHODS else "other"
            labels = (("method", method), ("route", route), ("status", str(status)))
            self._tally.add(labels, time.perf_counter() - begun)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def metric(name: str, kind: str, told: str, values: Mapping[Labels, float]) -> Iterator[str]:
    """One metric's lines."""
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
    for labels, value in sorted(values.items()):
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        yield f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

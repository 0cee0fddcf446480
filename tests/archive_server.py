"""A small web server that answers as told, well or badly, and remembers what it was asked."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """One answer. cut: bytes sent before the line goes dead. silent: never answers. drop: hangs up at once.

    ranges: answers a Range request that names its etag by the part asked for. length: says how long it is.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    silent: bool = False
    drop: bool = False
    etag: str | None = None
    length: bool = True


@dataclass
class Server:
    """What is answered at each path (in turn, the last one for ever), and what was asked."""

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    def next_for(self, path: str) -> Answer:
        known = self.answers.get(path.partition("?")[0], [Answer(status=404)])
        return known.pop(0) if len(known) > 1 else known[0]

    @property
    def ranges(self) -> list[str | None]:
        return [headers.get("range") for _, headers in self.asked]


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on this machine, for as long as the block lasts; encrypted where a context is given."""
    httpd = _Quiet(("127.0.0.1", 0), _Handler)
    scheme = "https" if context else "http"
    if context:
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    server = Server(f"{scheme}://127.0.0.1:{httpd.server_address[1]}")
    httpd.script = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        script: Server = self.server.script  # type: ignore[attr-defined]
        script.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        answer = script.next_for(self.path)
        self.close_connection = True
        if answer.silent:
            script.closing.wait(30)
        if answer.silent or answer.drop:
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        start = self._start(answer)
        body = answer.body[start:]
        self.send_response_only(206 if start else answer.status)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if start:
            whole = len(answer.body)
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        if answer.length and "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body if answer.cut is None else body[: answer.cut])

    def _start(self, answer: Answer) -> int:
        wanted = self.headers.get("Range", "")
        if not wanted or answer.etag is None or self.headers.get("If-Range") != answer.etag:
            return 0
        return int(wanted.removeprefix("bytes=").rstrip("-"))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass
class Clock:
    """A clock that only moves when somebody waits; `waits` are those waits, in seconds."""

    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time

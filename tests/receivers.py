"""A web server and a mail server of our own that take messages, or fail in every way, and remember them."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hook:
    """What a webhook got: headers and body. answers: status codes in turn, the last for ever.

    Status 0 hangs up before, 1 after reading, 2 is silence until the end of the test.
    """

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def next(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


class _Hooked(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        hook: Hook = self.server.script  # type: ignore[attr-defined]
        status = hook.next()
        self.close_connection = True
        if status == 0:
            return
        hook.got.append(
            (dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"])))
        )
        if status == 2:
            hook.closing.wait(30)
        if status < 100:
            return
        self.send_response_only(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def webhook() -> Iterator[Hook]:
    """A webhook on this machine for as long as the block lasts."""
    server = _Quiet(("127.0.0.1", 0), _Hooked)
    hook = Hook(f"http://127.0.0.1:{server.server_address[1]}/alerts")
    server.script = hook  # type: ignore[attr-defined]
    with _running(server):
        try:
            yield hook
        finally:
            hook.closing.set()


@dataclass
class Post:
    """What a mail server got. fail: at which command it answers `code` (0: hangs up, -1: silence)."""

    port: int = 0
    fail: str = ""
    code: int = 451
    got: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


class _Mailed(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: Post = self.server.script  # type: ignore[attr-defined]
        if not self._answer("CONNECT", "220 ready", post):
            return
        while line := self.rfile.readline():
            verb = line.decode().split(" ")[0].strip().upper()
            if verb == "DATA":
                if not self._data(post):
                    return
            elif not self._answer(verb, "221 bye" if verb == "QUIT" else "250 ok", post):
                return
            if verb == "QUIT":
                return

    def _data(self, post: Post) -> bool:
        if not self._answer("DATA", "354 go on", post) or post.fail == "DATA":
            return post.fail == "DATA" and post.code > 0
        lines = iter(self.rfile.readline, b".\r\n")
        text = b"".join(lines).decode()
        if post.fail != "END":
            post.got.append(text)
        return self._answer("END", "250 taken", post)

    def _answer(self, verb: str, usual: str, post: Post) -> bool:
        if post.fail != verb:
            self.wfile.write(usual.encode() + b"\r\n")
            return True
        if post.code == -1:
            post.closing.wait(30)
        if post.code <= 0:
            return False
        self.wfile.write(f"{post.code} no\r\n".encode())
        return True


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


@contextmanager
def mailbox() -> Iterator[Post]:
    """A mail server on this machine for as long as the block lasts."""
    server = _MailServer(("127.0.0.1", 0), _Mailed)
    post = Post(server.server_address[1])
    server.script = post  # type: ignore[attr-defined]
    with _running(server):
        try:
            yield post
        finally:
            post.closing.set()


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Fetch a file over HTTP(S): patient, at a pace servers allow, and resumed where it broke off.

What is fetched grows in a `.part` file. It goes on from there, in the same call or a later one, only
where the server names the version of the file (ETag or Last-Modified) and confirms it still has it.
"""

import fcntl
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request

from abscope import __version__
from abscope.errors import DownloadError
from abscope.running.storage import make_folder, storing
from abscope.tools.internet import OFFLINE, PassingError, explained, opener

_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file is fetched. `secret` is added to the address and shown to nobody."""

    archive: str
    url: str
    secret: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient to be.

    tries: attempts a file. timeout: seconds without an answer or a byte. deadline: seconds an attempt may
    take. longest_wait: seconds a server may ask us to wait. most_bytes: size of a file. per_second: requests.
    """

    tries: int = 4
    timeout: float = 60.0
    deadline: float = 1800.0
    longest_wait: float = 120.0
    most_bytes: int = 100_000_000
    per_second: float = 3.0


class Client:
    """Fetches files one after the other. `sleep` and `now` are the clock, in seconds."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        self._sleep, self._now = sleep, now
        self._next = now()
        self._opener = opener()
        self._failing: set[str] = set()  # hosts given up: the next file is tried once

    def fetch(self, source: Source, part: Path) -> None:
        """Bring the whole file at `source` to `part`; what is there of it already is not asked for again.

        Raises DownloadError, leaving what arrived so far, and StorageError.
        """
        make_folder(part.parent)
        host = urlsplit(source.url).netloc
        tries = 1 if host in self._failing else self.limits.tries
        with _alone(part):
            for attempt in range(tries):
                self._await_turn()
                try:
                    self._attempt(source, part)
                    self._failing.discard(host)
                    return
                except PassingError as fault:
                    reason = str(fault)
                    if fault.restart:
                        forget(part)
                    if attempt < tries - 1:
                        self._sleep(self._pause(attempt, fault.wait))
        self._failing.add(host)
        raise DownloadError(f"{reason} (tried {_times(tries)})", hint=OFFLINE)

    def _await_turn(self) -> None:
        """Requests are at least 1 / per_second apart."""
        ahead = self._next - self._now()
        if ahead > 0:
            self._sleep(ahead)
        self._next = max(self._next, self._now()) + 1 / self.limits.per_second

    def _pause(self, attempt: int, asked: float | None) -> float:
        if asked is not None and asked > self.limits.longest_wait:
            raise DownloadError(
                f"the server asks to wait {asked:.0f} seconds", hint="try again after that time"
            )
        return max(min(2.0**attempt, 60.0), asked or 0.0)

    def _attempt(self, source: Source, part: Path) -> None:
        version = _version_held(part, source)
        headers = {"User-Agent": f"abscope/{__version__}", **source.headers}
        if version:
            headers |= {"Range": f"bytes={part.stat().st_size}-", "If-Range": version}
        request = Request(source.url + source.secret, headers=headers)
        with explained(), self._opener.open(request, timeout=self.limits.timeout) as answer:
            start = part.stat().st_size if version and answer.status == 206 else 0
            if start and not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                raise PassingError("the server sent another part than asked for", restart=True)
            if not start:
                _remember(part, source, answer.headers)
            self._receive(answer, part, start)

    def _receive(self, answer: HTTPResponse, part: Path, start: int) -> None:
        given = answer.headers.get("Content-Length")
        whole = start + int(given) if given and given.isdigit() else None
        self._refuse_huge(whole or 0, part)
        began, size = self._now(), start
        with storing(part), part.open("ab" if start else "wb") as handle:
            while block := answer.read1(_BLOCK):
                size += len(block)
                self._refuse_huge(size, part)
                if self._now() - began > self.limits.deadline:
                    raise PassingError(f"not done after {self.limits.deadline:.0f} seconds")
                handle.write(block)
        if whole is not None and size != whole:
            raise PassingError(f"the connection closed after {size} of {whole} bytes")

    def _refuse_huge(self, size: int, part: Path) -> None:
        most = self.limits.most_bytes
        if size > most:
            forget(part)
            raise DownloadError(
                f"the answer is larger than {most // 1_000_000} MB, no bacterial genome is",
                hint="check the accession or the mirror's address",
            )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def forget(part: Path) -> None:
    """Remove what was fetched to `part`."""
    for path in (part, _memo(part)):
        path.unlink(missing_ok=True)


def _memo(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _remember(part: Path, source: Source, headers: Message) -> None:
    """Note which version of the file `part` is about to hold, or that nobody can tell."""
    forget(part)
    tag = headers.get("ETag", "")
    version = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
    with storing(part):
        _memo(part).write_text(json.dumps({"url": source.url, "version": version}))


def _version_held(part: Path, source: Source) -> str:
    """The version of which `part` holds a beginning; empty where there is nothing to go on from."""
    try:
        memo = json.loads(_memo(part).read_text())
        held = part.stat().st_size > 0 and memo["url"] == source.url
        return str(memo["version"]) if held else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Keep a second process from fetching the same file to the same place."""
    lock = part.with_name(part.name + ".lock")
    with storing(lock), lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DownloadError(
                f"another process is fetching {part.stem}", hint="wait until it is done"
            ) from None
        yield

"""A server may fail in every way it likes: the error is clear, and the next try works."""

import fcntl
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from abscope.errors import DownloadError
from abscope.tools.downloads import Client, Limits, Source
from archive_server import Answer, Clock, Server, serving

BODY = bytes(range(256)) * 2000  # several blocks
QUICK = Limits(timeout=0.3, per_second=1e9)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "x.part"


def fetch(server: Server, part: Path, clock: Clock, limits: Limits = QUICK) -> None:
    client = Client(limits, sleep=clock.sleep, now=clock.now)
    client.fetch(Source("test", f"{server.url}/x"), part)


def test_a_whole_answer_is_kept_whole(server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(BODY))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert clock.waits == []
    assert server.asked[0][1]["user-agent"].startswith("abscope/")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 429])
def test_a_fault_that_may_pass_is_tried_again_after_a_growing_pause(
    status: int, server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", *[Answer(status=status)] * 3, Answer(BODY))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert clock.waits == [1, 2, 4]


def test_a_server_that_keeps_failing_is_given_up_with_its_own_words(
    server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(status=503))
    with pytest.raises(DownloadError, match=r"HTTP 503.*tried 4 times"):
        fetch(server, part, clock)
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_final_at_once(status: int, server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(status=status))
    with pytest.raises(DownloadError, match=f"HTTP {status}"):
        fetch(server, part, clock)
    assert len(server.asked) == 1
    assert not part.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "17"},
        {"Retry-After": "Sun, 22 Nov 2026 10:00:17 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"},
    ],
    ids=["seconds", "date"],
)
def test_the_pause_a_server_asks_for_is_kept(
    headers: dict[str, str], server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(status=429, headers=headers), Answer(BODY))
    fetch(server, part, clock)
    assert clock.waits == [17]
    assert part.read_bytes() == BODY


def test_a_server_that_asks_for_hours_is_not_waited_for(
    server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(status=429, headers={"Retry-After": "7200"}))
    with pytest.raises(DownloadError, match="wait 7200 seconds"):
        fetch(server, part, clock)
    assert clock.waits == []


def test_what_broke_off_goes_on_where_it_stopped(server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(BODY, etag='"v1"', cut=200_000), Answer(BODY, etag='"v1"'))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert server.ranges == [None, "bytes=200000-"]


def test_it_goes_on_in_a_later_call_too(server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(BODY, etag='"v1"', cut=100_000))
    with pytest.raises(DownloadError, match="closed after"):
        fetch(server, part, clock, replace(QUICK, tries=2))
    held = part.stat().st_size
    assert held == 200_000
    server.answer("/x", Answer(BODY, etag='"v1"'))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert server.ranges[-1] == f"bytes={held}-"


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(
    server: Server, part: Path, clock: Clock
) -> None:
    other = BODY[::-1]
    server.answer("/x", Answer(BODY, etag='"v1"', cut=200_000), Answer(other, etag='"v2"'))
    fetch(server, part, clock)
    assert part.read_bytes() == other


def test_a_server_without_versions_or_ranges_is_asked_from_the_start(
    server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(BODY, cut=200_000), Answer(BODY))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert server.ranges == [None, None]


def test_a_range_that_is_ignored_starts_again(server: Server, part: Path, clock: Clock) -> None:
    versioned = {"Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
    server.answer("/x", Answer(BODY, headers=versioned, cut=200_000), Answer(BODY))
    fetch(server, part, clock)
    assert server.ranges == [None, "bytes=200000-"]
    assert part.read_bytes() == BODY


def test_another_part_than_asked_for_is_not_put_behind_the_first(
    server: Server, part: Path, clock: Clock
) -> None:
    wrong = Answer(BODY[:10], status=206, headers={"Content-Range": "bytes 0-9/512000"})
    server.answer("/x", Answer(BODY, etag='"v1"', cut=200_000), wrong, Answer(BODY))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert server.ranges == [None, "bytes=200000-", None]


def test_a_range_the_server_cannot_give_starts_again(
    server: Server, part: Path, clock: Clock
) -> None:
    server.answer(
        "/x", Answer(BODY, etag='"v1"', cut=200_000), Answer(status=416), Answer(BODY, etag='"v1"')
    )
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    assert server.ranges[-1] is None


def test_a_line_that_goes_dead_is_never_a_whole_file(
    server: Server, part: Path, clock: Clock
) -> None:
    chunk = b"%x\r\n%s\r\n" % (1000, BODY[:1000])
    server.answer(
        "/x",
        Answer(chunk, headers={"Transfer-Encoding": "chunked"}, length=False),  # no last chunk
        Answer(drop=True),
        Answer(BODY, cut=0),
        Answer(BODY),
    )
    fetch(server, part, clock)
    assert part.read_bytes() == BODY


def test_a_silent_server_is_given_up_in_time(server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(silent=True))
    with pytest.raises(DownloadError, match="no answer in time"):
        fetch(server, part, clock, replace(QUICK, tries=2))
    server.answer("/x", Answer(BODY))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY


def test_a_server_that_only_drips_is_given_up(server: Server, part: Path) -> None:
    class Racing(Clock):
        def now(self) -> float:
            self.time += 1000
            return self.time

    server.answer("/x", Answer(BODY))
    with pytest.raises(DownloadError, match="not done after"):
        fetch(server, part, Racing())


def test_a_server_that_is_not_there_is_said_so_with_a_way_out(part: Path, clock: Clock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Server(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(DownloadError, match="refused") as caught:
            fetch(nobody, part, clock)
    assert "HTTPS_PROXY" in caught.value.hint
    assert "abscope reference add" in caught.value.hint
    assert clock.waits == [1, 2, 4]


@pytest.mark.parametrize("length", [True, False], ids=["declared", "undeclared"])
def test_an_answer_beyond_all_measure_is_refused_and_nothing_kept(
    length: bool, server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(BODY, length=length))
    with pytest.raises(DownloadError, match="larger than"):
        fetch(server, part, clock, replace(QUICK, most_bytes=100_000))
    assert len(server.asked) == 1
    assert not part.exists()


def test_a_host_that_was_given_up_is_not_waited_for_again_until_it_answers(
    server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(status=503))
    client = Client(QUICK, sleep=clock.sleep, now=clock.now)
    for tries in ("4 times", "once"):
        with pytest.raises(DownloadError, match=f"tried {tries}"):
            client.fetch(Source("test", f"{server.url}/x"), part)
    server.answer("/x", Answer(BODY))
    client.fetch(Source("test", f"{server.url}/x"), part)
    server.answer("/x", Answer(status=503), Answer(BODY))
    client.fetch(Source("test", f"{server.url}/x"), part)
    assert part.read_bytes() == BODY
    assert [wait for wait in clock.waits if wait >= 1] == [1, 2, 4, 1]


def test_a_redirect_is_followed_and_a_loop_is_not(server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(status=302, headers={"Location": "/y"}))
    server.answer("/y", Answer(BODY))
    fetch(server, part, clock)
    assert part.read_bytes() == BODY
    server.answer("/y", Answer(status=302, headers={"Location": "/x"}))
    with pytest.raises(DownloadError, match=r"HTTP 302.*loop"):
        fetch(server, part, clock)


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x"])
def test_a_redirect_leads_to_the_web_only(
    target: str, server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(status=302, headers={"Location": target}))
    with pytest.raises(DownloadError):
        fetch(server, part, clock)
    assert not part.exists()


def test_a_key_is_not_carried_to_another_host(server: Server, part: Path, clock: Clock) -> None:
    with serving() as other:
        server.answer("/x", Answer(status=302, headers={"Location": f"{other.url}/x"}))
        other.answer("/x", Answer(BODY))
        client = Client(QUICK, sleep=clock.sleep, now=clock.now)
        client.fetch(Source("test", f"{server.url}/x", headers={"api-key": "mine"}), part)
        assert server.asked[0][1]["api-key"] == "mine"
        assert "api-key" not in other.asked[0][1]


def test_requests_keep_the_pace_an_archive_allows(server: Server, part: Path, clock: Clock) -> None:
    server.answer("/x", Answer(b"x"))
    client = Client(Limits(per_second=4), sleep=clock.sleep, now=clock.now)
    for _ in range(5):
        client.fetch(Source("test", f"{server.url}/x"), part)
    assert clock.waits == pytest.approx([0.25] * 4)


def test_the_proxy_of_the_environment_is_used(
    server: Server, part: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    server.answer("http://archive.invalid/x", Answer(BODY))
    client = Client(QUICK, sleep=clock.sleep, now=clock.now)
    client.fetch(Source("test", "http://archive.invalid/x"), part)
    assert part.read_bytes() == BODY


def test_two_processes_do_not_write_into_one_another(
    server: Server, part: Path, clock: Clock
) -> None:
    server.answer("/x", Answer(BODY))
    with part.with_name("x.part.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DownloadError, match="another process"):
            fetch(server, part, clock)
    fetch(server, part, clock)
    assert part.read_bytes() == BODY


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("TLS NOT TESTED: openssl is not installed")
    path = tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", str(path) + ".crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as server:
        server.answer("/x", Answer(BODY))
        yield server


def test_a_certificate_nobody_vouches_for_is_refused_at_once(
    encrypted: Server, part: Path, clock: Clock
) -> None:
    with pytest.raises(DownloadError, match="no safe connection") as caught:
        fetch(encrypted, part, clock)
    assert "SSL_CERT_FILE" in caught.value.hint
    assert clock.waits == []


def test_a_certificate_the_user_vouches_for_is_accepted(
    encrypted: Server, certificate: Path, part: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    fetch(encrypted, part, clock)
    assert part.read_bytes() == BODY


def test_encryption_is_never_given_up_on_the_way(
    encrypted: Server, certificate: Path, part: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with serving() as plain:
        encrypted.answer("/x", Answer(status=302, headers={"Location": f"{plain.url}/x"}))
        with pytest.raises(DownloadError, match="without encryption"):
            fetch(encrypted, part, clock)
        assert plain.asked == []

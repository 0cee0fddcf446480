"""Alerts on their way out: what is sent, what is not, and what the world may do to it."""

import hashlib
import hmac
import json
import socket
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from abscope.errors import DataError
from abscope.records import Alert
from abscope.tools import channels, delivery
from abscope.tools.channels import Channel
from abscope.tools.delivery import UndeliveredError, message, send
from receivers import mailbox, webhook

ALERT = Alert(
    "isolate to rescue", "case Jane Doe", "high", "An isolate is to be rescued",
    "Case Jane Doe of North Clinic ...", {"case": "Jane Doe"}, date(2026, 1, 2), "CO",
)  # fmt: skip
NOON = 1_790_000_000.0
SECRET = "a long secret"


def hook_at(url: str, *naming: str) -> Channel:
    return Channel("hook", "webhook", {"url": url, "secret_variable": "TEST_SECRET"}, naming)


def mail_at(port: int, *naming: str, **more: object) -> Channel:
    settings = {"server": "127.0.0.1", "port": port, "security": "none", "to": "epi@example.org",
                "sender": "abscope@example.org", **more}  # fmt: skip
    return Channel("mail:epi@example.org", "email", settings, naming)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", 0.5)
    monkeypatch.setenv("TEST_SECRET", SECRET)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def post(channel: Channel, folder: Path = Path()) -> None:
    send(channel, ALERT, folder=folder, clock=lambda: NOON)


def test_a_webhook_gets_a_signed_message_that_names_nobody() -> None:
    with webhook() as hook:
        post(hook_at(hook.url))
    ((headers, body),) = hook.got
    assert b"Jane" not in body
    assert b"North" not in body
    told = json.loads(body)
    assert (told["alert"], told["title"], told["severity"]) == (ALERT.key, ALERT.title, "high")
    assert headers["Idempotency-Key"] == ALERT.key
    signed = headers["X-Abscope-Timestamp"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Abscope-Signature"] == f"sha256={expected}"


def test_names_are_sent_only_where_each_is_asked_for() -> None:
    with webhook() as hook:
        post(hook_at(hook.url, "reason"))
    told = json.loads(hook.got[0][1])
    assert told["reason"] == ALERT.reason
    assert "subject" not in told
    assert "evidence" not in told


@pytest.mark.parametrize("status", [0, 1, 2, 301, 302, 307, 400, 401, 404, 410, 429, 500, 503])
def test_a_webhook_that_fails_in_any_way_is_said_so_and_the_message_goes_nowhere_else(
    status: int,
) -> None:
    with webhook() as hook:
        hook.answers = [status]
        with pytest.raises(UndeliveredError) as told:
            post(hook_at(hook.url))
    assert len(hook.got) == (status != 0)
    assert status < 100 or str(status) in str(told.value)


def test_nobody_listening_and_a_missing_secret_are_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UndeliveredError, match="no connection"):
        post(hook_at(f"http://127.0.0.1:{port}/"))
    with pytest.raises(UndeliveredError, match="no connection"):
        post(mail_at(port))
    monkeypatch.delenv("TEST_SECRET")
    with pytest.raises(UndeliveredError, match="TEST_SECRET"):
        post(hook_at(f"http://127.0.0.1:{port}/"))


def test_an_email_names_nobody_and_has_the_same_id_when_it_is_sent_again() -> None:
    with mailbox() as box:
        post(mail_at(box.port))
        post(mail_at(box.port))
    first, second = box.got
    assert "Jane" not in first
    assert ALERT.title in first
    identities = [
        line
        for text in (first, second)
        for line in text.splitlines()
        if line.startswith("Message-ID")
    ]
    assert len(set(identities)) == 1
    assert ALERT.key in identities[0]


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("code", [451, 550, 0])
def test_a_mail_server_that_refuses_or_hangs_up_at_any_step_is_said_so(
    verb: str, code: int
) -> None:
    with mailbox() as box:
        box.fail, box.code = verb, code
        if verb == "EHLO" and code:  # a server that knows HELO alone is as good
            post(mail_at(box.port))
            assert len(box.got) == 1
            return
        with pytest.raises(UndeliveredError):
            post(mail_at(box.port))
    assert box.got == []


@pytest.mark.parametrize("code", [421, 0, -1])
def test_what_happens_after_the_server_has_taken_a_message_does_not_undo_it(code: int) -> None:
    with mailbox() as box:
        box.fail, box.code = "QUIT", code
        post(mail_at(box.port))
    assert len(box.got) == 1


def test_a_silent_mail_server_and_one_without_encryption_are_said_so() -> None:
    with mailbox() as box:
        box.fail, box.code = "MAIL", -1
        with pytest.raises(UndeliveredError, match="timed out"):
            post(mail_at(box.port))
        box.fail = ""
        with pytest.raises(UndeliveredError):
            post(mail_at(box.port, security="starttls"))
    assert box.got == []


def test_a_title_cannot_smuggle_a_header_into_an_email() -> None:
    made = delivery.mail(mail_at(25), replace(ALERT, title="rescue\r\nBcc: eve@example.org"))
    assert made["Bcc"] is None


def test_a_file_gets_each_alert_once_and_survives_a_line_cut_short(tmp_path: Path) -> None:
    channel = Channel("file", "file", {"path": "out/alerts.jsonl"})
    path = tmp_path / "out" / "alerts.jsonl"
    post(channel, tmp_path)
    post(channel, tmp_path)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [message(ALERT)]
    path.write_text(path.read_text()[:-20])
    post(channel, tmp_path)
    assert json.loads(path.read_text().splitlines()[-1]) == message(ALERT)
    with pytest.raises(UndeliveredError):
        send(
            Channel("f", "file", {"path": "alerts.jsonl/x"}), ALERT, folder=path, clock=lambda: NOON
        )


def test_stdout_gets_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    post(Channel("stdout", "stdout", {}))
    assert json.loads(capsys.readouterr().out) == message(ALERT)


def test_a_channel_takes_what_is_grave_enough_and_of_its_jurisdictions() -> None:
    mild = replace(ALERT, severity="low")
    assert Channel("a", "stdout", {}, at_least="medium").takes(ALERT)
    assert not Channel("a", "stdout", {}, at_least="medium").takes(mild)
    assert Channel("a", "stdout", {}, jurisdictions=("CO", "AZ")).takes(mild)
    assert not Channel("a", "stdout", {}, jurisdictions=("AZ",)).takes(mild)


def test_every_fault_of_channels_is_told_and_recipients_are_channels_of_their_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "watch.toml"
    path.write_text(
        '[[channels]]\nname = "a"\nkind = "webhook"\nurl = "http://example.org/x"\n'
        '[[channels]]\nname = "a"\nkind = "pigeon"\n'
        '[[channels]]\nname = "b"\nkind = "email"\nto = "x"\nserver = "s"\nsender = "y"\nsend = ["names"]\n'
    )
    with pytest.raises(DataError) as told:
        channels.read(path)
    for fault in (
        "secret_variable: is missing",
        "https://",
        "pigeon",
        "used twice",
        "to: must list",
        "'names'",
    ):
        assert fault in told.value.message
    path.write_text(
        '[[channels]]\nname = "m"\nkind = "email"\nto = ["x@a", "y@a"]\nserver = "s"\nsender = "z@a"\n'
    )
    assert [one.name for one in channels.read(path)] == ["m:x@a", "m:y@a"]

"""One alert through one channel: to a file, to stdout, by e-mail, or to a webhook that can check it is ours.

A message carries the alert's key, so that a receiver who gets it twice, because an answer was lost on the
way, can tell. E-mails and webhooks name nobody unless the channel asks for it.
"""

import hashlib
import hmac
import json
import os
import smtplib
import ssl
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request

from abscope.records import Alert
from abscope.tools.channels import NAMING, Channel
from abscope.tools.internet import opener

TIMEOUT = 15.0  # seconds
SIGNATURE, TIMESTAMP, KEY = "X-Abscope-Signature", "X-Abscope-Timestamp", "Idempotency-Key"


class UndeliveredError(Exception):
    """An alert did not get through, and why; it may the next time."""


def send(channel: Channel, alert: Alert, *, folder: Path, clock: Callable[[], float]) -> None:
    """Deliver. folder: where files lie. clock: seconds since 1970. Raises UndeliveredError."""
    ways: Mapping[str, Callable[[], None]] = {
        "stdout": lambda: _print(alert),
        "file": lambda: _append(folder / str(channel.settings["path"]), alert),
        "email": lambda: _mail(channel, alert),
        "webhook": lambda: _post(channel, alert, round(clock())),
    }
    ways[channel.kind]()


def message(alert: Alert, naming: tuple[str, ...] = NAMING) -> dict[str, object]:
    """An alert as JSON values; of what may name somebody only `naming`."""
    given: dict[str, object] = {
        "alert": alert.key,
        "day": alert.day.isoformat(),
        "severity": alert.severity,
        "rule": alert.rule,
        "title": alert.title,
        "jurisdiction": alert.jurisdiction,
        "expected_false_a_year": alert.false_a_year,
    }
    named = {"subject": alert.subject, "reason": alert.reason, "evidence": dict(alert.evidence)}
    return given | {name: named[name] for name in naming}


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """What the header says: HMAC-SHA256 of the timestamp, a dot and the body."""
    signed = str(timestamp).encode() + b"." + body
    return "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()


def _line(alert: Alert) -> str:
    return json.dumps(message(alert), ensure_ascii=False, sort_keys=True)


def _print(alert: Alert) -> None:
    try:
        sys.stdout.write(_line(alert) + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise UndeliveredError(f"stdout: {error.strerror}") from error


def _append(path: Path, alert: Alert) -> None:
    """Add a line, unless the file has the alert already; a line cut short by a power cut is left alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        known = path.read_bytes() if path.exists() else b""
        if any(_is_of(line, alert.key) for line in known.splitlines()):
            return
        start = b"\n" if known and not known.endswith(b"\n") else b""
        with path.open("ab") as handle:
            handle.write(start + _line(alert).encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise UndeliveredError(f"{path}: {error.strerror}") from error


def _is_of(line: bytes, key: str) -> bool:
    if key.encode() not in line:
        return False
    try:
        return bool(json.loads(line)["alert"] == key)
    except (ValueError, KeyError, TypeError):
        return False


def _secret(channel: Channel, setting: str) -> str | None:
    variable = channel.settings.get(setting)
    if variable is None:
        return None
    if not (value := os.environ.get(str(variable))):
        raise UndeliveredError(f"the environment has no {variable}")
    return value


def _post(channel: Channel, alert: Alert, timestamp: int) -> None:
    """Redirects are not followed: a signed message goes where it was addressed to, or nowhere."""
    body = json.dumps(message(alert, channel.send), ensure_ascii=False, sort_keys=True).encode()
    secret = _secret(channel, "secret_variable") or ""
    headers = {
        "Content-Type": "application/json",
        KEY: alert.key,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(secret.encode(), timestamp, body),
    }
    request = Request(str(channel.settings["url"]), data=body, headers=headers, method="POST")
    try:
        with opener(redirects=False).open(request, timeout=TIMEOUT) as answer:
            answer.read(1)
    except HTTPError as error:
        error.close()
        raise UndeliveredError(f"HTTP {error.code}") from error
    except (URLError, HTTPException, OSError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        raise UndeliveredError(_words(cause)) from error


def _words(cause: object) -> str:
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, OSError) and cause.strerror:
        return f"no connection: {cause.strerror}"
    return f"the connection failed: {type(cause).__name__}"


def _mail(channel: Channel, alert: Alert) -> None:
    """Once the server has taken the message, what happens at parting is of no account."""
    password = _secret(channel, "password_variable")
    try:
        server = _connected(channel)
        try:
            if channel.settings.get("security", "starttls") == "starttls":
                server.starttls(context=ssl.create_default_context())
            if channel.settings.get("user"):
                server.login(str(channel.settings["user"]), password or "")
            server.send_message(mail(channel, alert))
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except smtplib.SMTPResponseException as error:
        raise UndeliveredError(f"the mail server answered {error.smtp_code}") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise UndeliveredError("the mail server refused the recipient") from error
    except smtplib.SMTPException as error:
        raise UndeliveredError(f"the mail server: {error}") from error
    except OSError as error:
        raise UndeliveredError(_words(error)) from error


def _connected(channel: Channel) -> smtplib.SMTP:
    host, safe = str(channel.settings["server"]), channel.settings.get("security", "starttls")
    port = int(channel.settings.get("port", 465 if safe == "tls" else 587))
    if safe == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(host, port, timeout=TIMEOUT)


def mail(channel: Channel, alert: Alert) -> EmailMessage:
    """The e-mail; its Message-ID is the same whenever it is sent again."""
    made = EmailMessage()
    made["Subject"] = f"abscope, {alert.severity}: {' '.join(alert.title.split())}"
    made["From"], made["To"] = str(channel.settings["sender"]), str(channel.settings["to"])
    made["Message-ID"] = f"<{alert.key}@abscope.invalid>"
    told = message(alert, channel.send)
    made.set_content("\n".join(f"{name}: {_shown(value)}" for name, value in told.items()) + "\n")
    return made


def _shown(value: object) -> str:
    if value is None:
        return "not told"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

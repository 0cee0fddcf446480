"""Where alerts are sent: the `[[channels]]` of a collection's watch.toml.

    [[channels]]
    name = "mail"
    kind = "email"                     # file, stdout, email or webhook
    to = ["epi@example.org"]
    sender = "abscope@example.org"
    server = "smtp.example.org"
    at_least = "medium"                # low if not given
    send = ["reason"]                  # e-mails and webhooks name nobody unless asked to

Passwords and secrets are named by the environment variable that holds them, never written down.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from abscope.errors import DataError
from abscope.records import SEVERITIES, Alert

KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "stdout": (frozenset(), frozenset()),
    "file": (frozenset({"path"}), frozenset()),
    "email": (
        frozenset({"to", "sender", "server"}),
        frozenset({"port", "security", "user", "password_variable"}),
    ),
    "webhook": (frozenset({"url", "secret_variable"}), frozenset()),
}
"""Settings that each kind needs, and those it may have."""

NAMING = ("subject", "reason", "evidence")
"""What may name patients, isolates or facilities: sent by e-mail or webhook only where asked for."""

SECURITY = ("starttls", "tls", "none")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_EVERY = frozenset({"name", "kind", "at_least", "jurisdictions", "send"})
_SEE = "docs/watch.md describes channels"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to one receiver. settings: those of its kind; send: what may name somebody."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    send: tuple[str, ...] = ()
    at_least: str = "low"
    jurisdictions: tuple[str, ...] = ()

    def takes(self, alert: Alert) -> bool:
        """Whether the alert is grave enough, and of a jurisdiction this channel is for (none: all)."""
        grave = SEVERITIES.index(alert.severity) >= SEVERITIES.index(self.at_least)
        return grave and (not self.jurisdictions or alert.jurisdiction in self.jurisdictions)


def read(path: Path) -> tuple[Channel, ...]:
    """The channels of a file, one a recipient of e-mail. Raises DataError listing everything wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}", hint=_SEE) from error
    given = data.get("channels", [])
    if faults := list(_faults(given)):
        raise DataError.collect(str(path), faults, hint=_SEE)
    return tuple(channel for one in given for channel in _channels(one))


def _channels(one: Mapping[str, Any]) -> Iterator[Channel]:
    settings = {name: value for name, value in one.items() if name not in _EVERY}
    common = (
        tuple(one.get("send", ())), one.get("at_least", "low"), tuple(one.get("jurisdictions", ()))
    )  # fmt: skip
    if one["kind"] != "email":
        yield Channel(one["name"], one["kind"], settings, *common)
        return
    for recipient in one["to"]:
        yield Channel(f"{one['name']}:{recipient}", "email", {**settings, "to": recipient}, *common)


def _faults(given: list[Mapping[str, Any]]) -> Iterator[str]:
    names = [one.get("name") for one in given]
    for index, one in enumerate(given, 1):
        label = f"channels[{index}] {one.get('name', '')!r}"
        if not isinstance(one.get("name"), str) or names.count(one["name"]) > 1:
            yield f"{label}: name: is missing, or used twice"
        if one.get("kind") not in KINDS:
            yield f"{label}: kind: {one.get('kind')!r} is not one of {', '.join(KINDS)}"
            continue
        yield from (f"{label}: {fault}" for fault in _channel_faults(one))


def _channel_faults(one: Mapping[str, Any]) -> Iterator[str]:
    needed, possible = KINDS[one["kind"]]
    for name in sorted(needed - set(one)):
        yield f"{name}: is missing"
    for name in sorted(set(one) - needed - possible - _EVERY):
        yield f"{name}: is no setting of {one['kind']}"
    if one.get("at_least", "low") not in SEVERITIES:
        yield f"at_least: {one['at_least']!r} is not one of {', '.join(SEVERITIES)}"
    for name in sorted(set(one.get("send", ())) - set(NAMING)):
        yield f"send: {name!r} is not one of {', '.join(NAMING)}"
    if one.get("security", "starttls") not in SECURITY:
        yield f"security: {one['security']!r} is not one of {', '.join(SECURITY)}"
    if one["kind"] == "email" and not (isinstance(one.get("to"), list) and one["to"]):
        yield "to: must list addresses"
    yield from _address_faults(str(one.get("url", "https://nobody")))


def _address_faults(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        yield "url: must begin with https:// (http:// to this machine only)"

"""Logging in by an organisation's own accounts, and every way in which it must fail."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip(
    "jwt", reason="LOG-IN BY OPENID CONNECT NOT TESTED: abscope[oidc] is not installed"
)

import identity_provider
import served
from abscope.collection import audit, users
from abscope.collection.access import at_terminal
from abscope.collection.database import connect, reading, writing
from abscope.errors import DataError
from abscope.web import oidc_settings
from identity_provider import CLIENT, SECRET, Provider

BAD = "log-in refused"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with identity_provider.listening() as one:
        yield one


@dataclass
class Door:
    """A served collection that takes the provider's word, and a browser before it."""

    folder: Path
    provider: Provider
    browser: served.Caller

    def leave(self) -> str:
        """Where the browser is sent from the log-in page."""
        answer = self.browser.get("/login/oidc")
        assert answer.status_code == 303
        return str(answer.headers["location"])

    def come_back(self, **altered: str):
        """Off to the provider and back."""
        answer = {**self.provider.log_in(self.leave()), **altered}
        return self.browser.get("/login/oidc/back", params=answer)

    def is_in(self) -> bool:
        return bool(self.browser.get("/api/v1/status").status_code == 200)

    def audited(self) -> list[tuple[str, str, str]]:
        """Log-ins in the audit log: actor, action, why."""
        engine = connect(self.folder / "collection.db")
        with reading(engine) as connection:
            found = audit.rows(connection, at_terminal("tests"))
        engine.dispose()
        return [
            (r.actor, r.action, str(r.detail.get("why", ""))) for r in found if "log" in r.action
        ]


@pytest.fixture
def door(
    shared: Path, client: served.Starter, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Door]:
    monkeypatch.setenv("ABSCOPE_OIDC_SECRET", SECRET)

    def made(claim: str = "preferred_username") -> Door:
        told = {
            "issuer": provider.address,
            "client_id": CLIENT,
            "claim": claim,
            "label": "By state",
        }
        text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items())
        (shared / "oidc.toml").write_text(text)
        return Door(shared, provider, client(shared))

    return made


def refused(door: Door, why: str, **altered: str) -> None:
    """Coming back is refused for a reason, which the audit log has; nobody is in."""
    answer = door.come_back(**altered)
    assert answer.status_code == 403
    assert why.lower() in answer.text.lower()
    assert "abscope_session=" not in answer.headers.get("set-cookie", "")
    assert not door.is_in()
    actor, action, told = door.audited()[-1]
    assert (actor, action) == ("-", BAD)
    assert why in told


def test_whom_the_provider_names_is_let_in_with_their_own_rights(door: Callable[..., Door]) -> None:
    here = door()
    assert 'href="/login/oidc">By state<' in here.browser.get("/login").text
    assert here.come_back().headers["location"] == "/"
    told = here.browser.get("/api/v1/isolates").json()["items"]
    assert {one["jurisdiction"] for one in told} == {"AZ"}
    assert here.audited() == [("ana", "log in", "")]


def test_what_is_asked_of_the_provider_gives_nothing_away(door: Callable[..., Door]) -> None:
    here = door()
    first, second = (parse_qs(urlsplit(here.leave()).query) for _ in range(2))
    assert first["redirect_uri"] == ["http://localhost/login/oidc/back"]
    assert first["code_challenge_method"] == ["S256"]
    fresh = ("state", "nonce", "code_challenge")
    assert all(first[name] != second[name] and len(first[name][0]) >= 43 for name in fresh)
    assert SECRET not in str(first)


SAID_WRONGLY: dict[str, dict[str, object]] = {
    "Audience": {"aud": "somebody-else"},
    "is for another program": {"aud": [CLIENT, "somebody-else"]},
    "for another program": {"azp": "somebody-else"},
    "issuer": {"iss": "http://127.0.0.1:1"},
    "another log-in": {"nonce": "a nonce of another log-in"},
    "nonce": {"nonce": None},
    "expired": {"exp": 1_700_000_000},
    "exp": {"exp": None},
    "not yet valid": {"iat": 4_000_000_000},
    "nobody of this name is a user": {"preferred_username": "nobody-here"},
    "is a user here": {"preferred_username": "ANA"},
    "tells no preferred_username": {"preferred_username": None},
    "no preferred_username": {"preferred_username": ["ana"]},
}


def test_an_id_token_that_says_something_else_is_refused(door: Callable[..., Door]) -> None:
    here = door()
    for why, claims in SAID_WRONGLY.items():
        here.provider.claims = claims
        refused(here, why)


def test_a_forged_signature_is_refused(door: Callable[..., Door]) -> None:
    here = door()
    here.provider.signs = identity_provider.key()
    refused(here, "Signature verification failed")
    here.provider.kid = "k2"
    refused(here, "its key is not one of")


def test_a_token_without_signature_or_signed_by_what_is_public_is_refused(
    door: Callable[..., Door],
) -> None:
    here = door()
    here.provider.algorithm, here.provider.signs = "none", ""
    refused(here, "does not hold")
    here.provider.algorithm = "HS256"
    here.provider.signs = base64.urlsafe_b64encode(CLIENT.encode() * 8).decode()
    refused(here, "does not hold")


def test_keys_that_are_none_let_nobody_in(door: Callable[..., Door]) -> None:
    for published in ("k", ["k"], [{}], [{"kty": "oct", "k": "c2VjcmV0", "kid": "k1"}], 3):
        here = door()
        here.provider.published = published
        refused(here, "does not hold")


def test_an_answer_to_another_log_in_is_refused_and_none_is_taken_twice(
    door: Callable[..., Door],
) -> None:
    here = door()
    refused(here, "another log-in", state="a state of another's")
    refused(here, "another provider", iss="https://evil.example.org")
    refused(here, "let nobody in", code="")
    answer = here.provider.log_in(here.leave())
    mine = dict(here.browser.cookies)
    here.browser.cookies.clear()
    stolen = here.browser.get("/login/oidc/back", params=answer)
    assert (stolen.status_code, here.is_in()) == (403, False)
    here.browser.cookies.update(mine)
    assert here.browser.get("/login/oidc/back", params=answer).status_code == 303
    again = here.browser.get("/login/oidc/back", params=answer)
    assert (again.status_code, here.audited()[-1][1]) == (403, BAD)


def test_a_user_who_is_shut_out_stays_out(door: Callable[..., Door]) -> None:
    here = door()
    engine = connect(here.folder / "collection.db")
    with writing(engine) as connection:
        users.disable(connection, "ana", at="2026-01-01T00:00:00")
    engine.dispose()
    refused(here, "shut out")


def test_an_address_counts_only_where_the_provider_has_verified_it(
    door: Callable[..., Door],
) -> None:
    here = door("email")
    served.enter(here.folder, served.AZ.__class__("ana@example.org", "viewer", ("AZ",)))
    here.provider.claims = {"email": "Ana@example.org", "email_verified": False}
    refused(here, "has not verified")
    here.provider.claims = {"email": "Ana@example.org", "email_verified": True}
    assert here.come_back().headers["location"] == "/"
    assert here.is_in()


def test_a_provider_that_says_to_be_another_or_speaks_in_the_clear_is_not_asked(
    door: Callable[..., Door],
) -> None:
    for told in (
        {"issuer": "https://evil.example.org"},
        {"authorization_endpoint": "http://a.org/"},
    ):
        here = door()
        here.provider.described = told
        answer = here.browser.get("/login/oidc")
        assert (answer.status_code, "location" in answer.headers) == (503, False)


def test_guesses_from_one_place_are_slowed_down_and_do_not_fill_the_audit_log(
    door: Callable[..., Door],
) -> None:
    here = door()
    for _ in range(50):
        here.browser.get("/login/oidc/back", params={"code": "x", "state": "y"})
    written = len(here.audited())
    assert written == 50
    answer = here.come_back()
    assert "too many failed attempts" in answer.text.lower()
    assert (here.is_in(), len(here.audited())) == (False, written)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.org",
        "ftp://localhost",
        "http://10.0.0.1",
        "login.example.org",
        "https://",
    ],
)
def test_an_issuer_in_the_clear_is_refused_but_on_this_computer(
    tmp_path: Path, issuer: str
) -> None:
    told = 'client_id = "a"\nclaim = "sub"\nlabel = "b"\n'
    (tmp_path / "oidc.toml").write_text(f'issuer = "{issuer}"\n{told}')
    with pytest.raises(DataError, match="not at an https address"):
        oidc_settings.read(tmp_path)
    for fine in ("https://login.example.org/realm", "http://localhost:8080", "http://[::1]:9"):
        (tmp_path / "oidc.toml").write_text(f'issuer = "{fine}"\n{told}')
        assert oidc_settings.read(tmp_path) is not None


def test_a_table_that_will_not_do_is_refused_and_a_secret_is_never_shown(tmp_path: Path) -> None:
    assert oidc_settings.read(tmp_path) is None
    right = 'issuer = "https://a.org"\nclient_id = "a"\nclaim = "sub"\nlabel = "b"\n'
    for text in ("issuer", right + 'secret = "x"\n', right.replace("claim", "claims"),
                 right.replace('"sub"', "3"), right + 'secret_file = "nowhere"\n'):  # fmt: skip
        (tmp_path / "oidc.toml").write_text(text)
        with pytest.raises(DataError):
            oidc_settings.read(tmp_path)
    (tmp_path / "kept").write_text("hush\n")
    (tmp_path / "oidc.toml").write_text(right + 'secret_file = "kept"\n')
    read = oidc_settings.read(tmp_path)
    assert read is not None
    assert (read.secret, "hush" in repr(read)) == ("hush", False)

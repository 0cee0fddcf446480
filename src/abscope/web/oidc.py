"""Logging in by an organisation's own accounts: OpenID Connect's authorization code flow with PKCE.

The provider says who somebody is, never what they may do: whom it names must have been entered as a user
before. (OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636: PKCE; RFC 9207: the issuer in the answer.)
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request

from abscope.errors import AccessError, DownloadError
from abscope.tools.internet import opener
from abscope.web.oidc_settings import Client, is_safe

LASTS = 600  # seconds from the log-in page to the way back
_MOST, _PENDING, _KEPT, _LEEWAY, _PATIENCE = 1 << 20, 10_000, 3600.0, 60, 10
_ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)] + [
    "EdDSA"
]
_AGAIN = "begin again at /login; if it stays so, tell the administrator"


@dataclass(frozen=True, slots=True)
class _Begun:
    """A log-in under way: what only the browser, the provider and we know of it."""

    state: str
    nonce: str
    verifier: str
    back: str
    until: float


@dataclass(slots=True)
class Provider:
    """The provider as it describes itself, and log-ins that were begun and have not come back."""

    client: Client
    _begun: dict[str, _Begun] = field(default_factory=dict, repr=False)
    _told: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict, repr=False)

    def begin(self, back: str) -> tuple[str, str]:
        """A word for the browser's cookie, and the address to send it to. Raises AccessError."""
        word, state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        while len(self._begun) >= _PENDING:
            self._begun.pop(next(iter([*self._begun])), None)
        self._begun[word] = _Begun(state, nonce, verifier, back, time.monotonic() + LASTS)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code", "scope": "openid profile email",
            "client_id": self.client.client_id, "redirect_uri": back,
            "state": state, "nonce": nonce,
            "code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256",
        }  # fmt: skip
        address = self._address("authorization_endpoint")
        return word, f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"

    def user(self, word: str, answer: Mapping[str, str]) -> str:
        """Whom the provider's answer names. word: the browser's cookie. Raises AccessError.

        A log-in comes back once, whatever becomes of it.
        """
        begun = self._begun.pop(word, None)
        state = answer.get("state", "").encode()
        if begun is None or begun.until < time.monotonic():
            raise AccessError("this log-in was not begun here, or long ago", hint=_AGAIN)
        if not hmac.compare_digest(begun.state.encode(), state):
            raise AccessError("this answer is to another log-in", hint=_AGAIN)
        if answer.get("iss", self.client.issuer) != self.client.issuer:
            raise AccessError("this answer is another provider's", hint=_AGAIN)
        if not answer.get("code"):
            raise AccessError("the provider let nobody in", hint=_AGAIN)
        return self._named(self._claims(self._exchanged(answer["code"], begun), begun.nonce))

    def _exchanged(self, code: str, begun: _Begun) -> str:
        """The ID token for a code."""
        client, ways = self.client, self._described().get("token_endpoint_auth_methods_supported")
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": begun.back,
            "code_verifier": begun.verifier, "client_id": client.client_id,
        }  # fmt: skip
        headers = {"Accept": "application/json"}
        if client.secret and "client_secret_basic" in (ways or ["client_secret_basic"]):
            both = ":".join(map(partial(quote, safe=""), (client.client_id, client.secret)))
            headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        elif client.secret:
            form["client_secret"] = client.secret
        address = self._address("token_endpoint")
        told = _asked(Request(address, urlencode(form).encode(), headers))
        return str(told.get("id_token", ""))

    def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        """What the ID token says, if it is the provider's, for us, for this log-in, and of now."""
        import jwt

        client = self.client
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(str(jwt.get_unverified_header(token).get("kid", ""))),
                algorithms=_ALGORITHMS,
                audience=client.client_id,
                issuer=client.issuer,
                leeway=_LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise AccessError(f"the provider's word does not hold: {error}", hint=_AGAIN) from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else client.client_id) != client.client_id:
            raise AccessError("the provider's word is for another program", hint=_AGAIN)
        if not hmac.compare_digest(nonce.encode(), str(claims["nonce"]).encode()):
            raise AccessError("the provider's word is for another log-in", hint=_AGAIN)
        return claims

    def _named(self, claims: Mapping[str, Any]) -> str:
        name = claims.get(self.client.claim)
        if not isinstance(name, str) or not name:
            raise AccessError(f"the provider tells no {self.client.claim}", hint=_AGAIN)
        if self.client.claim != "email":
            return name
        if claims.get("email_verified") is not True:
            raise AccessError("the provider has not verified this address", hint=_AGAIN)
        return name.lower()

    def _key(self, kid: str) -> Any:
        """The provider's key of a name. An unknown one is asked for anew, at most once a minute."""
        import jwt

        address = self._address("jwks_uri")
        for age in (_KEPT, 60.0):
            told = self._fetched(address, age).get("keys")
            listed = (
                [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
            )
            usable = [one for one in jwt.PyJWKSet(listed).keys if one.key_type != "oct"]
            named = [one for one in usable if one.key_id == kid or (not kid and len(usable) == 1)]
            if named:
                return named[0]
        raise jwt.InvalidKeyError("its key is not one of the provider's")

    def _described(self) -> Mapping[str, Any]:
        """What the provider says of itself. Raises AccessError where it says to be another."""
        base = self.client.issuer.rstrip("/")
        told = self._fetched(f"{base}/.well-known/openid-configuration", _KEPT)
        if told.get("issuer") != self.client.issuer:
            raise AccessError("the provider says to be another", hint=_AGAIN)
        return told

    def _address(self, name: str) -> str:
        address = str(self._described().get(name, ""))
        if not is_safe(address, plain=self.client.issuer.startswith("http:")):
            raise AccessError(f"the provider's {name} is at no safe address", hint=_AGAIN)
        return address

    def _fetched(self, address: str, age: float) -> Mapping[str, Any]:
        """A JSON object, no older than so many seconds."""
        at, told = self._told.get(address, (0.0, {}))
        if not told or time.monotonic() - at > age:
            told = _asked(Request(address, headers={"Accept": "application/json"}))
            self._told[address] = time.monotonic(), told
        return told


def _asked(request: Request) -> Mapping[str, Any]:
    """The JSON object that is answered. Raises AccessError."""
    try:
        with opener().open(request, timeout=_PATIENCE) as answer:
            told = json.loads(answer.read(_MOST))
    except (OSError, HTTPException, ValueError, DownloadError) as error:
        raise AccessError("the provider does not answer as it should", hint=_AGAIN) from error
    if not isinstance(told, dict):
        raise AccessError("the provider does not answer as it should", hint=_AGAIN)
    return told

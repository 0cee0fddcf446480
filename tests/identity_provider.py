"""A small OpenID provider on this computer, which signs; tests tell it what to say wrongly."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "abscope", "between us"


def key() -> ec.EllipticCurvePrivateKey:
    """A key to sign with."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Provider:
    """claims: added to, or in the place of, those of an honest ID token; None takes one away.

    signs: with this key, in the place of the published one. algorithm: of the signature. described: what
    discovery says otherwise. published: other keys than its own.
    """

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    signs: Any = None
    algorithm: str = "ES256"
    kid: str = "k1"
    published: Any = None
    own: ec.EllipticCurvePrivateKey = field(default_factory=key)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        """What it says of itself."""
        ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        told = {name: f"{self.address}/{name}" for name in ends}
        return {"issuer": self.address, **told, **self.described}

    def keys(self) -> dict[str, Any]:
        """The published key, unless told otherwise."""
        if self.published is not None:
            return {"keys": self.published}
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.own.public_key()))
        return {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "ES256"}]}

    def log_in(self, address: str) -> dict[str, str]:
        """Somebody sent to `address` logs in: what their browser takes back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.address}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """The ID token for a code, if whoever asks is whom the code was for."""
        asked = self.codes.pop(form["code"])
        both = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form["code_verifier"].encode()).digest()
        )
        assert both == f"{CLIENT}:{SECRET.replace(' ', '%20')}"
        assert challenge.rstrip(b"=").decode() == asked["code_challenge"]
        assert (form["redirect_uri"], asked["code_challenge_method"]) == (
            asked["redirect_uri"],
            "S256",
        )
        now = int(time.time())
        claims = {
            "iss": self.address, "sub": "248289761001", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "preferred_username": "ana", **self.claims,
        }  # fmt: skip
        said = {name: value for name, value in claims.items() if value is not None}
        signs = self.own if self.signs is None else self.signs
        made = jwt.encode(said, signs, algorithm=self.algorithm, headers={"kid": self.kid})
        return {"id_token": made, "token_type": "Bearer", "access_token": "unused"}


@contextmanager
def listening() -> Iterator[Provider]:
    """The provider, at a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {
                "/.well-known/openid-configuration": provider.discovery,
                "/jwks_uri": provider.keys,
            }
            self._answer(asked[self.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: one for name, (one,) in parse_qs(body).items()}
            self._answer(provider.token(form, self.headers["Authorization"]))

        def _answer(self, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        provider.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()

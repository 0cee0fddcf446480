"""Where an organisation's accounts are: the collection's oidc.toml."""

import os
import tomllib
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from abscope.errors import DataError, ToolError

FILE, SECRET = "oidc.toml", "ABSCOPE_OIDC_SECRET"
_ASKED = ("issuer", "client_id", "claim", "label")
_TABLE = "issuer (https), client_id, claim and label, and perhaps secret_file (docs/access.md)"


@dataclass(frozen=True, slots=True)
class Client:
    """What is known of the provider. claim: names the user. label: what the log-in page calls it.

    secret: empty for a client without one.
    """

    issuer: str
    client_id: str
    claim: str
    label: str
    secret: str = field(default="", repr=False)


def read(folder: Path) -> Client | None:
    """The collection's oidc.toml; None without one.

    The secret is that of the environment, or the content of the file the table names. Raises DataError
    where the table will not do, ToolError where the library is not installed.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        secret = os.environ.get(SECRET) or _content(folder, told.pop("secret_file", None))
    except (ValueError, TypeError, OSError) as error:
        raise DataError(f"{path}: {error}", hint=_TABLE) from error
    words = [told.get(name) for name in _ASKED]
    if set(told) != set(_ASKED) or not all(isinstance(one, str) and one for one in words):
        raise DataError(f"{path}: has not just the words it must have", hint=_TABLE)
    if not is_safe(str(told["issuer"])):
        raise DataError(f"{path}: the issuer is not at an https address", hint=_TABLE)
    if find_spec("jwt") is None:
        raise ToolError(f"{path}: needs PyJWT", hint="pip install 'abscope[oidc]'")
    return Client(**told, secret=secret)


def _content(folder: Path, name: str | None) -> str:
    return "" if name is None else (folder / name).read_text(encoding="utf-8").strip()


def is_safe(address: str, *, plain: bool = True) -> bool:
    """Whether what is said there is secret: by TLS, or, if `plain`, on this computer."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and plain and here))

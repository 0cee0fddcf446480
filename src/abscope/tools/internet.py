"""Talk HTTP(S) safely, and say in words what the network did."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from abscope.errors import DownloadError

MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})
OFFLINE = (
    "check the network (a proxy is set with HTTPS_PROXY); without one, fetch the file elsewhere "
    "and give it to 'abscope reference add'"
)
_CERTIFICATE = (
    "the server's certificate is not trusted here; if your institution inspects traffic, "
    "name its certificate in SSL_CERT_FILE"
)
_BY_CODE = {
    404: "the server does not hold it; check the accession",
    407: "the proxy asks for a name and password: put them into HTTPS_PROXY",
}


class PassingError(Exception):
    """A fault that another attempt may not meet.

    wait: seconds the server asks for. restart: what was fetched so far is of no use.
    """

    def __init__(self, reason: str, *, wait: float | None = None, restart: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.restart = restart


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the network does into a fault that may pass, or an error that will not."""
    try:
        yield
    except HTTPError as error:
        error.close()
        raise _by_code(error) from error
    except (URLError, HTTPException, OSError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = f"no safe connection: {cause.verify_message}"
            raise DownloadError(reason, hint=_CERTIFICATE) from error
        raise PassingError(_in_words(cause)) from error


def _by_code(error: HTTPError) -> Exception:
    reason = f"HTTP {error.code}: {str(error.reason).splitlines()[0]}"
    if error.code == 416:  # what we hold is no beginning of what the server has
        return PassingError(reason, restart=True)
    if error.code in MAY_PASS:
        return PassingError(reason, wait=_retry_after(error.headers))
    return DownloadError(reason, hint=_BY_CODE.get(error.code, OFFLINE))


def _in_words(cause: object) -> str:
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, OSError) and cause.strerror:
        return f"no connection: {cause.strerror}"
    return f"the connection failed: {cause or type(cause).__name__}"


def _retry_after(headers: Message) -> float | None:
    """Seconds to wait, given as such or as a date to be read by the server's own clock (RFC 9110)."""
    given = headers.get("Retry-After", "").strip()
    if given.isdigit():
        return float(given)
    try:
        until, sent = (parsedate_to_datetime(text) for text in (given, headers.get("Date", "")))
        return max((until - sent).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


class _Redirects(HTTPRedirectHandler):
    """Followed, but never to an unencrypted address, and without taking a key to another host."""

    def redirect_request(self, req: Request, *args: Any, **kwargs: Any) -> Request | None:
        new = super().redirect_request(req, *args, **kwargs)
        if new is not None:
            before, after = urlsplit(req.full_url), urlsplit(new.full_url)
            if before.scheme == "https" and after.scheme != "https":
                raise DownloadError(
                    f"{before.netloc} redirects to an address without encryption", hint=OFFLINE
                )
            if before.netloc != after.netloc:
                new.remove_header("Api-key")
        return new


def opener(*, redirects: bool = True) -> OpenerDirector:
    """HTTP and HTTPS alone, never a file, FTP or data address; proxies as the environment says.

    redirects: whether they are followed; if not, one is an HTTPError.
    """
    director = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(context=ssl.create_default_context()),
        HTTPDefaultErrorHandler(),
        *([_Redirects()] if redirects else []),
        HTTPErrorProcessor(),
        UnknownHandler(),
    ):
        director.add_handler(handler)
    return director

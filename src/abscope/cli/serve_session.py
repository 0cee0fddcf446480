"""Serve for a person at a terminal, who is told where to look."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from abscope.errors import ToolError, UsageError

if TYPE_CHECKING:
    from abscope.web.app import Serving

_NEEDED = ("fastapi", "uvicorn", "python_multipart")


@dataclass(frozen=True, slots=True)
class Tls:
    """How connections are kept secret: by us with a certificate, or by a proxy before us."""

    certificate: Path | None = None
    key: Path | None = None
    proxy: bool = False


def serve(
    folder: Path, run: Path | None, *, address: tuple[str, int], names: tuple[str, ...], tls: Tls
) -> None:
    """Serve until interrupted. Raises ToolError where the server is not installed, UsageError."""
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise ToolError(f"serving needs {', '.join(missing)}", hint="pip install 'abscope[server]'")
    from abscope.web.app import Serving

    if (tls.certificate is None) != (tls.key is None):
        raise UsageError("--certificate and --key belong together", hint="give both, or neither")
    host, port = address
    _until_interrupted(Serving(folder, run, host, port, names, tls.certificate, tls.key, tls.proxy))


def _until_interrupted(serving: "Serving") -> None:
    import uvicorn

    from abscope.web.app import make_app, must_be_safe, opened

    with ExitStack() as stack:  # a mistake is told here, before anything listens
        must_be_safe(serving, opened(serving, stack))
    scheme = "https" if serving.certificate else "http"
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    typer.echo(f"{serving.folder} at {scheme}://{host}:{serving.port} (Ctrl-C ends it)", err=True)
    with suppress(KeyboardInterrupt):  # that is how it is meant to end
        uvicorn.run(
            make_app(serving),
            host=serving.host,
            port=serving.port,
            ssl_certfile=serving.certificate,
            ssl_keyfile=serving.key,
            proxy_headers=serving.proxy,
            forwarded_allow_ips="127.0.0.1,::1",
            server_header=False,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )

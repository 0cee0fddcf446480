"""abscope serve: a collection or a run in the browser, and as JSON for programs."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    folder: Annotated[
        Path, typer.Argument(help="A collection's folder, or the output folder of a run.")
    ],
    run: Annotated[
        Path | None, typer.Option(help="A run's output folder, to show beside the collection.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    name: Annotated[
        list[str] | None, typer.Option(help="Host name it is called by; may be repeated.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Certificate (PEM) to speak TLS with.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Its key (PEM).")] = None,
    proxy: Annotated[
        bool, typer.Option("--proxy", help="A proxy before it speaks TLS, on this computer.")
    ] = False,
) -> None:
    """Serve pages and an API until interrupted; without options for this computer alone.

    Nobody need log in until the collection has users. For others to come there must be users, and TLS.
    """
    from abscope.cli import serve_session

    tls = serve_session.Tls(certificate, key, proxy)
    serve_session.serve(folder, run, address=(host, port), names=tuple(name or ()), tls=tls)

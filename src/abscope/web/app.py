"""The application: what is served, the rules every request keeps, the API and the pages."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from fastapi import FastAPI

from abscope import __version__
from abscope.errors import UsageError
from abscope.surveillance import open_desk
from abscope.web import api, entry, oidc_settings, pages, uploads
from abscope.web.held import Held, RunFolder
from abscope.web.jobs import Board
from abscope.web.metrics import Counted, Tally
from abscope.web.oidc import Provider
from abscope.web.openapi import describing
from abscope.web.problems import add_handlers
from abscope.web.security import MOST_UPLOADED, Guard, Rules
from abscope.web.who import has_users
from abscope.web.work import work

_HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
_ABOUT = """\
Genomic surveillance and outbreak investigation for *Mycobacterium abscessus*: every page as JSON.

Lists come in parts: `limit` items after `offset`, the address of the next part in `next`. Unknown is null.
What cannot be done is said as `application/problem+json`, with what to do in `hint`. Send an API token
(`Authorization: Bearer ...`), which `abscope user token` makes; on a computer of one's own without users
none is needed.
"""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and where. names: hosts it may be called by. tls: by us, or by a proxy before us.

    apart: jobs run in processes of their own.
    """

    folder: Path
    run: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxy: bool = False
    apart: bool = True
    most_uploaded: int = MOST_UPLOADED

    @property
    def is_secure(self) -> bool:
        """Whether whoever comes, comes by TLS."""
        return self.proxy or self.certificate is not None

    @property
    def is_local(self) -> bool:
        """Whether only who sits at this computer can come."""
        return is_loopback(self.host) and not self.proxy and not self.names

    @property
    def rules(self) -> Rules:
        """What requests must keep."""
        own = _HERE | {name.lower() for name in self.names}
        hosts = own if self.is_local or self.names else frozenset[str]()
        return Rules(hosts, self.is_secure, self.most_uploaded)


def is_loopback(host: str) -> bool:
    """Whether a host's address never leaves the computer."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def make_app(serving: Serving) -> FastAPI:
    """The application; the folder is opened at its start and closed at its end.

    Raises, at its start, UsageError where what should be served is not there, or must not be so.
    """

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            app.state.held = held = opened(serving, stack)
            must_be_safe(serving, held)
            app.state.board = None
            if held.desk is not None:
                folder = held.desk.collection.folder / "jobs"
                app.state.board = board = Board(folder, work, apart=serving.apart)
                stack.callback(board.close)
            yield

    app = FastAPI(
        title="abscope",
        version=__version__,
        description=_ABOUT,
        lifespan=life,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.serving, app.state.tally = serving, Tally()
    for router in (api.router, uploads.router, entry.router, pages.router):
        app.include_router(router)
    add_handlers(app)
    app.openapi = describing(app)  # type: ignore[method-assign]
    app.add_middleware(Guard, rules=serving.rules)
    app.add_middleware(Counted, tally=app.state.tally)
    return app


def opened(serving: Serving, stack: ExitStack) -> Held:
    """What is served: a collection, a run, or a collection with a run beside it.

    Raises UsageError; DataError where the collection's oidc.toml will not do.
    """
    if (serving.folder / "charter.json").is_file():
        desk = stack.enter_context(open_desk(serving.folder))
        accounts = oidc_settings.read(serving.folder)
        run = RunFolder(_run(serving.run)) if serving.run else None
        return Held(desk, run, None if accounts is None else Provider(accounts))
    if serving.run is not None:
        raise UsageError(
            f"{serving.folder}: no collection here", hint="abscope serve OUTDIR serves a run alone"
        )
    return Held(None, RunFolder(_run(serving.folder)))


def must_be_safe(serving: Serving, held: Held) -> None:
    """Raise UsageError where others could come in without a name, or names would go in the clear."""
    if serving.is_local:
        return
    if not has_users(held):
        raise UsageError(
            f"{serving.host}: others could come, and nobody need log in",
            hint="enter users first (abscope user add), or serve on 127.0.0.1 without --name",
        )
    if not serving.is_secure:
        raise UsageError(
            f"{serving.host}: passwords would travel in the clear",
            hint="give --certificate and --key, or --proxy where a proxy before it speaks TLS",
        )


def _run(folder: Path) -> Path:
    if not (folder / "manifest.json").is_file():
        raise UsageError(
            f"{folder}: neither a collection nor the output folder of a run",
            hint="abscope init founds a collection, abscope run investigates an outbreak",
        )
    return folder

"""Collections and runs to serve, and callers of the application that serves them."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient as Caller

import investigations
import jurisdictions
from abscope import organism, surveillance
from abscope.collection import case_imports, tokens, users
from abscope.collection.access import Viewer
from abscope.collection.database import connect, writing
from abscope.formats.line_list import Beside
from abscope.pipeline import publish as publish_files
from abscope.reports import folder as folders
from abscope.reports.page import policy
from abscope.settings import Inputs, Settings
from abscope.web.app import Serving, make_app
from abscope.web.held import now
from abscope.weighing import weighed

Starter = Callable[..., Caller]
PASSWORD = "four unrelated words"
ADMIN = Viewer("root", "administrator", ("*",))
AZ = Viewer("ana", "epidemiologist", ("AZ",))
LAB = Viewer("carl", "laboratory", ("CO",))
CASES = """\
case_id,isolate_id,date_onset,clinic
A,az_1,2022-11-01,North
B,co-2,2022-06-01,South
C,,2022-11-25,East
"""


def found(species: Path, folder: Path) -> Path:
    """An empty collection of the organism."""
    surveillance.found(Inputs(Path(), folder, organism=str(species)), Settings())
    return folder


def fill(folder: Path) -> None:
    """Isolates of three jurisdictions, users, and a line list."""
    with jurisdictions.shared(folder / "collection.db") as engine, writing(engine) as connection:
        for viewer in (ADMIN, AZ, LAB):
            users.add(connection, viewer, password=PASSWORD if viewer is ADMIN else None)
    sheet = folder.parent / "cases.csv"
    sheet.write_text(CASES)
    case_imports.keep(folder, sheet, Beside(), today=date(2026, 11, 22))


def token(folder: Path, viewer: Viewer) -> dict[str, str]:
    """The header of a token of a user's."""
    engine = connect(folder / "collection.db")
    with writing(engine) as connection:
        secret = tokens.issue(connection, viewer.user, kind="token", now=now())
    engine.dispose()
    return {"Authorization": f"Bearer {secret}"}


def enter(folder: Path, viewer: Viewer) -> None:
    """One more user."""
    engine = connect(folder / "collection.db")
    with writing(engine) as connection:
        users.add(connection, viewer)
    engine.dispose()


def wait(caller: Caller, answer: Any) -> dict[str, Any]:
    """The job that an upload was answered with, ended."""
    for _ in range(1200):
        job: dict[str, Any] = caller.get(answer.headers["location"]).json()
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def publish(folder: Path, *, report: str = "") -> Path:
    """A run's output folder as abscope run leaves it, isolates' and references' own files aside."""
    one = investigations.realistic()
    knowledge = organism.read("mycobacterium_abscessus").knowledge()
    assert one.findings is not None
    one = replace(one, findings=weighed(one.findings, one.relatedness, (), knowledge))
    files = [*folders._tables(one), *folders._rankings(one.findings)]
    files.append(("report.html", (report or small_report()).encode()))
    manifest = {**one.manifest, "samples": []}
    files.append(("manifest.json", json.dumps(manifest).encode()))
    publish_files(files, outdir=folder)
    return folder


def small_report() -> str:
    """A page with a policy and a script of its own, as reports are."""
    script = "document.title = 'drawn'"
    stated = policy((script,))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{stated}"><title>A report</title>'
        f"</head><body><p>A report &lt;b&gt;</p><script>{script}</script></body></html>"
    )


@contextmanager
def clients() -> Iterator[Callable[..., Caller]]:
    """Starts an application and gives its caller; all end together."""
    with ExitStack() as stack:

        def start(folder: Path, *, base_url: str = "http://localhost", **more: object) -> Caller:
            serving = Serving(folder, **{"apart": False, **more})
            caller = Caller(make_app(serving), base_url=base_url, follow_redirects=False)
            return stack.enter_context(caller)

        yield start

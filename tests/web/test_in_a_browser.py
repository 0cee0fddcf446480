"""The live pages in headless Chromium: quiet, asking nobody else, usable without a mouse."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

import investigations
import served
from abscope.reports.page import render
from abscope.web.app import Serving, make_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def listening(folder: Path, run: Path | None) -> tuple[uvicorn.Server, threading.Thread, str]:
    """A server on a port of its own, in a thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make_app(Serving(folder, run, port=port, apart=False))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    return server, thread, f"http://127.0.0.1:{port}"


@pytest.fixture
def page(browser: "Browser", fresh: Path, tmp_path: Path) -> Iterator["Page"]:
    """A collection and a run, open; what the console or another host is told fails the test."""
    run = served.publish(tmp_path / "run", report=render(investigations.realistic()))
    server, thread, address = listening(fresh, run)
    complaints: list[str] = []
    opened = browser.new_page(base_url=address, viewport={"width": 1280, "height": 800})
    opened.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
    opened.on("pageerror", lambda e: complaints.append(str(e)))
    opened.on(
        "request",
        lambda r: None if r.url.startswith((address, "data:")) else complaints.append(r.url),
    )
    yield opened
    opened.close()
    server.should_exit = True
    thread.join(30)
    assert complaints == []


def test_a_line_list_is_uploaded_followed_and_read_and_the_report_is_drawn(
    page: "Page", tmp_path: Path
) -> None:
    sheet = tmp_path / "cases.csv"
    sheet.write_text(served.CASES)
    page.goto("/")
    assert page.inner_text("h1") == "Overview"
    page.click("nav >> text=Cases")
    page.set_input_files("input[name=linelist]", str(sheet))
    page.keyboard.press("Tab")
    page.click("text=Import >> nth=-1")
    page.wait_for_selector("h2:has-text('Done')")
    page.goto("/cases")
    assert page.locator("table tbody tr").count() == 3
    page.fill("input[type=search][aria-label^=Filter]", "az_1")
    page.click("th:has-text('case id') button")
    page.click("td a:visible >> nth=0")
    assert page.inner_text("h1") == "Case A"
    for noun in ("isolates", "links", "sources", "questions", "alerts", "jobs", "files"):
        page.goto(f"/{noun}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), noun
    page.goto("/report")
    page.wait_for_selector("#chart-histogram .main-svg")

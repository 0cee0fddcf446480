"""The realistic report, opened in a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import investigations
from abscope.reports.page import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    html = render(investigations.realistic(), investigations.situation())
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def page(browser: "Browser", report: Path) -> Iterator["Page"]:
    """The realistic report, open; whatever it complains of or asks for fails the test."""
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    complaints: list[str] = []
    opened.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
    opened.on("pageerror", lambda e: complaints.append(str(e)))
    opened.on("request", lambda r: complaints.append(r.url) if r.url.startswith("http") else None)
    opened.goto(report.as_uri())
    opened.wait_for_selector("#chart-histogram .main-svg")
    yield opened
    opened.close()
    assert complaints == []

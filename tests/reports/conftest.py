"""A browser, and the realistic report opened in it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import investigations
from abscope.reports.page import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path(os.environ.get("ABSCOPE_CHROMIUM", "/usr/bin/chromium"))
MISSING = "PAGE NOT TESTED IN A BROWSER"


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason=f"{MISSING}: playwright is not installed"
    )
    if not CHROMIUM.is_file():
        pytest.skip(f"{MISSING}: {CHROMIUM} is missing (set ABSCOPE_CHROMIUM)")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield running
        running.close()


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

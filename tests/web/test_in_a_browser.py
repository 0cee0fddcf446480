"""The live pages in headless Chromium: quiet, asking nobody else, usable without a mouse."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import browsing
import investigations
import served
from abscope.reports.page import render
from abscope.web.app import Serving, make_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(browser: "Browser", fresh: Path, tmp_path: Path) -> Iterator["Page"]:
    """A collection and a run, open; what the console or another host is told fails the test."""
    run = served.publish(tmp_path / "run", report=render(investigations.realistic()))
    with browsing.listening(
        lambda port: make_app(Serving(fresh, run, port=port, apart=False))
    ) as host:
        opened = browser.new_page(base_url=host, viewport={"width": 1280, "height": 800})
        complaints = browsing.complaints_of(opened, host)
        yield opened
        opened.close()
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

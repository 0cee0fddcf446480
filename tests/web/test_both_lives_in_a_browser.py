"""The page's two lives, the report as a file and the live dashboard, do the same in a browser."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import browsing
import served
from abscope.collection.database import reading
from abscope.reports.page import render
from abscope.surveillance import open_desk
from abscope.web import dashboard
from abscope.web.app import Serving, make_app
from abscope.web.held import Ask, Held, now

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CLOSE = ("az_1", "az_2", "co_1")
CELLS = "product: cells"


@dataclass(frozen=True)
class Life:
    """Where the page is opened, and what it may ask for."""

    address: str
    host: str
    headers: dict[str, str]


@pytest.fixture(scope="module")
def lives(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Life]]:
    """One collection: as a report that was sent, and served."""
    folder = Path(shutil.copytree(world, tmp_path_factory.mktemp("lives") / "states"))
    sent = folder.parent / "report.html"
    with open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        made, _ = dashboard.investigation(connection, Held(desk), Ask(served.ADMIN, now()))
    sent.write_text(render(made), encoding="utf-8")
    token = served.token(folder, served.ADMIN)
    with browsing.listening(lambda port: make_app(Serving(folder, port=port))) as host:
        yield {
            "report": Life(sent.as_uri(), "file:", {}),
            "dashboard": Life(f"{host}/dashboard", host, token),
        }


@pytest.fixture(params=["report", "dashboard"])
def page(
    request: pytest.FixtureRequest, browser: "Browser", lives: dict[str, Life]
) -> Iterator["Page"]:
    """The page, open; whatever it complains of, or asks of others, fails the test."""
    life = lives[request.param]
    opened = browser.new_page(
        viewport={"width": 1280, "height": 800}, extra_http_headers=life.headers
    )
    complaints = browsing.complaints_of(opened, life.host)
    opened.goto(life.address)
    opened.wait_for_selector("#chart-histogram .main-svg")
    yield opened
    opened.close()
    assert complaints == []


def named(page: "Page", selector: str) -> set[str]:
    """Names of those whom the elements of a selector are about."""
    names = page.evaluate("JSON.parse(document.getElementById('people').textContent).names")
    return {names[token].split(" ", 1)[1] for token in browsing.about(page, selector)}


def test_a_chosen_clade_is_followed_by_line_list_map_timeline_and_matrix(page: "Page") -> None:
    browsing.choose_clade(page, *CLOSE)
    assert named(page, "#tree g.tip.chosen") == set(CLOSE)
    for panel in ("#cases tr", "#timeline g.row", "#exposures th", "#epicurve rect.box"):
        assert named(page, f"{panel}.chosen") == {"Ann", "Bob", "Cid"}, panel
    places = page.locator("#map .tile.chosen .code").all_text_contents()
    assert {"AZ", "CO"} <= set(places)
    assert "TX" not in places
    assert "selected (3)" in page.inner_text("#two-by-two .crossed")


def test_a_filter_by_exposure_leaves_those_who_had_it_in_every_panel(page: "Page") -> None:
    page.select_option("#exposure", label=CELLS)
    assert page.inner_text("#controls [role=status]") == "4 of 5 cases shown"
    for panel in ("#cases tr[data-of]", "#timeline g.row", "#exposures th[data-of]"):
        assert named(page, f"{panel}:not(.off)") == {"Ann", "Bob", "Cid", "Dee"}, panel
    assert named(page, "#tree g.tip:not(.off)") == set(CLOSE)
    page.select_option("#exposure", "")
    assert page.locator("#cases tbody tr:visible").count() == 5


def test_it_speaks_spanish_and_english_again_but_changes_no_name(page: "Page") -> None:
    before = page.inner_text("main")
    names = page.locator("#cases tbody button.pick").all_inner_texts()
    page.select_option("#language", "es")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert page.inner_text("#cases h2") == "Casos"
    assert page.locator("#cases tbody button.pick").all_inner_texts() == names
    page.select_option("#language", "en")
    page.wait_for_selector("#chart-histogram .main-svg")
    assert page.inner_text("main") == before


def test_it_prints_every_panel_and_none_of_its_controls(page: "Page") -> None:
    page.emulate_media(media="print")
    hidden = page.eval_on_selector_all(
        "main > section", "all => all.filter((e) => !e.getClientRects().length).map((e) => e.id)"
    )
    assert hidden == []
    assert page.locator("#controls").is_hidden()
    assert page.locator("nav.contents").is_hidden()
    assert len(page.pdf(format="Letter")) > 50_000

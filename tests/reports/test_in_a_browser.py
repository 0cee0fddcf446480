"""The page in headless Chromium: drawn, quiet, within its width, usable by keyboard, printable."""

from pathlib import Path

import pytest

import investigations
from abscope.reports.page import render

playwright = pytest.importorskip(
    "playwright.sync_api", reason="PAGE NOT TESTED IN A BROWSER: playwright is not installed"
)


def chosen(page: "playwright.Page", panel: str) -> list[str]:
    return page.eval_on_selector_all(
        f"#{panel} tr.chosen, #{panel} g.chosen, #{panel} th.chosen",
        "all => all.map(e => e.querySelector('button, a text').textContent.trim())",
    )


def bands(page: "playwright.Page", chart: str) -> int:
    return page.evaluate(
        f"document.querySelector('#chart-{chart} .plot').layout.shapes?.length ?? 0"
    )


@pytest.mark.parametrize("width", [1280, 800, 480])
def test_every_chart_is_drawn_and_the_page_never_scrolls_sideways(
    page: "playwright.Page", width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".plot .main-svg").count() >= 4
    assert page.locator(".unscripted").count() == 0


def test_an_isolate_chosen_by_keyboard_is_marked_in_every_panel(page: "playwright.Page") -> None:
    page.focus("#cases tbody tr:first-child button.pick")
    page.keyboard.press("Enter")
    for panel in ("cases", "isolates", "tree", "exposures"):
        assert chosen(page, panel) in (["A"], ["MAB-A"])
    assert page.locator("#timeline g.row.chosen").count() == 1
    assert bands(page, "heatmap-1") == 2
    assert page.inner_text("#selection [role=status]") == "Selected: case A, isolate MAB-A"
    assert page.get_attribute("#cases tbody tr:first-child button.pick", "aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert chosen(page, "cases") == []
    assert bands(page, "heatmap-1") == 0
    assert page.locator("#selection").is_hidden()


def test_a_cluster_brings_its_isolates_and_their_cases(page: "playwright.Page") -> None:
    page.click("#summary .story button.pick >> nth=0")
    assert chosen(page, "isolates") == ["MAB-A", "MAB-B"]
    assert chosen(page, "cases") == ["A", "B"]
    page.click("#cases tbody tr:nth-child(3) button.pick >> nth=0", modifiers=["Shift"])
    assert chosen(page, "cases") == ["A", "B", "C"]


def test_a_name_in_the_tree_leads_to_the_isolate_and_chooses_it(page: "playwright.Page") -> None:
    page.focus("#tree a:has-text('MAB-B')")
    page.keyboard.press("Enter")
    assert page.url.partition("?")[0].endswith("#isolate-i1")  # the choice follows in the address
    assert chosen(page, "isolates") == ["MAB-B"]


def test_a_cell_of_the_heat_map_chooses_both_isolates(page: "playwright.Page") -> None:
    page.locator("#chart-heatmap-1").scroll_into_view_if_needed()
    area = page.locator("#chart-heatmap-1 .nsewdrag").first.bounding_box()
    assert area is not None
    page.mouse.click(area["x"] + area["width"] * 1.5 / 13, area["y"] + area["height"] * 0.5 / 13)
    page.wait_for_function("!document.getElementById('selection').hidden")
    assert sorted(chosen(page, "isolates")) == ["MAB-A", "MAB-B"]


def test_a_table_is_sorted_with_unknowns_last_either_way(page: "playwright.Page") -> None:
    column = "[...document.querySelectorAll('#isolates tbody tr')].map(r => r.cells[7].textContent)"
    for expected in ("ascending", "descending"):
        page.click("#isolates th:has-text('Mean depth') button")
        assert page.get_attribute("#isolates th:has-text('Mean depth')", "aria-sort") == expected
        depths = page.evaluate(column)
        known = [float(depth) for depth in depths[:22]]
        assert known == sorted(known, reverse=expected == "descending")
        assert all(depth.startswith("–") for depth in depths[22:])


def test_a_filter_hides_the_rest_and_says_how_many_are_shown(page: "playwright.Page") -> None:
    page.fill("input[aria-label='Filter: Line list']", "arizona confirmed")
    shown = page.locator("#cases tbody tr:visible")
    assert shown.count() > 0
    assert all("Arizona" in text for text in shown.all_inner_texts())
    assert f"{shown.count()} of 15 shown" in page.inner_text("#cases .filter")


def test_a_hostile_name_does_nothing_in_a_browser(
    browser: "playwright.Browser", tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    names = [
        "<img src=x onerror=alert(1)>",
        "<script>alert(2)</script>",
        "<a href='http://x'>y</a>",
    ]
    path.write_text(render(investigations.hostile(names)), encoding="utf-8")
    page = browser.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda d: alerts.append(d.message))
    page.on("console", lambda m: alerts.append(m.text))
    page.goto(path.as_uri())
    page.wait_for_selector("#chart-histogram .main-svg")
    assert page.locator("img").count() == 0
    assert page.locator("a[href^=http], .plot a").count() == 0
    assert "<img src=x onerror=alert(…" in page.inner_text("#chart-heatmap-1")
    page.close()
    assert alerts == []


TOO_WIDE = """() => [...document.querySelectorAll("main table")]
  .filter((e) => e.scrollWidth > e.closest("section").clientWidth).map((e) => e.caption?.textContent)"""


def test_it_prints_within_the_width_of_the_paper(page: "playwright.Page") -> None:
    page.set_viewport_size({"width": 703, "height": 1000})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        "document.querySelector('#chart-histogram .main-svg').clientWidth <= 703"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= 703")
    assert page.evaluate(TOO_WIDE) == []
    assert page.pdf(format="A4").startswith(b"%PDF")

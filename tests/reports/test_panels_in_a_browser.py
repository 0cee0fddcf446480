"""Panels in headless Chromium: a selection, a filter, a colour and a language are all panels' at once."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import investigations
from abscope.outbreak.two_by_two import TwoByTwo
from abscope.reports.page import render
from browsing import about, choose_clade

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OUTBREAK = {"i0", "i1", "c0", "c1"}  # isolates MAB-A and MAB-B, cases A and B


def test_a_clade_chosen_in_the_tree_is_followed_by_every_panel(page: "Page") -> None:
    choose_clade(page, "MAB-A", "MAB-B")
    assert about(page, "#tree g.tip.chosen") == {"i0", "i1"}
    assert about(page, "#cases tr.chosen") == {"c0", "c1"}
    assert about(page, "#timeline g.row.chosen") == {"c0", "c1"}
    assert about(page, "#exposures th.chosen") == {"c0", "c1"}
    assert about(page, "#epicurve rect.box.chosen") == {"c0", "c1"}
    assert page.locator("#map .tile.chosen").count() >= 3  # Mexico, United States, two states
    assert about(page, "#isolates tr.chosen") == {"i0", "i1"}
    assert page.locator("#network .node.case.chosen").count() >= 2
    crossed = page.inner_text("#two-by-two .crossed")
    assert "selected (2)" in crossed
    assert "stem cells, batch <S-17>" in page.inner_text("#two-by-two .crossed caption")


def test_a_filter_by_an_answer_leaves_those_who_gave_it_in_every_panel(page: "Page") -> None:
    page.select_option("#exposure", label="product: stem cells, batch <S-17>")
    assert page.inner_text("#controls [role=status]") == "3 of 15 cases shown"
    assert page.locator("#cases tbody tr:visible").all_inner_texts()[0].startswith("▲")
    assert about(page, "#cases tr:not(.off)[data-of]") == {"c0", "c1", "c2"}
    assert about(page, "#timeline g.row:not(.off)") == {"c0", "c1", "c2"}
    assert about(page, "#exposures th[data-of]:not(.off)") == {"c0", "c1", "c2"}
    assert about(page, "#tree g.tip:not(.off)") == {"i0", "i1"}
    mexico = page.locator("#map .tile", has_text="MX").locator("text.counts")
    assert mexico.inner_html() == "▲2"
    page.select_option("#exposure", "")
    assert page.locator("#cases tbody tr:visible").count() == 15
    assert mexico.inner_html() == "▲10"


def test_a_colour_is_a_shape_too_and_is_the_same_everywhere(page: "Page") -> None:
    page.select_option("#colour", label="Macrolides")
    legend = dict(
        reversed(text.split(" ", 1))
        for text in page.locator("#controls .colours > span").all_inner_texts()
    )
    assert len(set(legend.values())) == len(legend) == 5
    verdict = page.locator("#types tbody tr", has_text="MAB-A").locator("td").nth(3).inner_text()
    for place in ("#cases [data-mark=c0]", "#isolates [data-mark=i0]", "#timeline [data-mark=c0]"):
        assert page.locator(place).first.text_content() == legend[verdict]


def test_the_page_changes_its_language_and_back_but_no_name(page: "Page") -> None:
    before = page.inner_text("main")
    names = page.locator("#cases tbody button.pick").all_inner_texts()
    page.select_option("#language", "es")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert page.inner_text("#cases h2") == "Casos"
    assert page.inner_text("#timeline .key").startswith("Exposición")
    assert "Razón de momios" in page.inner_text("#two-by-two")
    assert "confirmado" in page.inner_text("#cases tbody tr:first-child")
    assert "Estados Unidos" in page.locator("#map .twin").first.text_content()
    assert page.locator("#cases tbody button.pick").all_inner_texts() == names
    page.click("#cases tbody tr:first-child button.pick >> nth=0")
    assert page.inner_text("#selection [role=status]") == "Seleccionado: caso A, aislado MAB-A"
    page.keyboard.press("Escape")
    page.select_option("#language", "en")
    page.wait_for_selector("#chart-histogram .main-svg")
    assert page.inner_text("main") == before


def test_a_chart_speaks_the_language_once_it_is_near_or_printed(page: "Page") -> None:
    title = "document.querySelector('#chart-histogram .plot').layout.xaxis.title.text"
    page.set_viewport_size({"width": 1280, "height": 300})
    english = page.evaluate(title)
    page.select_option("#language", "es")
    page.wait_for_timeout(200)
    assert page.evaluate(title) == english
    page.locator("#chart-histogram").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert page.evaluate(title) != english
    page.evaluate("scrollTo(0, 0)")
    page.select_option("#language", "en")
    page.wait_for_timeout(200)
    assert page.evaluate(title) != english
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(title) == english


def test_rows_that_were_sorted_and_filtered_change_their_language_too(page: "Page") -> None:
    page.fill("#cases .filter input", "confirmed")
    page.click("#cases th:has-text('Age') button")
    page.select_option("#language", "es")
    rows = page.locator("#cases tbody tr").all_inner_texts()
    assert any("confirmado" in row for row in rows)
    assert not any(
        "confirmed" in row for row in page.locator("#cases tbody tr").all_text_contents()
    )


LEFT_IN_ENGLISH = """() => {
  const own = "[translate=no], script, style, pre, code";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
    (node) => (node.nodeType === 3 ? 1 : node.matches(own) ? 2 : 3));
  const texts = new Set();
  while (walker.nextNode()) texts.add(walker.currentNode.nodeValue.trim());
  const english = /\\b(the|this|that|and|or|with|which|are|is|was|has|had|than|from|within|by|of|on|not)\\b/i;
  return [...texts].filter((text) => english.test(text));
}"""
REMARKS = {  # on the data, in the words of whoever remarked
    "MAB-A and MAB-B are 3 SNPs apart; both patients were injected in Mexico",
    "SRR2001X_R1.fastq.gz: the file ends early",
    "copy the file again",
    "age is missing",
    "ask the clinic",
    "mean depth 11 is below 20",
    "mean depth 11 is below 20; 1,840 mixed sites: two strains?",
    "Sin tipificar: SRR3: not M. abscessus",
}


def test_no_sentence_of_the_page_is_left_in_english(page: "Page") -> None:
    page.select_option("#language", "es")
    assert set(page.evaluate(LEFT_IN_ENGLISH)) <= REMARKS


def test_numbers_are_written_alike_in_every_language(page: "Page") -> None:
    def numbers() -> list[str]:
        said = page.inner_text("#two-by-two") + page.locator("#tree-1 svg").first.text_content()
        return re.findall(r"\d[\d.,]*", said)

    english = numbers()
    assert any("." in one for one in english)
    page.select_option("#language", "es")
    assert numbers() == english


def test_a_page_can_open_in_spanish(browser: "Browser", tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(render(investigations.realistic(), language="es"), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.inner_text("#map h2") == "Mapa"
    page.close()


def test_the_tree_goes_around_a_circle_and_into_a_clade(page: "Page") -> None:
    choose_clade(page, "MAB-A", "MAB-B")
    page.click("#tree-1 button:has-text('Zoom to the selection')")
    assert page.locator("#tree-1 g.tip").count() == 2
    page.click("#tree-1 button:has-text('Around a circle')")
    assert page.locator("#tree-1 svg.radial").count() == 1
    assert about(page, "#tree-1 g.tip.chosen") == {"i0", "i1"}
    page.click("#tree-1 button:has-text('Whole tree')")
    assert page.locator("#tree-1 g.tip").count() == 13
    assert page.locator("#tree-1 path.ring").count() > 5


def test_a_column_of_the_line_list_can_be_put_away(page: "Page") -> None:
    page.click("#cases .columns summary")
    page.uncheck("#cases .columns label:has-text('Sex') input")
    assert page.locator("#cases th:has-text('Sex')").is_hidden()
    assert page.locator("#cases th:has-text('Age')").is_visible()


TABLES = [
    (2, 0, 1, 9), (10, 2, 3, 12), (0, 5, 4, 6), (7, 7, 7, 7), (1, 0, 0, 1), (3, 0, 0, 8),
    (12, 40, 90, 811), (5, 0, 9, 0), (0, 0, 3, 4), (25, 3, 40, 60),
]  # fmt: skip


RECKON = """(c) => JSON.stringify({
  p: abscopeTwoByTwo.fisher(c), odds: abscopeTwoByTwo.oddsRatio(c), risk: abscopeTwoByTwo.riskRatio(c),
}, (_, value) => (value === Infinity ? 'inf' : value))"""


def test_the_pages_two_by_two_agrees_with_the_programs(page: "Page") -> None:
    for cells in TABLES:
        own: dict[str, Any] = json.loads(page.evaluate(RECKON, list(cells)))
        table = TwoByTwo(*cells)
        p = None if table.p_value is None else pytest.approx(table.p_value, rel=1e-6)
        assert own["p"] == p, cells
        if table.odds_ratio is None or table.interval is None:
            assert own["odds"] is None, cells
        else:
            found = [float(own["odds"][name]) for name in ("value", "from", "to")]
            assert found == pytest.approx([table.odds_ratio, *table.interval], rel=1e-3), cells
        if own["risk"] is not None:
            assert own["risk"]["value"] == pytest.approx(table.risk_ratio), cells


NAMELESS = """() => [...document.querySelectorAll(
  'button, select, input, a, [role=region], [role=application], svg[role]')]
  .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim()))
  .map((e) => e.outerHTML.slice(0, 120))"""


def test_every_control_has_a_name_and_every_picture_words(page: "Page") -> None:
    nameless = page.evaluate(NAMELESS)
    assert nameless == []


def test_it_prints_every_panel(page: "Page") -> None:
    page.emulate_media(media="print")
    hidden = page.eval_on_selector_all(
        "main > section", "all => all.filter((e) => !e.getClientRects().length).map((e) => e.id)"
    )
    assert hidden == []
    assert page.locator("#controls").is_hidden()
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 100_000

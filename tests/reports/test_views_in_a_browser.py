"""A view can be sent as an address, and what is drawn can be kept as SVG and CSV."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SVG = "{http://www.w3.org/2000/svg}svg"


def test_a_view_is_in_the_address_and_opens_from_it_again(
    page: "Page", browser: "Browser", report: Path
) -> None:
    page.click("#cases .pick >> nth=0")
    page.select_option("#exposure", index=3)
    page.select_option("#colour", index=1)
    page.select_option("#language", "es")
    hash_ = page.evaluate("location.hash")
    for part in ("select=", "show=", "answer=y", "colour=", "lang=es"):
        assert part in hash_
    other = browser.new_page()
    other.goto(report.as_uri() + hash_)
    other.wait_for_selector("#chart-histogram .main-svg")
    for what in ("#exposure", "#answer", "#colour", "#language"):
        assert other.input_value(what) == page.input_value(what), what
    for selector in ("tr.chosen", "tr.off", ".node .mark"):
        texts = "all => all.map(e => e.textContent)"
        there = other.eval_on_selector_all(selector, texts)
        assert there == page.eval_on_selector_all(selector, texts), selector
    other.close()


def test_going_to_a_panel_keeps_the_view_and_clearing_all_leaves_a_plain_address(
    page: "Page",
) -> None:
    page.click("#cases .pick >> nth=0")
    page.click(".contents a[href='#tree']")
    page.wait_for_function("location.hash.startsWith('#tree?select=')")
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == "#tree"


def test_an_address_of_people_who_are_gone_opens_without_them(
    browser: "Browser", report: Path
) -> None:
    opened = browser.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda e: complaints.append(str(e)))
    opened.goto(report.as_uri() + "#cases?select=case+nobody&show=x&colour=y&lang=zz&answer=zzz")
    opened.wait_for_selector("#chart-histogram .main-svg")
    assert opened.locator("tr.chosen").count() == 0
    assert complaints == []
    opened.close()


def test_every_drawing_is_kept_as_svg_and_its_data_as_csv(page: "Page") -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    with page.expect_download() as kept:
        page.click("main figure + .save >> text=SVG")
    assert kept.value.suggested_filename.endswith(".svg")
    # Browsers keep ten files in a row from one page; the others are read before they are kept.
    page.evaluate(
        """() => {
          window.kept = [];
          HTMLAnchorElement.prototype.click = () => {};
          URL.createObjectURL = (blob) => { window.kept.push(blob.text()); return "data:,"; };
        }"""
    )
    tools = page.locator("main figure + .save")
    assert tools.count() == page.locator("main figure").count()
    for k in range(tools.count()):
        drawing = ElementTree.fromstring(_kept(page, k, "SVG"))
        assert drawing.tag == SVG
        assert float(drawing.attrib["width"]) > 100
        heading, *rows = csv.reader(io.StringIO(_kept(page, k, "CSV")))
        assert rows
        assert {len(row) for row in rows} == {len(heading)}, heading


def _kept(page: "Page", k: int, words: str) -> str:
    """What a button under the drawing would keep."""
    page.evaluate("window.kept = []")
    page.locator("main figure + .save").nth(k).get_by_text(words, exact=True).click()
    page.wait_for_function("window.kept.length")
    return str(page.evaluate("window.kept[0]"))

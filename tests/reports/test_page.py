"""report.html: complete, offline, the same every time, and deaf to what names would like it to do."""

import base64
import hashlib
import re
from collections import Counter
from functools import cache
from typing import Any

import plotly.graph_objects
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import investigations
import pages
from abscope.records import Investigation
from abscope.reports.page import render
from abscope.reports.panels import PANELS, WHEN_GIVEN

EMPTY = {
    "nothing": investigations.empty(),
    "one isolate": investigations.only(["alone"]),
    "two isolates": investigations.only(["x", "y"]),
    "no level": investigations.only(["x", "y", "z"], levels=()),
    "no cluster": investigations.only(["x", "y", "z"]),
}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><svg/onload=alert(2)>",
    "{{ 7 * 7 }}{% raw %}",
    "' onfocus='alert(3)' autofocus='",
    "</title><!--",
    "O'Brien & Söhne; 患者 \u202e",
)


@pytest.fixture(scope="module")
def investigation() -> Investigation:
    return investigations.realistic()


@pytest.fixture(scope="module")
def page(investigation: Investigation) -> pages.Element:
    return pages.read(render(investigation, investigations.situation()))


def plots(page: pages.Element) -> dict[str, Any]:
    """The charts that Plotly draws."""
    return {name: chart for name, chart in pages.charts(page).items() if "layout" in chart}


def test_equal_investigations_give_equal_bytes() -> None:
    assert render(investigations.realistic()) == render(investigations.realistic())


def test_everybody_appears_in_the_panels_made_for_them(
    investigation: Investigation, page: pages.Element
) -> None:
    isolates = set(investigation.isolates["isolate_id"])
    cases = set(investigation.findings.linelist.cases["case_id"])
    assert {row[0] for row in pages.rows(pages.table(page, "Isolates"))} == isolates
    assert {row[0] for row in pages.rows(pages.table(page, "Line list"))} == cases
    heads = pages.table(page, "Exposures by case").all("thead")[0].text
    assert all(case in heads.split() for case in cases)
    trees = {link.all("title")[0].text for link in page.one("tree").all("a")}
    assert trees == isolates
    tips = {
        tip[1]
        for name, tree in pages.charts(page).items()
        if name.startswith("tree-")
        for tip in tree["tips"]
    }
    assert tips == isolates
    drawn = {name for chart in plots(page).values() for name in chart["data"][0].get("x", ())}
    assert isolates <= drawn


def test_the_unsequenced_case_stands_beside_the_cluster_it_may_belong_to(
    page: pages.Element,
) -> None:
    line = next(row for row in pages.rows(pages.table(page, "Line list")) if row[0] == "C")
    assert line[2] == "no isolate is named"
    assert line[3].startswith("compatible with c20-02")
    assert [row[0] for row in pages.rows(pages.table(page, "Line list"))][:3] == ["A", "B", "C"]
    (line,) = (g for g in page.one("chart-timeline").all("g") if g.text.startswith("C "))
    assert "no isolate" in line.text


def test_nothing_comes_from_the_network(page: pages.Element) -> None:
    for element in page.all():
        assert element.tag not in {"link", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "action", "background"} & set(element.attributes)
        assert element.attributes.get("href", "#").startswith("#")
    for style in page.all("style"):
        assert not re.search(r"url\((?!#)", style.children[0].words[0])
        assert "@import" not in style.children[0].words[0]


def test_the_page_allows_its_own_scripts_and_no_other(page: pages.Element) -> None:
    metas = [m.attributes for m in page.all("meta")]
    (policy,) = (m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.split("style-src")[0]
    scripts = [s for s in page.all("script") if "type" not in s.attributes]
    for script in scripts:
        text = "".join(child.words[0] for child in script.children)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_every_link_leads_somewhere_and_no_id_is_used_twice(page: pages.Element) -> None:
    ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = {e.attributes["href"][1:] for e in page.all("a")}
    assert links <= set(ids)


def test_whoever_can_be_selected_is_marked_somewhere(page: pages.Element) -> None:
    about = {t for e in page.all() for t in e.attributes.get("data-of", "").split()}
    chosen = {t for e in page.all() for t in e.attributes.get("data-select", "").split()}
    assert chosen == about


def test_every_chart_and_tree_has_a_table_with_the_same_content(page: pages.Element) -> None:
    figures = page.all("figure")
    # two networks, timeline, onsets, two maps, two trees, two heat maps, histogram, background
    assert len(figures) == 12
    for section in page.all("section"):
        twins = [
            d for d in section.all("details") if "twin" in d.attributes.get("class", "").split()
        ]
        assert len(twins) == len(section.all("figure"))
        assert all(twin.all("table") for twin in twins)


def test_every_chart_is_one_that_plotly_accepts(page: pages.Element) -> None:
    for chart in plots(page).values():
        plotly.graph_objects.Figure(data=chart["data"], layout=chart["layout"])


def test_charts_and_tables_show_the_same_distances(
    investigation: Investigation, page: pages.Element
) -> None:
    for number, comparison in enumerate(investigation.relatedness.comparisons, 1):
        heat = pages.charts(page)[f"heatmap-{number}"]["data"][0]
        caption = f"SNPs outside the mask, {comparison.reference}"
        table = pages.rows(pages.table(page, caption))
        place = {name: i for i, name in enumerate(comparison.ids)}
        for i, a in enumerate(heat["y"]):
            for j, b in enumerate(heat["x"]):
                if i == j:
                    continue
                snps = f"{comparison.masked.snps[place[a], place[b]]:,}"
                assert heat["text"][i][j] == table[i][j + 1] == snps


@pytest.mark.parametrize("name", EMPTY)
def test_an_investigation_with_little_in_it_is_a_page_that_says_so(name: str) -> None:
    page = pages.read(render(EMPTY[name]))
    assert len(page.all("section")) == len(PANELS) - len(WHEN_GIVEN)
    assert "No line list was given" in page.one("cases").text
    assert page.one("summary").text.count("None") == 0


def test_nothing_profiled_is_said_with_the_reason() -> None:
    page = pages.read(render(investigations.empty()))
    assert "No isolate could be read" in page.one("summary").text
    assert pages.rows(pages.table(page, "What needs attention"))[0][1:3] == ["S1", "no reads"]


@cache
def benign(count: int) -> pages.Element:
    return pages.read(render(investigations.hostile([f"name {k}" for k in range(count)])))


def elements(page: pages.Element) -> Counter[tuple[str, tuple[str, ...]]]:
    """How many elements of each tag, with which attributes; their order follows the names."""
    return Counter((e.tag, tuple(sorted(e.attributes))) for e in page.all() if e.tag != "#text")


def test_names_written_as_html_stay_words() -> None:
    page = pages.read(render(investigations.hostile(HOSTILE)))
    assert elements(page) == elements(benign(len(HOSTILE)))
    listed = {row[0] for row in pages.rows(pages.table(page, "Line list"))}
    assert listed == {" ".join(name.split()) for name in HOSTILE}
    assert "49" not in page.one("cases").text


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
            lambda name: name.strip()
        ),
        min_size=3,
        max_size=5,
        unique=True,
    )
)
def test_no_name_changes_what_the_page_is_made_of(names: list[str]) -> None:
    page = pages.read(render(investigations.hostile(names)))
    assert elements(page) == elements(benign(len(names)))


def test_plotly_reads_no_markup_in_a_name() -> None:
    page = pages.read(render(investigations.hostile(HOSTILE)))
    for chart in plots(page).values():
        for axis in ("xaxis", "yaxis"):
            for text in chart["layout"][axis].get("ticktext", ()):
                assert "<" not in text


def test_no_date_or_place_of_the_run_is_written_down() -> None:
    html = render(investigations.only(["x", "y", "z"]))
    own = html.split("<main")[1].split("</main>")[0]
    assert not re.search(r"\b20[2-9]\d-\d\d-\d\d", own)
    assert "/home/" not in own


def test_every_isolate_has_its_type_with_each_drugs_verdict(
    investigation: Investigation, page: pages.Element
) -> None:
    rows = {row[0]: row for row in pages.rows(pages.table(page, "What each isolate is"))}
    assert set(rows) == set(investigation.isolates["isolate_id"])
    said = {(r["isolate_id"], r["drug"]): r["verdict"] for r in investigation.types.resistance}
    for name, row in rows.items():
        assert row[4:6] == [said[name, "macrolides"], said[name, "amikacin"]]
    panel = page.one("types").text
    assert "for want of a valid rule: cefoxitin" in panel
    assert "come from Mexico" in panel
    assert "Not typed: SRR3" in panel


def test_a_tube_of_two_strains_needs_attention_and_names_its_likely_source(
    page: pages.Element,
) -> None:
    [mixed] = [r for r in pages.rows(pages.table(page, "What each isolate is")) if "as in" in r[6]]
    assert mixed[3 + 3].startswith("mixed as in MAB-A")
    assert "mixed: 400 second bases" in page.one("attention").text

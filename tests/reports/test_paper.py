"""The report on paper: its order, its numbers, its figures and the data behind them."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

import paper_runs
from abscope.reports.documents.blocks import Document, Grid, Heading, Picture
from abscope.reports.documents.docx import docx
from abscope.reports.documents.event import Event, event
from abscope.reports.documents.language import LANGUAGES, language
from abscope.reports.documents.pdf import pdf
from abscope.reports.documents.pictures import pictures
from abscope.reports.documents.plain import html, markdown
from abscope.reports.documents.run import Run, read
from abscope.reports.paper import report

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read(paper_runs.run(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def told(run: Run) -> Event:
    return event(run)


@pytest.fixture(scope="module")
def drawn(run: Run, told: Event) -> tuple[Picture, ...]:
    return pictures(run, told, language("en"))


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_sections_come_in_the_order_such_reports_are_read(run: Run, told: Event, code: str) -> None:
    w = language(code)
    made = report(run, told, w)
    heads = [block.text for block in made.blocks if isinstance(block, Heading)]
    wanted = ("cases", "laboratory", "genomics", "sources", "actions", "limits", "methods")
    assert heads == [w(f"report.{name}") for name in wanted]


def test_numbers_in_sentences_are_those_of_the_tables(run: Run, told: Event) -> None:
    made = report(run, told, language("en"))
    said = markdown(made).decode()
    assert "2 isolates form cluster c20-01, joined at 20 SNPs or fewer" in said
    assert "One more case without an isolate, KX-103" in said
    assert "iso101 and iso102 are 3 SNPs apart over 4,800,000 sites" in said
    cases, _, mics, pairs, sources = grids(made)
    assert mics.rows[0][:4] == ("clarithromycin", "16 (day 14)", "S ≤ 2, R ≥ 8", "R (resistant)")
    assert [row[0] for row in cases.rows] == ["KX-101", "KX-102", "KX-103"]
    assert [row[3] for row in cases.rows] == ["30-39"] * 3
    assert pairs.rows == (("iso101 – iso102", "3", "4,800,000", "linked", "93%"),)
    assert sources.rows[0][0] == "lot “CV-2203”"
    assert sources.rows[0][1:3] == ("2 of 2", "0 of 12")
    assert f"they hold {sources_share(told)} of the probability" in said


def sources_share(told: Event) -> str:
    return language("en").share(told.leading_share)


def test_limits_are_those_of_these_data(run: Run, told: Event) -> None:
    said = markdown(report(run, told, language("en"))).decode()
    assert "One case of the line list has no isolate" in said
    assert "The comparison group is 12 patients" in said
    assert "could not be judged" not in said
    assert "could not be read" not in said


def test_no_patient_number_birthday_or_exact_age_is_printed(run: Run, told: Event) -> None:
    said = markdown(report(run, told, language("en"))).decode()
    assert "MRN" not in said
    assert "1961" not in said


def test_every_figure_has_its_data_and_is_a_picture_in_two_formats(
    drawn: tuple[Picture, ...], told: Event
) -> None:
    assert [one.name for one in drawn] == ["timeline", "epicurve", "distances", "sources"]
    for one in drawn:
        ElementTree.fromstring(one.svg)
        assert one.png.startswith(b"\x89PNG")
        rows = list(csv.reader(io.StringIO(one.data.decode())))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
    by = {one.name: list(csv.reader(io.StringIO(one.data.decode()))) for one in drawn}
    assert [row[0] for row in by["timeline"][1:]] == list(told.everybody)
    assert by["distances"][1][:3] == ["iso101", "0", "3"]
    assert float(by["sources"][1][2]) == told.suspects[0].probability
    assert sum(int(a) + int(b) for _, a, b in by["epicurve"][1:]) == len(paper_runs.CASES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_pdf_word_and_page_hold_the_report_with_its_figures(
    run: Run, told: Event, drawn: tuple[Picture, ...], code: str
) -> None:
    made = report(run, told, language(code), drawn)
    assert len(re.findall(rb"/SMask \d+ 0 R", pdf(made, drawn))) == len(drawn)
    assert docx(made, drawn).count(b"word/media/image") >= len(drawn)
    assert html(made, drawn).count(b"data:image/png") == len(drawn)


def test_equal_runs_give_equal_bytes(run: Run, told: Event, drawn: tuple[Picture, ...]) -> None:
    w = language("en")
    assert [(one.svg, one.png, one.data) for one in pictures(run, told, w)] == [
        (one.svg, one.png, one.data) for one in drawn
    ]
    made = report(run, told, w, drawn)
    assert pdf(made, drawn) == pdf(report(run, told, w, drawn), drawn)
    assert docx(made, drawn) == docx(report(run, told, w, drawn), drawn)


def test_tables_in_word_keep_the_order_of_their_properties(run: Run, told: Event) -> None:
    order = ["tblStyle", "tblW", "tblBorders", "tblLayout", "tblLook"]  # ECMA-376, part 1, 17.4.59
    content = docx(report(run, told, language("en")))
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    tables = ElementTree.fromstring(xml).iter(f"{{{WORD}}}tblPr")
    found = [[child.tag.split("}")[1] for child in one] for one in tables]
    assert any("tblBorders" in one for one in found)
    assert all(one == [name for name in order if name in one] for one in found)


def test_a_timeline_of_a_hundred_cases_fits_a_page(run: Run, told: Event) -> None:
    rows = run.rows("cases")
    many = [{**rows[n % len(rows)], "case_id": f"KX-{n:03}"} for n in range(100)]
    large = replace(run, tables={**run.tables, "cases": tuple(many)})
    of_all = replace(told, cases=tuple(str(row["case_id"]) for row in many), probable=())
    w = language("en")
    figures = pictures(large, of_all, w)
    assert pdf(report(large, of_all, w, figures), figures).startswith(b"%PDF-")


def test_a_table_that_goes_on_to_the_next_page_says_its_headings_again(
    run: Run, told: Event
) -> None:
    opened = zipfile.ZipFile(io.BytesIO(docx(report(run, told, language("en")))))
    tables = ElementTree.fromstring(opened.read("word/document.xml")).iter(f"{{{WORD}}}tbl")
    again = [[row.find(f".//{{{WORD}}}tblHeader") is not None for row in one] for one in tables]
    assert sum(flags.count(True) for flags in again) == len(
        grids(report(run, told, language("en")))
    )


def test_pairs_that_are_left_out_of_a_table_are_said_to_be(run: Run, told: Event) -> None:
    near = replace(told.pairs[0], snps=2)
    made = report(run, replace(told, pairs=(*[told.pairs[0]] * 40, near)), language("en"))
    table = grids(made)[3]
    assert table.caption.startswith("The 30 nearest of the 41 pairs")
    assert table.rows[0][1] == "2"


def test_what_is_known_of_one_species_is_not_said_of_another(run: Run, told: Event) -> None:
    said = markdown(report(run, replace(told, organism="Mycobacterium chelonae"), language("en")))
    assert "MMWR" not in said.decode()
    assert "What is known of outbreaks of" in said.decode()

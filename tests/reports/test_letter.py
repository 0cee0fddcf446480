"""The laboratory letter: one page, both languages, and nothing claimed that was not assessed."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import paper_runs
from abscope.errors import UsageError
from abscope.reports.documents.docx import docx
from abscope.reports.documents.language import LANGUAGES, language
from abscope.reports.documents.pdf import pdf
from abscope.reports.documents.plain import html, markdown
from abscope.reports.documents.run import Run, read
from abscope.reports.letter import isolates, letter, meaning

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VERDICT = {  # name: evidence, and what the first and second sentence must say
    "wild": (paper_runs.evidence(), "erm(41) gene is intact", "intermediate MIC remains possible"),
    "rrl": (paper_runs.evidence({("rrl", 2270): "G"}), "predicted to fail from the start", "No known"),
    "t28c": (paper_runs.evidence({("erm(41)", 28): "C"}), "can be expected to work", "No known"),
    "rrs": (paper_runs.evidence({("rrs", 1375): "G"}), "intact", "Amikacin is predicted to fail"),
    "mixed": (
        paper_runs.evidence({("rrs", 1375): "G"}, minor=0.6), "intact", "cannot be settled",
    ),
    "uncovered": (paper_runs.Evidence(), "not assessed, which does not mean", "not assessed"),
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = [paper_runs.isolate(name, seen) for name, (seen, *_) in VERDICT.items()]
    made.append(
        paper_runs.isolate("clash", mics=[("amikacin", "64", None), ("imipenem", "16", None)])
    )
    made.append(paper_runs.isolate("poor", quality="poor"))
    made.append(paper_runs.longest())
    return read(paper_runs.typed(tmp_path_factory.mktemp("typed"), made))


def text_of(run: Run, name: str, code: str = "en") -> str:
    [one] = isolates(run, [name])
    return markdown(letter(run, one, language(code))).decode()


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


@pytest.mark.parametrize("name", VERDICT)
def test_two_sentences_say_what_the_genome_means_for_treatment(run: Run, name: str) -> None:
    [one] = isolates(run, [name])
    first, second = meaning(run, one, language("en"))
    assert VERDICT[name][1] in first
    assert VERDICT[name][2] in second


def test_where_mic_and_genome_disagree_neither_is_trusted(run: Run) -> None:
    [one] = isolates(run, ["clash"])
    first, _ = meaning(run, one, language("en"))
    assert "disagree on amikacin" in first


def test_poor_data_carry_no_verdict(run: Run) -> None:
    [one] = isolates(run, ["poor"])
    assert "too poor" in meaning(run, one, language("en"))[0]


def test_remarks_are_in_the_letters_language_as_far_as_it_is_known(run: Run) -> None:
    assert "mean depth 8 is low" in text_of(run, "poor")
    said = text_of(run, "poor", "es").replace("\\", "")
    assert "Por revisar: la profundidad media de 8 es baja (menos de 20)" in said


@pytest.mark.parametrize(("code", "said"), [("en", "none used"), ("es", "ninguna")])
def test_a_letter_without_rules_says_that_none_was_used(run: Run, code: str, said: str) -> None:
    [one] = isolates(run, ["wild"])
    bare = replace(run, tables={**run.tables, "resistance": ()})
    text = markdown(letter(bare, one, language(code))).decode()
    assert f": {said}. " in text


def test_drugs_without_a_rule_are_named_as_not_assessed_and_never_as_susceptible(run: Run) -> None:
    said = text_of(run, "wild")
    [line] = [one for one in said.splitlines() if one.startswith("Not assessed, for want")]
    for drug in ("tobramycin", "cefoxitin", "imipenem", "linezolid", "tigecycline"):
        assert drug in line
    assert "rifampicin" not in line
    assert "resists by nature: rifampicin" in said


def test_letters_their_share_and_depth_stand_beside_the_verdict(run: Run) -> None:
    row = next(one for one in text_of(run, "rrl").splitlines() if one.startswith("| macrolides"))
    assert "resistant" in row
    assert "2270=G" in row
    assert "100% of 34 reads" in row
    mixed = next(one for one in text_of(run, "mixed").splitlines() if one.startswith("| amikacin"))
    assert "indeterminate" in mixed
    assert "rrs:1375=G in 41% of 34 reads" in mixed


def test_every_mic_shows_the_breakpoints_and_their_edition(run: Run) -> None:
    said = text_of(run, "clash")
    assert "| amikacin | 64 | S ≤ 16, R ≥ 64 | R (resistant) |" in said.replace("\\", "")
    assert "disagree: genome susceptible" in said
    assert "Breakpoints: CLSI RGM, printed 2013." in said


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_longest_letter_is_one_page(run: Run, code: str) -> None:
    [one] = isolates(run, [paper_runs.longest().isolate_id])
    content = pdf(letter(run, one, language(code)))
    assert pages_of(content) == 1
    assert content.startswith(b"%PDF-")


def test_equal_isolates_give_equal_bytes_in_every_format(run: Run) -> None:
    [one] = isolates(run, ["wild"])
    for write in (pdf, docx, html):
        first = write(letter(run, one, language("en")))
        assert first == write(letter(run, one, language("en")))
        assert b"2026" not in first.replace(b"2026-NJ", b"")


def test_names_written_as_markup_stay_words(tmp_path: Path) -> None:
    name = "<b>&x</b>患者"
    run = read(paper_runs.typed(tmp_path / "typed", [paper_runs.isolate(name)]))
    made = letter(run, isolates(run)[0], language("en"))
    assert b"&lt;b&gt;&amp;x" in html(made)
    assert pages_of(pdf(made)) == 1
    assert docx(made)


def test_an_isolate_that_was_not_typed_is_refused_by_name(run: Run) -> None:
    with pytest.raises(UsageError, match="nobody"):
        isolates(run, ["nobody"])


def test_a_page_of_html_prints_on_one_page_in_a_browser(run: Run, browser: "Browser") -> None:
    page = browser.new_page()
    for name in ("wild", paper_runs.longest().isolate_id):
        [one] = isolates(run, [name])
        page.set_content(html(letter(run, one, language("es"))).decode())
        assert len(re.findall(rb"/Type /Page\b", page.pdf(format="Letter"))) == 1
        assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) == 1
    page.close()

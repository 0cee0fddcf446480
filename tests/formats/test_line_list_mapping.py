"""A mapping says what columns hold: proposed from headings and cells, read back as it was written."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import FormatError
from abscope.formats import case_file, line_list, line_list_mapping, mapping_proposal
from abscope.formats.line_list import Beside
from abscope.formats.line_list_mapping import LineListMapping
from abscope.formats.line_list_tags import NAMES, Tag, parse
from abscope.records import LineList

TODAY = date(2026, 11, 22)
HEADING = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1)


@given(st.dictionaries(HEADING, st.sampled_from(NAMES).map(Tag), max_size=8))
def test_a_mapping_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, Tag]
) -> None:
    once = {str(tag): word for word, tag in columns.items()}
    mapping = LineListMapping(
        {word: Tag(name) for name, word in once.items()},
        {word: {"Y": "yes"} for word in once.values()},
        "day first",
    )
    path = tmp_path_factory.mktemp("m") / "mapping.toml"
    path.write_text(line_list_mapping.text(mapping, "cases.csv", {}), encoding="utf-8")
    assert LineListMapping.read(path) == mapping


@pytest.mark.parametrize("text", ["product=stem cells", "product?", "symptom=fever", "date_onset"])
def test_a_tag_is_written_as_it_is_read(text: str) -> None:
    assert str(parse(text)) == text


def test_every_fault_of_a_mapping_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        'dates = "backwards"\nnames = 1\n[columns]\nA = "shoe size"\nB = "age=4"\n'
        'C = "case_id"\nD = "case_id"\n[values]\nA = 3\n'
    )
    with pytest.raises(FormatError) as caught:
        LineListMapping.read(path)
    for fault in ("backwards", "names", "shoe size", "age=4", "case_id is said of several: C, D",
                  "values, A"):  # fmt: skip
        assert fault in caught.value.message


def read(folder: Path, text: str, mapping: str = "") -> LineList:
    (folder / "c.csv").write_text(text, encoding="utf-8")
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    return line_list.read(folder / "c.csv", beside=Beside(mapping=folder / "m.toml"), today=TODAY)


def test_asked_and_not_answered_is_neither_a_no_nor_not_asked(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "case_id,isolate_id,product,product_asked,Ice\nA,i,stem cells,yes,Y\nB,j,,unknown,N\n"
        "C,k,,no,9\nD,l,,,\nE,m,not asked,,\n",
        '[columns]\n"Ice" = "other=ice"\n[values."Ice"]\n"9" = "unknown"\n',
    )
    responses = {(c, q): r for c, q, r in found.responses.iter_rows()}
    assert [responses[case, "product"] for case in "ABCDE"] == [
        "answered", "not answered", "answered", "blank", "not asked",
    ]  # fmt: skip
    answers = {(c, v): a for c, _, v, a in found.exposures.iter_rows()}
    assert [answers[case, "stem cells"] for case in "ABCDE"] == [
        "yes", "unknown", "no", "unknown", "unknown",
    ]  # fmt: skip
    assert [answers[case, "ice"] for case in "ABC"] == ["yes", "no", "unknown"]
    assert found.problems == ()


def test_the_order_of_day_and_month_is_told_by_the_owner_or_by_the_other_dates(
    tmp_path: Path,
) -> None:
    text = "case_id,isolate_id,date_onset\nA,i,03/04/2022\nB,j,25/04/2022\n"
    assert read(tmp_path, text).cases["date_onset"].null_count() == 1
    proposal = mapping_proposal.propose(case_file.read(tmp_path / "c.csv").sheet)
    assert proposal.mapping.dates == "day first"
    found = read(tmp_path, text, 'dates = "day first"\n')
    assert found.cases["date_onset"].to_list() == [date(2022, 4, 3), date(2022, 4, 25)]


REAL = {
    "oswego/oswego2.csv": 75,
    "stegen1998/stegen_raw.csv": 291,
    "godata_training/cases_clean.csv": 56,
    "outbreaks/mers_korea_2015_linelist.csv": 162,
    "outbreaks/measles_hagelloch_1861.csv": 188,
    "outbreaker2_fake/fake_outbreak.csv": 30,
}


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_line_list_is_mapped_and_read_with_nobody_lost(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    path = shared_data / "linelists" / name
    proposal = mapping_proposal.propose(case_file.read(path).sheet)
    mapping = tmp_path / "m.toml"
    text = line_list_mapping.text(proposal.mapping, path.name, proposal.comments)
    mapping.write_text(text, encoding="utf-8")
    found = line_list.read(path, beside=Beside(mapping=mapping), today=TODAY)
    assert found.cases.height == REAL[name]
    assert found.cases["case_id"].n_unique() == REAL[name]
    assert all(problem.what and problem.hint for problem in found.problems)


def test_go_data_codes_are_read_as_words(shared_data: Path) -> None:
    folder = shared_data / "linelists" / "godata_training"
    beside = Beside(specimens=folder / "lab_results_clean.csv")
    found = line_list.read(folder / "cases_clean.csv", beside=beside, today=TODAY)
    assert set(found.cases["status"]) <= {"confirmed", "probable", "suspect", "not a case"}
    assert found.specimens.height == 40
    assert set(found.specimens["result"].drop_nulls()) <= {"positive", "negative"}

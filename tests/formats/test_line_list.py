"""Line lists: nobody lost, nothing merged or dropped in silence, every oddity with its row."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abscope import tables
from abscope.errors import FormatError, TableError
from abscope.formats import line_list
from abscope.formats.headings import plain
from abscope.records import LineList
from abscope.simulate.linelist import Degradation, degraded
from abscope.simulate.patients import DATES, EXPOSURES, HEADINGS

TODAY = date(2026, 11, 22)
Read = Callable[..., LineList]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a line list from its text."""

    def from_text(text: str, *, exposures: str | None = None) -> LineList:
        (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
        more = tmp_path / "exposures.csv"
        if exposures is not None:
            more.write_text(exposures, encoding="utf-8")
        return line_list.read(
            tmp_path / "cases.csv", exposures=None if exposures is None else more, today=TODAY
        )

    return from_text


def told(found: LineList) -> list[str]:
    return [f"{problem.where}: {problem.what}" for problem in found.problems]


def test_a_clean_line_list_is_read_without_a_word(read: Read) -> None:
    found = read(
        "case_id,isolate_id,status,sex,age,date_onset,clinic,product\n"
        "A,i1,confirmed,F,34,2022-11-01,North,stem cells\n"
        "B,i2;i3,probable,M,60,,South,stem cells\n"
        "C,,suspect,M,71,2022-12-01,unknown,none\n"
    )
    assert found.problems == ()
    assert found.cases["isolate_ids"].to_list() == [["i1"], ["i2", "i3"], []]
    assert found.cases["row"].to_list() == [2, 3, 4]
    assert found.cases["date_onset"].to_list() == [date(2022, 11, 1), None, date(2022, 12, 1)]
    answers = {(c, v): a for c, _, v, a in found.exposures.iter_rows()}
    assert answers["C", "North"] == "unknown"
    assert answers["C", "stem cells"] == "no"
    assert answers["A", "South"] == "no"


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("Case ID", "case_id"), ("CASE-ID", "case_id"), ("patient_id", "case_id"), ("ID", "case_id"),
        ("Isolate", "isolate_ids"), ("Strain", "isolate_ids"), ("Onset date", "date_onset"),
        ("dateonset", "date_onset"), ("Specimen Date", "date_collection"), ("Gender", "sex"),
        ("Date of onset", "date_onset"), ("Case_Status", "status"),
    ],
)  # fmt: skip
def test_headings_are_known_by_other_names_too(read: Read, written: str, field: str) -> None:
    value = {"date_onset": "2022-01-02", "date_collection": "2022-01-02", "status": "Suspected"}
    found = read(f"{written},clinic\n{value.get(field, 'x')},North\n")
    assert found.cases[field].to_list() not in ([None], [[]], ["row-2"])


def test_numbered_headings_of_one_kind_are_one_kind(read: Read) -> None:
    found = read("case_id,product_1,product 2,isolate_id1,isolate_id2\nA,P,Q,i,j\nB,R,,,\n")
    yes = found.exposures.filter(answer="yes").select("case_id", "value").rows()
    assert yes == [("A", "P"), ("A", "Q"), ("B", "R")]
    assert found.cases["isolate_ids"].to_list() == [["i", "j"], []]


def test_headings_not_known_are_named_with_the_one_probably_meant(read: Read) -> None:
    found = read("case_id,isolate_id,date_onste,ward,city,Lott\nA,i,2022-01-01,7,Oslo,1\n")
    hints = {problem.where: problem.hint for problem in found.problems}
    assert hints["cases.csv, column date_onste"] == "'date_onset' is meant?"
    assert hints["cases.csv, column Lott"] == "'lot' is meant?"
    assert "exposure_city" in hints["cases.csv, column city"]
    assert "cases.csv: columns not read: ward" in told(found)


@pytest.mark.parametrize(
    ("field", "cell", "what"),
    [
        ("date_onset", "2022-02-30", "does not exist"),
        ("date_onset", "2027-02-03", "future"),
        ("date_onset", "1066-10-14", "before 1900"),
        ("date_onset", "03/04/2022", "could be"),
        ("date_onset", "2022-10", "does not name a day"),
        ("age", "340", "above 120"),
        ("age", "thirty", "not a number"),
        ("age", "-4", "not a number"),
        ("status", "maybe", "not known"),
    ],
)
def test_a_value_that_cannot_be_right_becomes_null_and_the_case_stays(
    read: Read, field: str, cell: str, what: str
) -> None:
    found = read(f"case_id,isolate_id,{field}\nA,i,\nB,j,{cell}\n")
    assert found.cases["case_id"].to_list() == ["A", "B"]
    assert found.cases[field].to_list() == [None, None]
    (problem,) = found.problems
    assert problem.where == f"cases.csv, row 3, {field}"
    assert repr(cell) in problem.what
    assert what in problem.what
    assert problem.hint


def test_an_onset_before_the_exposure_sets_both_dates_aside(read: Read) -> None:
    found = read("case_id,isolate_id,date_exposure,date_onset\nA,i,2022-10-14,2022-09-01\n")
    assert found.cases.select("date_exposure", "date_onset").row(0) == (None, None)
    assert told(found) == [
        "cases.csv, row 2: date_onset 2022-09-01 is before date_exposure 2022-10-14: "
        "date_exposure and date_onset not used"
    ]


def test_a_date_that_both_others_contradict_goes_alone(read: Read) -> None:
    found = read(
        "case_id,isolate_id,date_exposure,date_onset,date_collection\n"
        "A,i,2023-10-14,2022-11-01,2022-12-01\n"
    )
    dates = found.cases.select("date_exposure", "date_onset", "date_collection").row(0)
    assert dates == (None, date(2022, 11, 1), date(2022, 12, 1))


def test_a_specimen_before_the_onset_is_only_remarked_on(read: Read) -> None:
    found = read("case_id,isolate_id,date_onset,date_collection\nA,i,2022-10-14,2022-10-10\n")
    assert found.cases["date_collection"].to_list() == [date(2022, 10, 10)]
    assert "before date_onset" in told(found)[0]


def test_an_excel_day_number_is_read_and_remarked_on(read: Read) -> None:
    found = read("case_id,isolate_id,date_onset\nA,i,44848\n")
    assert found.cases["date_onset"].to_list() == [date(2022, 10, 14)]
    assert "Excel" in told(found)[0]


def test_a_case_without_id_is_named_after_its_row(read: Read) -> None:
    found = read("case_id,isolate_id\nrow-3,i\n,j\nunknown,k\n")
    assert found.cases["case_id"].to_list() == ["row-3", "row-3#2", "row-4"]
    assert [problem.where for problem in found.problems] == [
        "cases.csv, row 3", "cases.csv, row 4",
    ]  # fmt: skip


def test_a_repeated_id_is_kept_apart_under_another_name(read: Read) -> None:
    found = read("case_id,isolate_id,age\nA,i,30\nB,,1\nA,,40\nA,k,50\n")
    assert found.cases["case_id"].to_list() == ["A", "B", "A#2", "A#3"]
    assert "row 2 too; this row is called 'A#2'" in told(found)[0]


def test_rows_that_tell_of_one_patients_isolates_become_one_case_and_say_so(read: Read) -> None:
    found = read(
        "case_id,isolate_id,age,date_collection,clinic\n"
        "A,i,0,2022-03-01,North\nB,j,1,,\nA,k,,2022-02-01,\n"
    )
    assert found.cases["case_id"].to_list() == ["A", "B"]
    assert found.cases["isolate_ids"].to_list() == [["i", "k"], ["j"]]
    assert found.cases["date_collection"].to_list() == [date(2022, 2, 1), None]
    assert "is case 'A' of row 2 with another isolate" in told(found)[0]


def test_a_title_above_the_headings_and_blank_rows_do_not_shift_row_numbers(read: Read) -> None:
    found = read("# 2024\nOur outbreak\n\ncase_id,isolate_id,age\n\nA,i,200\n")
    assert "cases.csv, row 6, age: '200' is above 120 years; it is not used" in told(found)
    assert "the headings are in row 4; row 2 above was not read" in told(found)[0]


def test_a_row_with_a_separator_too_many_is_reported(read: Read) -> None:
    found = read("case_id,isolate_id,clinic\nA,i,North, upper floor\n")
    assert "more cells than headings: upper floor" in told(found)[0]


def test_a_separate_exposures_file_adds_answers(read: Read) -> None:
    found = read(
        "case_id,isolate_id,clinic\nA,i,North\nB,j,\n",
        exposures="case_id,kind,value,answer\nA,product,P,yes\nB,product,P,no\nB,clinic,North,yes\n"
        "A,lot,,unknown\nQ,product,P,yes\nA,smoke,pipe,yes\nB,product,R,perhaps\n",
    )
    answers = {(c, k, v): a for c, k, v, a in found.exposures.iter_rows()}
    assert answers["B", "product", "P"] == "no"
    assert answers["B", "clinic", "North"] == "yes"
    assert answers["A", "lot", None] == "unknown"
    assert answers["A", "other", "smoke: pipe"] == "yes"
    assert answers["A", "product", "R"] == "unknown"
    assert [problem.where for problem in found.problems] == [
        "exposures.csv, row 6", "exposures.csv, row 7", "exposures.csv, row 8",
    ]  # fmt: skip


def test_an_exposures_file_without_answers_lists_what_cases_named(read: Read) -> None:
    found = read(
        "case_id,isolate_id\nA,i\nB,j\n", exposures="case,kind,value\nA,product,P\nB,product,Q\n"
    )
    assert found.exposures["answer"].to_list() == ["yes", "no", "no", "yes"]


def test_an_exposures_file_without_its_columns_is_an_error(read: Read) -> None:
    with pytest.raises(TableError, match="no column 'kind'"):
        read("case_id\nA\n", exposures="case_id,value\nA,P\n")


@pytest.mark.parametrize(
    ("text", "error", "what"),
    [
        ("a,b\n1,2\n", TableError, "no heading is known: a, b"),
        ("case_id,clinic\n", TableError, "no cases below"),
        ("", FormatError, "empty"),
        ('case_id,clinic\n"A,North\nB,South\n', FormatError, "never closed"),
    ],
)
def test_what_is_no_line_list_is_told_so(
    read: Read, text: str, error: type[Exception], what: str
) -> None:
    with pytest.raises(error, match=what):
        read(text)


def test_a_column_of_codes_is_told_from_one_of_values(read: Read) -> None:
    found = read("case_id,isolate_id,water,clinic,lot\nA,i,1,Y,1\nB,j,0,N,L2\nC,k,n,X,\n")
    yes = found.exposures.filter(answer="yes").select("case_id", "kind", "value").rows()
    assert yes == [
        ("A", "clinic", "Y"), ("A", "lot", "1"), ("A", "water", "yes"),
        ("B", "clinic", "N"), ("B", "lot", "L2"), ("C", "clinic", "X"),
    ]  # fmt: skip


def test_a_workbook_reads_like_the_same_table_in_text(tmp_path: Path, read: Read) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="abscope[excel] is not installed")
    book = openpyxl.Workbook()
    for row in (
        ("case_id", "isolate_id", "age", "date_onset", "clinic"),
        (7, "i1", 34.0, datetime(2022, 10, 14), "North"),
        (None, None, None, None, None),
        ("B", None, None, None, None),
    ):
        book.active.append(row)
    book.create_sheet("notes").append(("a",))
    book.save(tmp_path / "cases.xlsx")
    found = line_list.read(tmp_path / "cases.xlsx", today=TODAY)
    same = read("case_id,isolate_id,age,date_onset,clinic\n7,i1,34,2022-10-14,North\n\nB,,,,\n")
    assert found.cases.equals(same.cases)
    assert found.exposures.equals(same.exposures)


CELLS = st.sampled_from(
    ["", "A", "B", "i1", "unknown", "none", "2022-02-30", "2022-03-01", "0", "x;y", '"']
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_no_row_is_ever_lost(tmp_path: Path, rows: list[list[str]]) -> None:
    heads = ["case_id", "isolate_id", "age", "date_onset", "clinic"]
    path = tmp_path / "any.csv"
    frame = pl.DataFrame(rows, schema=heads, orient="row")
    frame.write_csv(path, quote_style="always")
    filled = [row for row in rows if any(row)]
    if not filled:
        return
    found = line_list.read(path, today=TODAY)
    joined = sum("with another isolate" in problem.what for problem in found.problems)
    assert len(found.cases) + joined == len(filled)
    named = {i for row in filled for i in row[1].split(";")} - {"", "unknown", "none"}
    assert {i for own in found.cases["isolate_ids"] for i in own} == named
    tables.CASES.check(found.cases)
    tables.EXPOSURES.check(found.exposures)
    assert all(problem.hint for problem in found.problems)


@pytest.mark.parametrize("name", ["stegen_raw.csv", "stegen_clean.csv"])
def test_the_stegen_outbreak_is_read_without_losing_anyone(shared_data: Path, name: str) -> None:
    path = shared_data / "linelists" / "stegen1998" / name
    found = line_list.read(path, today=TODAY)
    assert len(found.cases) == 291
    assert found.cases["date_onset"].count() == 131
    assert found.cases["age"].count() == 283
    assert found.cases["case_id"][0] == "210"
    assert any("tira" in problem.what for problem in found.problems)


def test_godata_and_mers_line_lists_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "linelists"
    godata = line_list.read(folder / "godata_training" / "cases_clean.csv", today=TODAY)
    assert len(godata.cases) == 56
    assert "row 22: case_id 'CASE-2020-0002' is that of row 21 too" in "\n".join(told(godata))
    assert set(godata.cases["status"].drop_nulls()) <= {
        "confirmed",
        "probable",
        "suspect",
        "not a case",
    }
    mers = line_list.read(folder / "outbreaks" / "mers_korea_2015_linelist.csv", today=TODAY)
    assert len(mers.cases) == 162
    assert mers.cases["date_onset"].null_count() == 27  # the file's own NA


def simulated(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A line list of 60 cases as it is, and as an investigator gets it."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(60):
        row = {heading: f"{heading} {'abcd'[rng.integers(4)] * 3}" for heading in EXPOSURES}
        days = np.cumsum(rng.integers(1, 90, size=len(DATES)))
        row |= {
            d: str(date(2022, 1, 1) + timedelta(int(k))) for d, k in zip(DATES, days, strict=True)
        }
        row |= {"case_id": f"P{n:03}", "isolate_id": f"i{n}", "status": "confirmed", "age": "40"}
        rows.append(row)
    truth = pl.DataFrame(rows, schema=dict.fromkeys(HEADINGS, pl.String))
    how = Degradation(missing=0.2, recall=0.3, typing=0.05)
    return truth, degraded(truth, how, rng=rng).cases


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_simulated_line_list_is_understood_as_it_was_written(tmp_path: Path, seed: int) -> None:
    truth, written = simulated(seed)
    written.write_csv(tmp_path / "cases.csv")
    found = line_list.read(tmp_path / "cases.csv", today=TODAY)
    assert found.cases["case_id"].to_list() == truth["case_id"].to_list()
    named = found.exposures.filter(answer="yes").rows_by_key(["case_id", "kind"])
    answers = found.exposures.rows_by_key(["case_id", "kind"])
    for row in written.iter_rows(named=True):
        for heading in EXPOSURES:
            key, cell = (row["case_id"], heading.removeprefix("exposure_")), row[heading]
            if cell in (None, "unknown"):
                assert {answer for _, answer in answers[key]} == {"unknown"}
            else:
                assert [plain(value) for value, _ in named[key]] == [plain(cell)]
                assert "unknown" not in {answer for _, answer in answers[key]}
    for field in DATES:
        pairs = zip(written[field], found.cases[field], found.cases["row"], strict=True)
        for text, day, row_number in pairs:
            if text not in (None, "unknown") and str(day) != text:
                assert any(f"row {row_number}: " in remark for remark in told(found))

"""A tired user's line list comes through: every doubt is listed with its row, and nobody is lost."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from abscope.formats import line_list
from abscope.formats.line_list import Beside
from abscope.records import LineList

TODAY = date(2026, 11, 22)
GROUPS = ["Patient", "", "", "", "Date of", "", "", "Exposure", "", "", "Lab", ""]
HEADS = ["ID ", "Sex", "DOB", "Age", "exposure", "onset", "specimen", "city", "clinic", "product",
         "isolate", "culture result"]  # fmt: skip
ROWS = [
    ["P-001", "F", "03.05.1985", "37", "14.10.2022", "02.11.2022", 44896, "Tijuana ", "Clinic North",
     "stem cells", "iso1", "pos"],
    ["P-002", "M", "17.09.1960", "unk", "2022-04", "25.06.2022", "20.09.2022", "Mexicali",
     "Clinic South", "Stem Cells", "iso2", "+"],
    ["P-003", "M", "1955-02-30", "67", 44835, "11/12/22", "12.01.2023", "Guadalajara", "unk",
     "stem cells", "lost", "unk"],
    ["p 1", "F", "03.05.1985", "37", "14.10.2022", "02.11.2022", "", "Tijuana", "clinic  north",
     "stem cells", "", ""],
    ["", "F", "", "340", "", "05.04.2023", "01.04.2023", "?", "", "none", "iso4", "neg"],
    ["P-005", "M", "12.12.2022", "41", "03.01.2023", "01.12.2022", "", "Lima", "Clinic East",
     "implant", "iso1", "maybe"],
]  # fmt: skip
MAPPING = 'dates = "day first"\n\n[columns]\n"DOB" = "date_birth"\n'


@pytest.fixture
def tired(tmp_path: Path) -> LineList:
    """Read the workbook as its owner saved it, told only that days come first."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Cases as of today, DRAFT 3 (ask Maria)"])
    sheet.append(GROUPS)
    sheet.append(HEADS)
    for first, last in (("A2", "D2"), ("E2", "G2"), ("H2", "J2"), ("K2", "L2")):
        sheet.merge_cells(f"{first}:{last}")
    for row in ROWS:
        sheet.append(row)
    book.save(tmp_path / "cases.xlsx")
    (tmp_path / "mapping.toml").write_text(MAPPING)
    beside = Beside(mapping=tmp_path / "mapping.toml")
    return line_list.read(tmp_path / "cases.xlsx", beside=beside, today=TODAY)


def test_no_row_of_it_is_lost(tired: LineList) -> None:
    assert tired.cases["case_id"].to_list() == ["P-001", "P-002", "P-003", "p 1", "row-8", "P-005"]
    assert tired.cases["row"].to_list() == [4, 5, 6, 7, 8, 9]
    assert tired.cases["isolate_ids"].to_list() == [["iso1"], ["iso2"], [], [], ["iso4"], ["iso1"]]
    assert tired.specimens["case_id"].to_list() == ["P-001", "P-002", "P-003", "row-8"]


def test_its_dates_are_read_as_its_owner_says_and_excels_numbers_as_days(tired: LineList) -> None:
    first, second, third = tired.cases.rows(named=True)[:3]
    assert first["date_birth"] == date(1985, 5, 3)
    assert first["date_exposure"] == date(2022, 10, 14)
    assert first["date_collection"] == date(2022, 12, 1)
    assert (second["date_exposure"], second["date_exposure_end"]) == (
        date(2022, 4, 1), date(2022, 4, 30),
    )  # fmt: skip
    assert third["date_exposure"] == date(2022, 10, 1)
    assert third["date_birth"] is None


def test_what_it_says_twice_in_two_spellings_is_one_exposure(tired: LineList) -> None:
    named = tired.exposures.filter(answer="yes").select("kind", "value").unique().rows()
    clinics = {value for kind, value in named if kind == "clinic"}
    products = {value for kind, value in named if kind == "product"}
    assert len(clinics) == 3
    assert products == {"stem cells", "implant"}
    answers = {(c, k): a for c, k, v, a in tired.exposures.iter_rows() if v != "implant"}
    assert answers["P-003", "clinic"] == "unknown"
    assert answers["row-8", "product"] == "no"


DOUBTS = [
    ("cases.xlsx", "the headings are in row 3; row 1, 2 above was not read"),
    ("cases.xlsx, row 3", "headings were read with the merged ones above them: Date of exposure, "
     "Date of onset, Date of specimen, Exposure city"),
    ("cases.xlsx, row 4, Date of specimen", "'44896' was read as an Excel day number: 2022-12-01"),
    ("cases.xlsx, row 5, Date of exposure",
     "names no day: it is taken as some day from 2022-04-01 to 2022-04-30"),
    ("cases.xlsx, row 6, Date of exposure", "'44835' was read as an Excel day number: 2022-10-01"),
    ("cases.xlsx, row 6, DOB", "'1955-02-30' is a day that does not exist"),
    ("cases.xlsx, row 6, Date of onset",
     "'11/12/22' has a year of two digits, and could be more than one date"),
    ("cases.xlsx, row 8, Age", "'340' is above 120 years; it is not used"),
    ("cases.xlsx, row 8", "date_collection 2023-04-01 is before date_onset 2023-04-05"),
    ("cases.xlsx, row 9", "date_onset 2022-12-01 is before date_exposure 2023-01-03; "
     "date_onset 2022-12-01 is before date_birth 2022-12-12: date_onset not used"),
    ("cases.xlsx, row 9, culture result", "result 'maybe' is not known; it is not used"),
    ("cases.xlsx, row 8", "has no case_id; it is called 'row-8'"),
    ("cases.xlsx, clinic", "'Clinic North', 'clinic  north' are taken as one and the same"),
    ("cases.xlsx, product", "'stem cells', 'Stem Cells' are taken as one and the same"),
    ("cases.xlsx, cases P-001 and P-005",
     "may be one patient: both name isolate iso1; both were kept"),
    ("cases.xlsx, cases P-001 and p 1", "may be one patient: their ids are alike; both were kept"),
]  # fmt: skip


def test_every_doubt_is_listed_with_its_row_and_a_remedy(tired: LineList) -> None:
    told = [(problem.where, problem.what) for problem in tired.problems]
    assert told == DOUBTS
    assert all(problem.hint for problem in tired.problems)

"""Tables for people: a spreadsheet shows what is in them and runs none of it."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import abscope
from abscope.formats import distance_table
from abscope.records import Distances
from abscope.records.cells import safe_cell
from abscope.tables import written

HOSTILE = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
    "-2+3+cmd|' /C calc'!A0", '=HYPERLINK("http://x?"&A1)', "＝1", "＋A1", "－A1", "＠A1", "-x",
)  # fmt: skip
HARMLESS = (
    "",
    "-",
    "-5",
    "-5.25",
    "+3",
    "-1e-9",
    "5",
    "iso-1",
    "a=b",
    "2026-11-22",
    "-12%",
    "'quoted",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_names_dates_and_numbers_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


CELL = st.text(st.sampled_from("=+-@\t\r\n;,\"' 1.5eAB|"), max_size=8)


@given(st.lists(st.tuples(CELL, st.none() | CELL), min_size=1, max_size=5))
def test_no_cell_of_a_table_we_write_starts_a_formula(rows: list[tuple[str, str | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"=a": pl.String, "b": pl.String}, orient="row")
    for text, sign in ((written.tsv(frame), "\t"), (written.csv(frame), ",")):
        stream = io.StringIO(text.decode(), newline="")
        for row in csv.reader(stream, delimiter=sign):
            for cell in row:
                assert safe_cell(cell) == cell
        assert len(list(csv.reader(io.StringIO(text.decode(), newline=""), delimiter=sign))) > 0


def test_numbers_are_numbers_and_what_is_unknown_is_empty() -> None:
    frame = pl.DataFrame({"n": [-5, None], "x": [-0.5, 2.0], "t": ["=A1", None]})
    assert written.tsv(frame) == b"n\tx\tt\n-5\t-0.5\t'=A1\n\t2.0\t\n"


def test_names_of_isolates_are_no_formulas_in_a_distance_table() -> None:
    two = np.array([[0, 3], [3, 0]])
    text = distance_table.matrix(Distances(("=A1", "b"), two, two))
    assert text.splitlines()[:2] == ["abscope\t'=A1\tb", "'=A1\t0\t3"]


def test_tables_for_people_are_written_in_one_place() -> None:
    source = Path(abscope.__file__).parent
    of_machines = {
        "formats/simulation_folder.py",  # truth, to test with
        "formats/simulation_truth.py",
        "formats/vcf.py",
        "formats/redcap.py",  # the dictionary: our own words
        "cli/organism.py",  # our own words
        "validation/repeats.py",  # hashed, not shown
        "tables/written.py",
    }
    by_hand = re.compile(r"""write_csv|csv\.(Dict)?[wW]riter|to_csv|"\\t"\.join""")
    others = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if by_hand.search(text := path.read_text("utf-8")) and "safe_cell" not in text
    }
    assert others <= of_machines, "use abscope.tables.written"

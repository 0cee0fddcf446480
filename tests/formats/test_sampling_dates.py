"""Sampling dates: a day is a day, a year a year, and what is no date is said."""

from datetime import date
from pathlib import Path

import pytest

from abscope.errors import FormatError
from abscope.formats.sampling_dates import decimal_year, sampling_dates, span_of


@pytest.mark.parametrize(
    ("text", "early", "late"),
    [
        ("2014", 2014.0, 2015.0),
        ("2014-07-02", 2014 + 182 / 365, 2014 + 183 / 365),
        ("2016-12-31", 2016 + 365 / 366, 2017.0),
        ("2014-02", 2014 + 31 / 365, 2014 + 59 / 365),
        ("2014.178", 2014.178, 2014.178),
        ("2014.5", 2014.5, 2014.5),
    ],
)
def test_a_date_is_the_time_it_names(text: str, early: float, late: float) -> None:
    assert span_of(text) == pytest.approx((early, late))


@pytest.mark.parametrize("text", ["", "unknown", "Not present", "03/04/2014"])
def test_what_names_no_one_time_is_no_date(text: str) -> None:
    assert span_of(text) is None


def test_a_table_is_read_under_its_usual_headings(tmp_path: Path) -> None:
    path = tmp_path / "dates.tsv"
    path.write_text("accession\tyear\tcountry\nA\t2014\tUK\nB\tNP\tUK\nC\t\tUK\n")
    found, unusable = sampling_dates(path)
    assert found == {"A": (2014.0, 2015.0)}
    assert [(one.name, one.reason) for one in unusable] == [
        ("B", "no date in 'NP'"),
        ("C", "no date"),
    ]


def test_a_date_of_two_readings_is_left_out_with_both(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("isolate_id,date\nA,03/04/2014\nB,2015\n")
    (one,) = sampling_dates(path)[1]
    assert "2014-03-04 (month first) or 2014-04-03 (day first)" in one.reason


def test_an_isolate_with_two_dates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("isolate_id,date\nA,2014\nA,2015\n")
    with pytest.raises(FormatError, match="row 3: A has another date above"):
        sampling_dates(path)


def test_a_table_without_dates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("isolate_id,place\nA,here\n")
    with pytest.raises(FormatError, match="no column date"):
        sampling_dates(path)


def test_a_day_that_opens_a_year_is_a_whole_number() -> None:
    assert decimal_year(date(2020, 1, 1)) == 2020.0

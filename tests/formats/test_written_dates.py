"""Dates: one reading is read, two readings are refused, and nothing is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.formats import written_dates

TODAY = date(2026, 11, 22)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)


@given(
    DAYS,
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y/%m/%d",
            "%Y.%m.%d",
            "%Y%m%d",
            "%d %b %Y",
            "%d-%B-%Y",
            "%B %d, %Y",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
        ]
    ),
)
def test_a_form_with_one_reading_is_read_back(day: date, form: str) -> None:
    assert written_dates.read(day.strftime(form), today=TODAY) == written_dates.Written(day)


@pytest.mark.parametrize(
    "text",
    [
        "14 Oct 2022",
        "14.10.2022",
        "10/14/2022",
        "14/10/2022",
        "14-10-2022",
        "14 de octubre de 2022",
        "Oct. 14th, 2022",
        "14th october 2022",
    ],
)
def test_people_write_one_day_in_many_ways(text: str) -> None:
    assert written_dates.read(text).day == date(2022, 10, 14)


@given(DAYS)
def test_day_and_month_are_never_guessed(day: date) -> None:
    written = written_dates.read(day.strftime("%d/%m/%Y"), today=TODAY)
    if day.day > 12 or day.day == day.month:
        assert written.day == day
    else:
        assert written.day is None
        assert day.isoformat() in written.remark
        assert "YYYY-MM-DD" in written.remedy


@given(st.dates(min_value=date(1955, 1, 1), max_value=TODAY))
def test_an_excel_day_number_is_read_and_remarked_on(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    written = written_dates.read(str(serial), today=TODAY)
    assert written.day == day
    assert "Excel" in written.remark


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("2022-02-30", "does not exist"),
        ("31/11/2022", "does not exist"),
        ("2022-13-01", "does not exist"),
        ("2027-01-01", "future"),
        ("1822-10-14", "before 1900"),
        ("2022-10", "does not name a day"),
        ("2022", "does not name a day"),
        ("10/2022", "does not name a day"),
        ("October 2022", "does not name a day"),
        ("octubre de 2022", "does not name a day"),
        ("03/04/2022", "could be 2022-03-04 (month first) or 2022-04-03 (day first)"),
        ("14/10/22", "two digits"),
        ("soon", "not a date"),
        ("-", "not a date"),
        ("early 2022", "not a date"),
    ],
)
def test_what_is_no_single_possible_day_is_explained(text: str, remark: str) -> None:
    written = written_dates.read(text, today=TODAY)
    assert written.day is None
    assert remark in written.remark
    assert written.remedy


@given(st.text(max_size=20) | st.text(alphabet="0123456789-/. Octenr", max_size=12))
def test_no_text_whatever_breaks_it(text: str) -> None:
    written = written_dates.read(text, today=TODAY)
    assert written.day is not None or written.remark

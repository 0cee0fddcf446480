"""Double entries are proposed with their reason, and never joined."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope import tables
from abscope.outbreak.twins import propose

NONE = tables.EXPOSURES.frame()
DAY = date(2022, 1, 1)


def cases(*rows: dict[str, object]) -> pl.DataFrame:
    return tables.CASES.frame([{"case_id": f"P{n}", **row} for n, row in enumerate(rows, 1)])


PEOPLE = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.sampled_from("MF"), st.integers(1, 90)),
    min_size=3,
    max_size=25,
    unique_by=(lambda one: one[0], lambda one: one[3]),
)


@given(PEOPLE, st.data())
def test_a_duplicate_row_is_found_wherever_it_stands_and_whatever_it_is_called(
    people: list[tuple[int, int, str, int]], data: st.DataObject
) -> None:
    rows = [
        {
            "sex": sex,
            "age": float(age),
            "date_birth": date(1930, 1, 1) + timedelta(days=97 * born),
            "date_onset": DAY + timedelta(days=onset),
        }
        for born, onset, sex, age in people
    ]
    again = data.draw(st.integers(0, len(rows) - 1))
    frame = cases(*rows, rows[again])
    found = {(one.case_1, one.case_2) for one in propose(frame, NONE)}
    assert (f"P{again + 1}", f"P{len(rows) + 1}") in found


@pytest.mark.parametrize("other", ["p-007", "P 7", "p_0007", "P-007#2"])
def test_ids_that_differ_in_writing_only_are_one_proposal(other: str) -> None:
    frame = tables.CASES.frame([{"case_id": "P-007"}, {"case_id": other}, {"case_id": "P-70"}])
    (pair,) = propose(frame, NONE)
    assert (pair.case_1, pair.case_2, pair.reason) == ("P-007", other, "their ids are alike")


def test_people_who_differ_in_sex_or_birth_are_never_proposed_for_what_they_share() -> None:
    same = {"age": 40.0, "date_onset": DAY, "date_exposure": DAY, "residence_state": "Utah"}
    one = {**same, "sex": "M", "date_birth": date(1982, 5, 3)}
    frame = cases(one, {**one, "sex": "F"}, {**one, "date_birth": date(1982, 3, 5)})
    assert propose(frame, NONE) == ()


def test_nobody_at_a_real_supper_is_taken_for_somebody_else(oswego: pl.DataFrame) -> None:
    frame = tables.CASES.frame(
        [
            {"case_id": row["ID"], "sex": row["Sex"], "age": float(row["Age"])}
            for row in oswego.with_columns(pl.col("ID").str.strip_chars()).to_dicts()
        ]
    )
    assert propose(frame, NONE) == ()

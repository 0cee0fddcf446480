"""Patients in care and facilities: what is due, and what silence means."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope import tables
from abscope.outbreak.contacts import LADDER, contacts_due, facility_states
from abscope.outbreak.followup import (
    culture_courses,
    cultures_due,
    genome_changes,
    rescues,
    tasks,
    updates_due,
)
from abscope.outbreak.monitoring import monitoring_due
from abscope.records import LineList
from abscope.records.followup import LaterIsolate
from abscope.tables.followup import CHANNELS, CONTACTS, MONITORING, REPLIES
from linelists import make_linelist

TODAY = date(2024, 3, 1)
NOTHING = MONITORING.frame()


def treated(*courses: tuple[str, str, date | None, date | None]) -> pl.DataFrame:
    return tables.TREATMENTS.frame(
        [(case, drug, "yes", start, end) for case, drug, start, end in courses]
    )


def cultures(*results: tuple[str, date, str]) -> pl.DataFrame:
    rows = [
        {"specimen_id": f"s{n}", "kind": "patient", "case_id": case, "result": result,
         "date_first": day, "date_last": day}
        for n, (case, day, result) in enumerate(results)
    ]  # fmt: skip
    return tables.SPECIMENS.frame(rows)


def test_blood_is_due_weekly_on_intravenous_drugs_and_every_two_months_on_oral_ones() -> None:
    start = TODAY - timedelta(30)
    courses = treated(("A", "Amikacin", start, None), ("B", "azithromycin", start, None))
    done = MONITORING.frame(
        [(case, test, TODAY - timedelta(10)) for case in "AB" for test in ("blood count", "audiogram", "ECG")]
    )  # fmt: skip
    due = {
        (one.about, one.sentence.partition(":")[0]) for one in monitoring_due(courses, done, TODAY)
    }
    assert ("A", "blood count") in due
    assert ("B", "blood count") not in due
    assert ("A", "audiogram") not in due
    assert ("B", "liver tests") in due


def test_a_course_that_ended_or_is_still_to_begin_needs_no_tests() -> None:
    courses = treated(
        ("A", "amikacin", date(2023, 1, 1), date(2023, 6, 1)),
        ("B", "amikacin", TODAY + timedelta(3), None),
        ("C", "liposuction", date(2024, 1, 1), None),
    )
    assert not list(monitoring_due(courses, NOTHING, TODAY))


DAY = date(2023, 1, 1)


@pytest.mark.parametrize(
    ("weeks", "results", "course"),
    [
        ((0, 4, 8), "nnn", "converted"),
        ((0, 1, 2), "nnn", "cannot tell"),
        ((0, 4, 8), "npn", "cannot tell"),
        ((0, 4, 8, 12, 16), "nnnpp", "recurred"),
        ((0, 4, 8, 12), "nnnp", "converted"),
        ((0, 4), "np", "not converted"),
        ((0, 4, 8, 12), "pnnn", "converted"),
    ],
)
def test_conversion_is_three_negative_cultures_four_weeks_apart(
    weeks: tuple[int, ...], results: str, course: str
) -> None:
    word = {"n": "negative", "p": "positive"}
    frame = cultures(
        *(("A", DAY + timedelta(weeks=w), word[r]) for w, r in zip(weeks, results, strict=True))
    )
    assert [one.course for one in culture_courses(frame)] == [course]


def test_a_contaminated_culture_says_nothing() -> None:
    frame = cultures(
        ("A", DAY, "negative"),
        ("A", DAY + timedelta(weeks=4), "contaminated"),
        ("A", DAY + timedelta(weeks=8), "negative"),
    )
    assert [one.negatives for one in culture_courses(frame)] == [2]


def test_a_patient_in_care_of_whom_nothing_was_heard_is_asked_about() -> None:
    linelist = replace(
        make_linelist({"A": [], "B": []}),
        treatments=treated(
            ("A", "linezolid", date(2023, 9, 1), None), ("B", "linezolid", TODAY, None)
        ),
    )
    assert [one.about for one in updates_due(linelist, NOTHING, TODAY)] == ["A"]
    heard = MONITORING.frame([("A", "vision", TODAY - timedelta(5))])
    assert not list(updates_due(linelist, heard, TODAY))


def test_whoever_was_never_heard_of_is_said_to_be_so_and_the_next_patient_all_the_same() -> None:
    linelist = replace(
        make_linelist({"A": [], "B": []}),
        treatments=treated(
            ("A", "linezolid", None, None), ("B", "linezolid", date(2023, 9, 1), None)
        ),
    )
    assert [one.sentence for one in updates_due(linelist, NOTHING, TODAY)] == [
        "Nothing was ever heard of this patient: ask how they are.",
        "Nothing was heard of this patient since 2023-09-01: ask how they are.",
    ]


def test_cultures_are_repeated_until_conversion() -> None:
    course = treated(("A", "linezolid", date(2023, 9, 1), None))
    linelist = replace(make_linelist({"A": []}), treatments=course)
    assert "no culture on record" in next(cultures_due(linelist, TODAY)).sentence
    negative = cultures(*(("A", date(2023, month, 1), "negative") for month in (9, 10, 12)))
    assert not list(cultures_due(replace(linelist, specimens=negative), TODAY))


def later(
    isolate: str, month: int, snps: int | None, *markers: str, assessed: bool = True
) -> LaterIsolate:
    return LaterIsolate(
        "A", isolate, date(2023, month, 1), snps, frozenset(markers) if assessed else None
    )


def test_a_new_marker_in_the_same_strain_is_acquired_resistance() -> None:
    found = list(
        genome_changes([later("i1", 1, 0), later("i2", 5, 3, "rrl A2058G")], same_strain=20)
    )
    assert [(one.concern, one.about) for one in found] == [("resistance", "A")]
    assert "rrl A2058G, new since 2023-01-01" in found[0].sentence


def test_a_distant_later_isolate_is_another_strain_and_not_resistance() -> None:
    found = list(
        genome_changes([later("i1", 1, 0), later("i2", 5, 300, "rrl A2058G")], same_strain=20)
    )
    assert [one.concern for one in found] == ["strain"]


def test_what_was_not_assessed_is_neither_new_nor_gone() -> None:
    isolates = [
        later("i1", 1, 0, "rrs A1408G"),
        later("i2", 3, 1, assessed=False),
        later("i3", 5, 2, "rrs A1408G"),
        later("i4", 7, None),
    ]
    found = list(genome_changes(isolates, same_strain=20))
    assert [one.concern for one in found] == ["strain"]
    assert "could not be compared" in found[0].sentence


def test_an_unsequenced_isolate_is_asked_for_before_it_is_discarded() -> None:
    linelist = make_linelist(
        {"A": ["iA"], "B": [], "C": [], "D": [], "E": []}, status={"E": "not a case"}
    )
    specimens = cultures(("B", date(2024, 2, 1), "positive"), ("D", date(2023, 1, 1), "positive"))
    specimens = specimens.with_columns(
        retained=pl.when(pl.col("case_id") == "D").then(pl.lit("no")).otherwise(pl.lit(None))
    )
    found = list(rescues(replace(linelist, specimens=specimens), TODAY))
    assert [(one.about, one.due) for one in found] == [("B", date(2024, 7, 30)), ("C", None)]


def contacted(*attempts: tuple[str, int, str, str]) -> pl.DataFrame:
    names = ("facility", "date", "channel", "language", "reply")
    rows = [
        (who, TODAY - timedelta(days), channel, "Spanish", reply)
        for who, days, channel, reply in attempts
    ]
    return CONTACTS.frame([dict(zip(names, row, strict=True)) for row in rows])


def test_a_silent_facility_is_approached_by_the_next_channel() -> None:
    log = contacted(
        ("one", 40, "email", "none"), ("one", 20, "telephone", "none"), ("two", 3, "email", "none")
    )
    states = {one.facility: one for one in facility_states(log)}
    assert (states["one"].state, states["one"].next_step) == ("silent", "letter")
    assert states["one"].due == TODAY - timedelta(6)
    due = list(contacts_due(log, TODAY))
    assert [one.about for one in due] == ["one"]
    assert "counts as not known" in due[0].sentence
    assert "asked 2 times in Spanish" in due[0].sentence


def test_a_facility_that_answered_is_left_alone() -> None:
    log = contacted(("one", 40, "email", "none"), ("one", 30, "telephone", "answered"))
    assert next(facility_states(log)).due is None
    assert not list(contacts_due(log, TODAY))


ATTEMPT = st.tuples(
    st.sampled_from("xyz"),
    st.integers(0, 300),
    st.sampled_from(CHANNELS),
    st.sampled_from(REPLIES),
)


@given(st.lists(ATTEMPT, max_size=12))
def test_every_facility_and_every_attempt_is_accounted_for(
    attempts: list[tuple[str, int, str, str]],
) -> None:
    states = list(facility_states(contacted(*attempts)))
    assert sorted(one.facility for one in states) == sorted({a[0] for a in attempts})
    assert sum(one.attempts for one in states) == len(attempts)
    for one in states:
        assert (one.due is None) == (one.state == "answered") == (one.next_step is None)
        assert one.next_step is None or one.next_step in dict(LADDER)


def everything() -> LineList:
    return replace(
        make_linelist({"A": ["iA"], "C": []}),
        treatments=treated(("A", "amikacin", date(2023, 1, 1), None)),
    )


def test_all_that_is_due_comes_together_the_longest_overdue_first() -> None:
    found = tasks(everything(), contacted(("one", 60, "email", "none")), NOTHING, today=TODAY)
    assert {one.concern for one in found} == {
        "isolate",
        "facility",
        "monitoring",
        "update",
        "culture",
    }
    dates = [one.due or date.min for one in found]
    assert dates == sorted(dates)

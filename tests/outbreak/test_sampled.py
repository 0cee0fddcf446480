"""What a line list says of isolates."""

from datetime import date

from abscope import tables
from abscope.outbreak.sampled import sampled_isolates
from abscope.records import Days, LineList


def linelist() -> LineList:
    rows = [
        {
            "case_id": "A",
            "isolate_ids": ["a1"],
            "date_exposure": date(2022, 10, 1),
            "date_exposure_end": date(2022, 10, 31),
            "date_collection": date(2022, 11, 20),
        },
        {
            "case_id": "B",
            "patient_id": "P",
            "isolate_ids": ["b1", "b2"],
            "date_collection": date(2023, 1, 1),
        },
        {"case_id": "C", "isolate_ids": []},
    ]
    specimens = [
        {"specimen_id": "s", "kind": "patient", "isolate_id": "b2", "date_first": date(2023, 5, 1),
         "date_last": date(2023, 5, 31)},
    ]  # fmt: skip
    return LineList(
        tables.CASES.frame(rows),
        tables.EXPOSURES.frame(),
        specimens=tables.SPECIMENS.frame(specimens),
    )


def test_dates_are_intervals_and_unknown_ones_stay_unknown() -> None:
    a, b1, b2, other = sampled_isolates(["a1", "b1", "b2", "x"], linelist(), {"a1": "DCC1"})
    assert a.exposed == Days(date(2022, 10, 1), date(2022, 10, 31))
    assert a.collected == Days(date(2022, 11, 20), date(2022, 11, 20))
    assert a.stratum == "DCC1"
    assert (b1.patient, b2.patient) == ("P", "P")
    assert b1.collected is None
    assert b2.collected == Days(date(2023, 5, 1), date(2023, 5, 31))
    assert (other.patient, other.exposed, other.collected, other.stratum) == (None,) * 4


def test_without_a_line_list_every_isolate_is_there_all_the_same() -> None:
    assert [one.isolate_id for one in sampled_isolates(["a", "b"], None, {})] == ["a", "b"]

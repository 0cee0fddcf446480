"""The genomes and the line list put together: every case accounted for, whatever is missing."""

from datetime import date

import pytest

from abscope import tables
from abscope.outbreak import epicurve, plausible
from abscope.outbreak.findings import investigate
from abscope.records import LeftOut, LineList, Relatedness
from linelists import make_clusters, make_linelist

ISOLATES = ["iA", "iB", "iD", "iE", "iF", "iG"]


def related(*groups: list[str], left_out: tuple[LeftOut, ...] = ()) -> Relatedness:
    return Relatedness((), (make_clusters(*groups),), left_out)


def test_the_founding_case_is_found(founding: LineList) -> None:
    found = investigate(founding, ISOLATES, related(["iA", "iB"]), 20)
    assert found.shared.row(0, named=True)["value"] == "P"
    assert found.compatible["case_id"].to_list() == ["C"]
    assert found.linked.cases_only["case_id"].to_list() == ["C"]
    assert found.problems == ()


def test_an_isolate_that_relatedness_left_out_is_on_neither_side(founding: LineList) -> None:
    left = (LeftOut("iG", "too few sites"),)
    found = investigate(founding, ISOLATES, related(["iA", "iB"], left_out=left), 20)
    assert set(found.shared["others"]) == {3}
    assert set(found.compatible["case_id"]) == {"C", "G"}


def test_nothing_in_common_is_the_first_problem_and_the_cases_stay(founding: LineList) -> None:
    found = investigate(founding, ["s1", "s2"], related(["s1", "s2"]), 20)
    assert "no isolate in common" in found.problems[0].what
    assert len(found.linked.cases_only) == 7
    assert found.shared.is_empty()


def test_without_clusters_and_without_exposures_there_is_an_answer_still() -> None:
    found = investigate(make_linelist({"A": ["a"]}), ["a"], related(), 20)
    assert found.shared.is_empty()
    assert found.compatible.is_empty()
    assert [problem.where for problem in found.problems] == ["line list"]


def test_a_level_without_clusters_is_refused(founding: LineList) -> None:
    with pytest.raises(ValueError, match="no clusters at 5 SNPs, only at: 20"):
        investigate(founding, ISOLATES, related(["iA", "iB"]), 5)


def test_the_events_of_every_case_come_in_order_of_date() -> None:
    cases = tables.CASES.frame(
        [
            {"case_id": "B", "date_onset": date(2022, 11, 1), "date_exposure": date(2022, 4, 1)},
            {"case_id": "A", "date_collection": date(2022, 6, 1)},
            {"case_id": "C"},
        ]
    )
    assert epicurve.events(cases).rows() == [
        ("B", "exposure", date(2022, 4, 1)),
        ("A", "collection", date(2022, 6, 1)),
        ("B", "onset", date(2022, 11, 1)),
    ]


EARLY, MIDDLE, LATE = date(2022, 1, 1), date(2022, 6, 1), date(2022, 12, 1)


@pytest.mark.parametrize(
    ("exposure", "onset", "collection", "aside"),
    [
        (EARLY, MIDDLE, LATE, set()),
        (EARLY, EARLY, EARLY, set()),
        (EARLY, LATE, MIDDLE, set()),
        (None, LATE, EARLY, set()),
        (MIDDLE, EARLY, LATE, {"date_exposure", "date_onset"}),
        (MIDDLE, EARLY, None, {"date_exposure", "date_onset"}),
        (LATE, EARLY, MIDDLE, {"date_exposure"}),
        (MIDDLE, LATE, EARLY, {"date_collection"}),
    ],
)
def test_the_date_that_contradicts_most_others_is_set_aside(
    exposure: date | None, onset: date | None, collection: date | None, aside: set[str]
) -> None:
    dates = {"date_exposure": exposure, "date_onset": onset, "date_collection": collection}
    assert set(plausible.contradictory(dates)) == aside

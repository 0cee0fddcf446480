"""Charts as data: nobody and no pair is lost on the way to the page."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import investigations
from abscope.records import Clusters, Comparison, Distances, Mask, Relatedness
from abscope.reports.cases import rows
from abscope.reports.distances import square
from abscope.reports.figures import epicurve, heatmap, timeline
from abscope.reports.figures.histogram import histogram
from abscope.reports.roster import roster
from abscope.tables import EPISODES, SPECIMENS, Table
from abscope.tables.description import EPI_CURVE


def compared(snps: list[int], levels: list[int]) -> Relatedness:
    """Isolates in pairs of a star: the first against each other, at these distances."""
    size = len(snps) + 1
    matrix = np.zeros((size, size), dtype=np.int64)
    matrix[0, 1:] = matrix[1:, 0] = snps
    distances = Distances(tuple(f"i{k}" for k in range(size)), matrix, np.full((size, size), 10**6))
    one = Comparison("r", None, distances, distances, Mask("r", 10**6))
    return Relatedness((one,), tuple(Clusters(level, ()) for level in levels))


@given(
    st.lists(st.integers(0, 60_000), min_size=1, max_size=30),
    st.lists(st.integers(0, 300), max_size=4, unique=True).map(sorted),
)
def test_every_pair_is_in_one_bin_and_no_level_cuts_a_bin(
    snps: list[int], levels: list[int]
) -> None:
    found = histogram(compared(snps, levels))
    assert found is not None
    size = len(snps) + 1
    assert sum(b.pairs for b in found.bins) == size * (size - 1) // 2
    for b in found.bins:
        assert not any(b.low <= level < b.high for level in levels)
    for one, two in zip(found.bins, found.bins[1:], strict=False):
        assert one.high < two.low


def test_an_unresolved_pair_is_not_a_distance() -> None:
    relatedness = compared([3], [20])
    unresolved = Relatedness(
        relatedness.comparisons, (Clusters(20, (), unresolved=(("i0", "i1"),)),)
    )
    assert histogram(unresolved) is None
    people = roster(investigations.only(["i0", "i1"]))
    shown = square(unresolved.comparisons[0], unresolved, people)
    chart = heatmap.heatmap(shown, people, 1)
    assert chart is not None
    assert all(value is None for row in chart.data[0]["z"] for value in row)
    assert chart.data[1]["text"] == ["?", "?"]


def test_a_heat_map_of_more_than_it_can_show_says_how_many_it_shows() -> None:
    names = [f"i{k}" for k in range(heatmap.MOST + 5)]
    investigation = investigations.only(names)
    people = roster(investigation)
    shown = square(investigation.relatedness.comparisons[0], investigation.relatedness, people)
    chart = heatmap.heatmap(shown, people, 1)
    assert chart is not None
    assert len(chart.rows) == heatmap.MOST
    assert f"{heatmap.MOST} isolates" in chart.label


def test_the_timeline_draws_every_date_there_is() -> None:
    investigation = investigations.realistic()
    cases = rows(investigation.findings, roster(investigation))
    drawn = timeline.timeline(cases, investigation.findings.linelist)
    assert drawn is not None
    said = sorted(mark.says.split()[1] for line in drawn.lines for mark in line.marks)
    assert said == sorted(day.isoformat() for case in cases for day in case.dates if day)
    assert len(drawn.lines) == sum(case.dated for case in cases)
    shapes = {sort: path for sort, _, path in drawn.key}
    assert len(set(shapes.values())) == len(shapes) == 4


def test_what_is_drawn_beside_the_line_lists_own_dates_is_told_in_words() -> None:
    investigation = investigations.realistic()
    cases = rows(investigation.findings, roster(investigation))
    case, quiet = (row.pick.name for row in [row for row in cases if row.dated][:2])
    seen = {
        "specimen_id": "S",
        "kind": "patient",
        "case_id": case,
        "date_last": date(2023, 2, 1),
        "result": "positive",
    }
    cared = {
        "episode": 1,
        "country": "Mexico",
        "case_id": case,
        "date_first": date(2022, 10, 1),
        "date_last": date(2022, 10, 9),
    }
    beside = replace(
        investigation.findings.linelist,
        specimens=SPECIMENS.frame([blank(SPECIMENS) | seen]),
        episodes=EPISODES.frame([blank(EPISODES) | cared]),
    )
    drawn = timeline.timeline(cases, beside)
    assert drawn is not None
    assert drawn.more[case] == (
        "care 2022-10-01 to 2022-10-09 Mexico",
        "treatment 2023-01-01 to not known",
        "specimen 2023-02-01: positive",
    )
    assert not any("Mexico" in one for one in drawn.more[quiet])


def blank(table: Table) -> dict[str, object]:
    """A row in which nothing is known."""
    return dict.fromkeys(table.schema)


def test_without_a_date_there_is_no_timeline() -> None:
    assert timeline.timeline(()) is None


def test_one_case_is_drawn_as_one_case() -> None:
    counted = dict.fromkeys(("probable", "suspect", "unclassified"), 0)
    first = {"first": date(2022, 10, 3), "last": date(2022, 10, 9), "confirmed": 1, "cases": 1}
    chart = epicurve.epicurve(EPI_CURVE.frame([dict.fromkeys(EPI_CURVE.schema) | counted | first]))
    assert chart is not None
    assert chart.label.startswith("Epidemic curve of 1 case;")

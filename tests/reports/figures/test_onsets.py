"""The epidemic curve in boxes: everybody with an onset once, in the period of it."""

from datetime import date

import investigations
from abscope.reports.cases import rows
from abscope.reports.figures.onsets import onsets
from abscope.reports.roster import roster

FOUND = investigations.realistic()
ROWS = rows(FOUND.findings, roster(FOUND))
CASES = FOUND.findings.linelist.cases


def test_every_case_with_an_onset_is_a_box_and_the_others_are_named() -> None:
    drawn = onsets(CASES, ROWS, date(2023, 4, 25))
    assert drawn is not None
    assert len(drawn.boxes) == drawn.curve["cases"].sum() == 14
    assert [pick.name for pick in drawn.undated] == ["P14"]
    corners = [(box.x, box.y) for box in drawn.boxes]
    assert len(set(corners)) == len(corners)


def test_the_last_weeks_are_shaded_as_long_as_reports_take() -> None:
    soon, later = (onsets(CASES, ROWS, day) for day in (date(2023, 4, 25), date(2024, 4, 25)))
    assert soon is not None
    assert soon.shades
    assert later is not None
    assert not later.shades


def test_without_an_onset_there_is_no_curve() -> None:
    assert onsets(CASES.clear(), (), None) is None

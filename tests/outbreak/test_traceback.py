"""Back to suppliers and lots, forward to who may fall ill."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from abscope.outbreak.traceback import back, forward
from abscope.records import LineList
from exposed import investigations, outbreak

CASES = {
    "A": {"clinic": "one", "product": "P", "supplier": "S", "lot": "L1"},
    "B": {"clinic": "two", "product": "P", "supplier": "S", "lot": "L1"},
    "C": {"clinic": "three", "product": "P", "supplier": "?", "lot": "?"},
}
OTHERS = {
    f"o{n}": {"clinic": f"k{n % 4}", "product": "Q", "supplier": "T", "lot": f"M{n}"}
    for n in range(20)
}
WEIGHTS = dict.fromkeys(CASES, 1.0) | dict.fromkeys(OTHERS, 0.0)
TODAY = date(2023, 6, 1)


def test_a_lot_that_a_case_may_have_had_counts_as_possible_only() -> None:
    reached = {one.exposure: one for one in back(outbreak(CASES, OTHERS), WEIGHTS)}
    lot = reached["lot", "L1"]
    assert (lot.cases, lot.possible, lot.known) == (2, 1, 2)
    assert (lot.comparison, lot.comparison_known) == (0, 20)
    assert lot.lift == pytest.approx(1 / (0.5 / 21))


def test_the_product_is_reached_from_every_case_and_leads_to_its_lot() -> None:
    first = back(outbreak(CASES, OTHERS), WEIGHTS, kinds=("product",))[0]
    assert first.exposure == ("product", "P")
    assert (first.cases, first.possible) == (3, 0)
    assert ("lot", "L1") in first.via


def test_a_clinic_of_one_case_comes_after_what_all_share() -> None:
    order = [one.exposure for one in back(outbreak(CASES, OTHERS), WEIGHTS)]
    assert order.index(("clinic", "one")) > order.index(("supplier", "S"))


@settings(max_examples=30, deadline=None)
@given(investigations())
def test_no_reach_is_above_those_asked(given_: tuple[LineList, dict[str, float]]) -> None:
    for one in back(*given_):
        assert one.cases <= one.known + 1e-9
        assert one.comparison <= one.comparison_known


def exposed_on(linelist: LineList, days: dict[str, date]) -> LineList:
    dates = pl.Series([days.get(case) for case in linelist.cases["case_id"]], dtype=pl.Date)
    return replace(linelist, cases=linelist.cases.with_columns(dates.alias("date_exposure")))


def test_forward_lists_certain_and_possible_recipients() -> None:
    linelist = outbreak(CASES, {**OTHERS, "new": {"product": "P", "lot": "?", "supplier": "?"}})
    found = forward(linelist, ("lot", "L1"), weights=WEIGHTS, today=TODAY)
    assert {one.case_id: one.certain for one in found.recipients} == {
        "A": True, "B": True, "C": False, "new": False,
    }  # fmt: skip
    assert dict(found.beside)["clinic", "one"] == 1
    assert found.expected is None


def test_half_of_the_illnesses_show_within_the_median() -> None:
    days = {**dict.fromkeys(CASES, TODAY - timedelta(35)), "new": TODAY}
    linelist = exposed_on(outbreak(CASES, {**OTHERS, "new": {"product": "P"}}), days)
    found = forward(linelist, ("product", "P"), weights=WEIGHTS, today=TODAY)
    risks = {one.case_id: one.risk for one in found.recipients}
    assert risks == pytest.approx({"A": 0.5, "B": 0.5, "C": 0.5, "new": 1.0})
    assert found.expected == pytest.approx(3)
    assert found.interval is not None
    assert found.interval[0] <= 3 <= found.interval[1]


def test_long_after_the_exposures_nobody_more_is_expected() -> None:
    linelist = exposed_on(outbreak(CASES, OTHERS), dict.fromkeys(CASES, date(2020, 1, 1)))
    found = forward(linelist, ("product", "P"), weights=WEIGHTS, today=TODAY)
    assert found.expected == pytest.approx(0, abs=0.05)


def test_the_expected_number_is_right_on_average() -> None:
    rng = np.random.default_rng(3)
    said, true = [], []
    for _ in range(60):
        since = rng.integers(20, 120, 40)
        ill = rng.lognormal(np.log(35), 0.94, 40) <= since
        people = {f"p{n}": {"product": "P"} for n in np.flatnonzero(ill)}
        linelist = exposed_on(
            outbreak(people, {"o": {"product": "Q"}}),
            {f"p{n}": TODAY - timedelta(int(since[n])) for n in np.flatnonzero(ill)},
        )
        found = forward(linelist, ("product", "P"), weights=dict.fromkeys(people, 1.0), today=TODAY)
        said.append(found.expected or 0)
        true.append((~ill).sum())
    assert np.mean(said) == pytest.approx(np.mean(true), rel=0.15)


def test_an_exposure_nobody_was_asked_about_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody was asked about lot X"):
        forward(outbreak(CASES, OTHERS), ("lot", "X"), weights=WEIGHTS, today=TODAY)

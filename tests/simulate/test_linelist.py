"""A degraded line list loses no case, and says what it changed."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.simulate import patients
from abscope.simulate.linelist import Degradation, degraded
from abscope.simulate.patients import DATES, HEADINGS, NOT_EXPOSED, Delays
from abscope.simulate.places import SETTINGS

PLACES, WEIGHTS = zip(*SETTINGS, strict=True)


def people(count: int, seed: int) -> pl.DataFrame:
    isolates = [(f"N{k}" if k % 3 else None, date(2022, 5, 1)) for k in range(count)]
    rng = np.random.default_rng(seed)
    rows = patients.comparison(isolates, PLACES, weights=WEIGHTS, delays=Delays(), rng=rng)
    return patients.table(rows)


shares = st.floats(0, 1)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32), missing=shares, recall=shares, typing=shares)
def test_no_case_and_no_isolate_is_lost_however_bad_the_answers(seed, missing, recall, typing):
    truth = people(20, seed)
    rng = np.random.default_rng(seed)
    found = degraded(truth, Degradation(missing, recall, typing), rng=rng)
    kept = ["case_id", "isolate_id"]
    assert found.cases.select(kept).equals(truth.select(kept))
    assert found.cases.columns == list(HEADINGS)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_undoing_the_recorded_changes_gives_the_truth(seed):
    truth = people(15, seed)
    found = degraded(truth, Degradation(0.2, 0.3, 0.2), rng=np.random.default_rng(seed))
    rows = {row["case_id"]: row for row in found.cases.iter_rows(named=True)}
    for case, heading, true, written, _ in found.changes.iter_rows():
        assert rows[case][heading] == written
        assert written != true
        rows[case][heading] = true
    assert patients.table(list(rows.values())).equals(truth)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_misremembered_dates_never_contradict_one_another(seed):
    found = degraded(people(15, seed), Degradation(0.2, 1.0, 0), rng=np.random.default_rng(seed))
    for row in found.cases.iter_rows(named=True):
        written = [row[name] for name in DATES if row[name] not in (None, "unknown")]
        assert written == sorted(written)


def test_answers_are_missing_as_often_as_asked():
    found = degraded(people(300, 1), Degradation(0.2, 0, 0), rng=np.random.default_rng(2))
    exposures = found.changes.filter(pl.col("heading") == "clinic")
    assert len(exposures) == pytest.approx(60, abs=20)
    assert set(exposures["reason"]) == {"missing"}
    assert set(exposures["written"]) == {None, "unknown"}


def test_spared_cases_stay_as_they_are():
    truth = people(10, 3)
    found = degraded(truth, Degradation(1, 1, 1), spared=["P004"], rng=np.random.default_rng(1))
    assert found.cases.row(3) == truth.row(3)
    assert found.cases.row(4) != truth.row(4)


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ValueError, match="shares"):
        Degradation(missing=1.2)


def test_the_median_incubation_is_about_five_weeks():
    rng = np.random.default_rng(1)
    days = [patients.days_after(Delays().incubation, rng) for _ in range(4000)]
    assert np.median(days) == pytest.approx(35, abs=2)
    assert min(days) >= 1


@pytest.mark.parametrize("draw", [patients.dated, patients.before_collection])
def test_dates_follow_one_another(draw):
    rng = np.random.default_rng(2)
    for _ in range(50):
        found = draw(date(2022, 3, 1), Delays(), rng)
        assert list(found) == list(DATES)
        assert list(found.values()) == sorted(found.values())


@given(st.dates(date(1950, 1, 1), date(2060, 12, 31)))
def test_decimal_years_give_the_day_back(day):
    back = patients.calendar_day(patients.decimal_year(day))
    assert abs((back - day).days) <= 1


def test_exposures_list_what_a_case_was_exposed_to_and_nothing_else():
    row = dict.fromkeys(HEADINGS, NOT_EXPOSED) | {"case_id": "A", "product": "x;y", "lot": None}
    found = patients.exposures(patients.table([row]))
    assert found.rows() == [("A", "product", "x"), ("A", "product", "y")]

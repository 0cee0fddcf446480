"""Exposures that recent cases share: found when planted, as rare by chance as said; and concentration."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.outbreak.concentration import by_chance, ratio
from abscope.outbreak.exposure_scan import ScanLimits, scan

TODAY = date(2024, 3, 1)
Rows = list[tuple[str, date]]


def unlinked(seed: int, cases: int = 120) -> tuple[Rows, list[tuple[str, str, str]]]:
    rng = np.random.default_rng(seed)
    dated = [(f"c{k}", TODAY - timedelta(days=int(rng.integers(1, 730)))) for k in range(cases)]
    return dated, [(case, "clinic", f"clinic {rng.integers(15)}") for case, _ in dated]


def look(dated: Rows, said: list[tuple[str, str, str]], limits: ScanLimits, seed: int = 1):
    frame = pl.DataFrame(said, schema=["case_id", "kind", "value"], orient="row")
    return scan(dated, frame, limits, today=TODAY, rng=np.random.default_rng(seed))


def test_without_an_outbreak_one_day_in_ten_is_said_to_be_as_rare_as_one_in_ten() -> None:
    limits = ScanLimits(recurrence=10, permutations=199)
    found = [look(*unlinked(seed), limits) is not None for seed in range(150)]
    assert 0.03 <= np.mean(found) <= 0.17


def test_a_planted_clinic_is_found_with_its_cases_and_nobody_elses() -> None:
    dated, said = unlinked(5)
    new = [(f"n{k}", TODAY - timedelta(days=4 * k + 1)) for k in range(7)]
    found = look(dated + new, said + [(case, "clinic", "planted") for case, _ in new], ScanLimits())
    assert found is not None
    assert found.exposure == ("clinic", "planted")
    assert set(found.cases) == {case for case, _ in new}
    assert found.expected < 1.5
    assert 1 / found.p_value >= 365


def test_nothing_is_found_where_nobody_names_an_exposure_or_too_few_share_it() -> None:
    dated, _ = unlinked(1)
    assert look(dated, [], ScanLimits()) is None
    pair = [(f"n{k}", TODAY - timedelta(days=1)) for k in range(2)]
    assert (
        look(dated + pair, [(case, "lot", "L1") for case, _ in pair], ScanLimits(cases=3)) is None
    )


@given(st.integers(0, 20), st.integers(1, 20), st.integers(1, 100), st.integers(1, 400))
def test_a_cluster_with_its_share_or_less_has_no_ratio_and_more_of_it_a_higher_one(
    here: int, cluster: int, place: int, others: int
) -> None:
    here = min(here, cluster)
    found = ratio(here, cluster, place, place + others)
    assert found >= 0
    assert (found > 0) == (here > cluster * place / (place + others))
    assert here == cluster or ratio(here + 1, cluster, place, place + others) >= found


@settings(max_examples=10)
@given(st.integers(2, 12), st.integers(0, 1000))
def test_the_chance_of_a_concentration_is_that_of_dealing_out_blindly(
    cluster: int, seed: int
) -> None:
    totals = {"CO": 30, "AZ": 50, "NM": 120}
    rng = np.random.default_rng(seed)
    dealt = rng.multivariate_hypergeometric(list(totals.values()), cluster, size=4000)
    sizes = list(totals.values())
    reached = [
        any(n >= 3 and ratio(n, cluster, sizes[at], 200) >= 2 for at, n in enumerate(row))
        for row in dealt.tolist()
    ]
    assert by_chance(cluster, totals, least=2, cases=3) == pytest.approx(np.mean(reached), abs=0.03)

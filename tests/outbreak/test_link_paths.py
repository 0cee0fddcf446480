"""Years between isolates from their dates."""

import numpy as np
import pytest

from abscope.outbreak.link_paths import NODES, paths
from abscope.outbreak.link_settings import LinkSettings
from linked import sampled


def test_years_of_a_common_source_are_those_in_patients_and_between_the_draws() -> None:
    one = sampled("a", exposed="2020-01-01", collected="2020-07-01")
    other = sampled("b", exposed="2021-01-01", collected="2021-04-01")
    years = paths([(one, other)], LinkSettings())
    assert years.host.shape == (1, 1)
    assert years.host[0, 0] == pytest.approx((182 + 90) / 365.25)
    assert years.gap[0, 0] == pytest.approx(366 / 365.25)
    assert years.host[0, 0] + years.gap[0, 0] == pytest.approx((547 + 91) / 365.25, abs=0.01)


def test_a_chain_of_patients_may_have_a_later_ancestor_than_a_source() -> None:
    one = sampled("a", exposed="2020-01-01", collected="2022-01-01")
    other = sampled("b", exposed="2021-01-01", collected="2022-01-01")
    years = paths([(one, other)], LinkSettings())
    assert years.chain[0, 0] == pytest.approx(2 * 365 / 365.25)
    assert years.chain[0, 0] < years.host[0, 0] + years.gap[0, 0]


def test_the_ancestor_of_a_chain_is_no_later_than_the_first_specimen() -> None:
    one = sampled("a", exposed="2020-01-01", collected="2020-02-01")
    other = sampled("b", exposed="2021-01-01", collected="2021-02-01")
    years = paths([(one, other)], LinkSettings())
    assert years.chain[0, 0] == pytest.approx(366 / 365.25)


def test_an_interval_is_spread_over_its_days() -> None:
    one = sampled("a", exposed="2020-01-01/2020-12-31", collected="2021-06-01")
    other = sampled("b", exposed="2020-07-01", collected="2021-06-01")
    years = paths([(one, other)], LinkSettings())
    assert years.gap.shape == (1, NODES)
    assert years.gap.mean() == pytest.approx(0.25, abs=0.02)


def test_an_exposure_is_never_after_the_specimen() -> None:
    one = sampled("a", exposed="2021-01-01/2022-12-31", collected="2021-06-01")
    years = paths([(one, sampled("b"))], LinkSettings())
    assert min(years.host.min(), years.gap.min(), years.chain.min(), years.apart.min()) >= 0


@pytest.mark.parametrize("exposed", [None, "2020-01-01"])
@pytest.mark.parametrize("collected", [None, "2021-01-01"])
def test_unknown_dates_give_finite_years_in_either_order(
    exposed: str | None, collected: str | None
) -> None:
    one = sampled("a", exposed=exposed, collected=collected)
    other = sampled("b", collected="2020-06-01")
    forth, back = (paths([both], LinkSettings()) for both in ((one, other), (other, one)))
    assert np.isfinite(forth.host).all()
    assert (forth.host == back.host).all()
    assert (forth.gap == back.gap).all()

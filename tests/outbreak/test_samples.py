"""A negative culture counts, weakly, and never settles anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope import tables
from abscope.outbreak.samples import MISSED, of_negatives, sampled


@given(st.integers(0, 200))
def test_more_negatives_tell_more_and_never_all(cultures: int) -> None:
    assert of_negatives(0) == pytest.approx(1)
    assert of_negatives(cultures + 1) <= of_negatives(cultures)
    assert of_negatives(cultures) >= MISSED


def test_samples_are_counted_for_their_lot_product_and_facility_and_patients_for_none() -> None:
    rows = [
        {"specimen_id": "1", "kind": "product", "lot": "L7", "product": "cells", "result": "negative"},
        {"specimen_id": "2", "kind": "product", "lot": "L7", "product": "cells", "result": "negative"},
        {"specimen_id": "3", "kind": "environment", "clinic": "North", "result": "positive",
         "organism": "M. abscessus"},
        {"specimen_id": "4", "kind": "environment", "clinic": "North", "result": "pending"},
        {"specimen_id": "5", "kind": "patient", "clinic": "North", "result": "positive"},
    ]  # fmt: skip
    found = sampled(tables.SPECIMENS.frame(rows)).rows_by_key("value", named=True, unique=True)
    assert set(found) == {"L7", "cells", "North"}
    assert found["L7"]["negative"] == 2
    assert found["L7"]["likelihood_ratio"] == pytest.approx(4 / 9 + 5 / 9 / 4)
    assert (found["North"]["samples"], found["North"]["positive"]) == (2, 1)
    assert found["North"]["likelihood_ratio"] is None
    assert found["North"]["organisms"] == "M. abscessus"

"""Variable sites and constant ones, counted."""

import numpy as np
import pytest
from hypothesis import given

from abscope.errors import DataError
from abscope.population.sites import variable_sites
from abscope.records import Interval, Mask
from genealogies import alignments, calls_of


@given(alignments())
def test_sites_agree_with_looking_at_each_column(rows: dict[str, str]) -> None:
    length = len(rows["iso0"])
    found = variable_sites(calls_of(rows), Mask("REF", length))
    columns = [{row[k] for row in rows.values()} & set("ACGT") for k in range(length)]
    variable = [k for k, seen in enumerate(columns) if len(seen) > 1]
    assert found.positions.tolist() == variable
    assert found.constant == tuple(sum(seen == {base} for seen in columns) for base in "ACGT")
    assert found.columns == sum(bool(seen) for seen in columns)
    for name, letters in zip(found.ids, found.letters, strict=True):
        shown = [base if (base := rows[name][k]) in "ACGT" else "N" for k in variable]
        assert letters.tobytes().decode() == "".join(shown)


def test_a_masked_site_is_neither_variable_nor_constant() -> None:
    mask = Mask("REF", 4, (Interval(0, 2, "repeat"),))
    found = variable_sites(calls_of({"a": "ACGT", "b": "CCTT"}), mask)
    assert found.positions.tolist() == [2]
    assert found.constant == (0, 0, 0, 1)


def test_isolates_come_in_the_order_of_their_names() -> None:
    found = variable_sites(calls_of({"b": "AC", "a": "AG"}), Mask("REF", 2))
    assert found.ids == ("a", "b")
    assert found.letters.tobytes() == b"GC"


def test_the_called_share_is_of_unmasked_sites() -> None:
    mask = Mask("REF", 4, (Interval(0, 2, "repeat"),))
    found = variable_sites(calls_of({"a": "NNAN", "b": "ACGT"}), mask)
    assert found.called.tolist() == [0.5, 1.0]


def test_everything_masked_leaves_nothing() -> None:
    found = variable_sites(calls_of({"a": "AC"}), Mask("REF", 2, (Interval(0, 2, "repeat"),)))
    assert (found.length, found.called.tolist(), found.letters.shape) == (0, [0.0], (1, 0))


def test_some_of_the_isolates_keep_their_rows() -> None:
    found = variable_sites(calls_of({"a": "AC", "b": "AG", "c": "TG"}), Mask("REF", 2))
    assert np.array_equal(found.of(["c", "a"]).letters, found.letters[[2, 0]])


def test_an_isolate_of_another_reference_is_refused() -> None:
    with pytest.raises(DataError, match="OTHER"):
        variable_sites(calls_of({"a": "AC"}, "OTHER"), Mask("REF", 2))

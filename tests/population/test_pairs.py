"""Every pair of a run is a row, with what its distance can be used for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import DataError
from abscope.population.compare import compared
from abscope.population.pairs import pairs_table, resolved
from abscope.records import Interval, Mask
from abscope.tables import PAIRS
from genealogies import alignments, calls_of, comparison_of, reference_of


@given(alignments(), alignments())
def test_every_pair_of_a_run_has_one_row(one: dict[str, str], other: dict[str, str]) -> None:
    second = {f"other{name}": row for name, row in other.items()}
    found = pairs_table([comparison_of(one), comparison_of(second, "REF2")])
    names = sorted([*one, *second])
    expected = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    assert PAIRS.check(found).select("isolate_1", "isolate_2").rows() == expected


def test_a_pair_of_one_reference_has_snps_and_sites() -> None:
    reference = reference_of(np.frombuffer(b"A" * 10, np.uint8))
    mask = Mask("REF", 10, (Interval(0, 2, "repeat"),))
    found = compared(reference, calls_of({"b": "CAAAAAAAAA", "a": "AAACAAAANN"}), mask)
    assert pairs_table([found]).rows(named=True) == [
        {
            "isolate_1": "a", "isolate_2": "b", "reference": "REF", "snps": 1, "comparable": 6,
            "snps_raw": 2, "comparable_raw": 8, "verdict": "compared",
        }
    ]  # fmt: skip


def test_isolates_of_different_references_have_a_row_and_no_number() -> None:
    found = pairs_table([comparison_of({"z": "AC"}, "MASS"), comparison_of({"a": "ACG"}, "ABSC")])
    assert found.rows() == [("a", "z", None, None, None, None, None, "different reference")]


def test_too_few_sites_are_unresolved_and_never_nought_snps() -> None:
    found = pairs_table([comparison_of({"a": "A" * 10, "b": "A" * 4 + "N" * 6})])
    assert found.rows() == [("a", "b", "REF", None, 4, None, 4, "unresolved")]


@pytest.mark.parametrize(("missing", "verdict"), [(5, "compared"), (6, "unresolved")])
def test_half_of_the_unmasked_sites_are_enough(missing: int, verdict: str) -> None:
    rows = {"a": "A" * 10, "b": "A" * (10 - missing) + "-" * missing}
    assert pairs_table([comparison_of(rows)])["verdict"].to_list() == [verdict]


def test_the_share_is_of_what_the_mask_leaves() -> None:
    reference = reference_of(np.frombuffer(b"A" * 10, np.uint8))
    mask = Mask("REF", 10, (Interval(0, 6, "repeat"),))
    found = compared(reference, calls_of({"a": "A" * 10, "b": "N" * 8 + "AA"}), mask)
    assert mask.unmasked == 4
    assert resolved(found)[0, 1]


@given(st.floats(0, 1))
def test_a_pair_without_any_common_site_is_never_resolved(share: float) -> None:
    found = comparison_of({"a": "AANN", "b": "NNAA"})
    assert not resolved(found, min_comparable=share)[0, 1]


def test_one_isolate_makes_no_pair() -> None:
    assert pairs_table([comparison_of({"a": "ACGT"})]).is_empty()
    assert pairs_table([]).is_empty()


def test_a_name_used_by_two_isolates_is_refused() -> None:
    with pytest.raises(DataError, match="under one name: a"):
        pairs_table([comparison_of({"a": "A"}), comparison_of({"a": "A"}, "REF2")])

"""The rules against published MICs: the counts the manual prints."""

from pathlib import Path

import pytest
from benchmarks.resistance_mics import compared, counts, exact


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("amikacin", {"TP": 25, "FP": 0, "FN": 0, "TN": 124}),
        ("clarithromycin day 3-5", {"TP": 6, "FP": 0, "FN": 4, "TN": 131}),
        ("clarithromycin day 14", {"TP": 23, "FP": 0, "FN": 0, "TN": 7}),
    ],
)
def test_the_rules_agree_with_the_mics_of_153_isolates(
    shared_data: Path, test: str, expected: dict[str, int]
) -> None:
    tally = counts([one for one in compared(shared_data) if one.test == test])
    assert {name: tally[name] for name in expected} == expected


def test_no_isolate_is_called_resistant_that_is_susceptible(shared_data: Path) -> None:
    assert not [
        one for one in compared(shared_data) if one.comparison.agreement == "genotype resistant"
    ]


def test_early_resistance_without_an_rrl_mutation_is_inducible_in_all_but_one(
    shared_data: Path,
) -> None:
    missed = [
        one for one in compared(shared_data) if one.comparison.agreement == "genotype susceptible"
    ]
    assert {one.test for one in missed} == {"clarithromycin day 3-5"}
    assert sorted(one.bases.split()[-1] for one in missed) == ["C", "T", "T", "T"]


def test_intervals_are_exact() -> None:
    assert exact(27, 27) == "27/27 = 1.000 (0.872-1.000)"  # 0.025 ** (1 / 27)
    assert exact(0, 10) == "0/10 = 0.000 (0.000-0.308)"
    assert exact(11, 16).endswith("(0.413-0.890)")

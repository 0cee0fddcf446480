"""One patient's isolates: the same infection, another, or two at a time."""

import polars as pl

from abscope.outbreak.links import links
from abscope.records import Sampled
from linked import BACKGROUNDS, pair, sampled


def of_one(name: str, collected: str) -> Sampled:
    return sampled(name, collected=collected, patient="P")


def verdict(
    snps: int | None, *, later: str = "2023-06-01", reference: str | None = "r"
) -> str | None:
    isolates = [of_one("a", "2021-06-01"), of_one("b", later)]
    return (
        links(pair("a", "b", snps, reference=reference), isolates, BACKGROUNDS)
        .links[0]
        .same_patient
    )


def test_few_snps_in_one_patient_are_an_infection_that_went_on() -> None:
    assert verdict(3) == "persistence"


def test_thousands_of_snps_years_later_are_another_infection() -> None:
    assert verdict(9000) == "reinfection"


def test_another_subspecies_later_is_another_infection() -> None:
    assert verdict(None, reference=None) == "reinfection"


def test_two_strains_within_weeks_are_a_mixed_infection() -> None:
    assert verdict(9000, later="2021-07-01") == "mixed"


def test_an_unresolved_pair_of_one_patient_cannot_be_told() -> None:
    assert verdict(None) == "cannot tell"


def test_a_strain_found_again_after_another_was_there_all_along() -> None:
    isolates = [of_one("a", "2020-01-01"), of_one("b", "2021-01-01"), of_one("c", "2022-01-01")]
    frame = pl.concat([pair("a", "b", 8000), pair("b", "c", 8000), pair("a", "c", 2)])
    found = links(frame, isolates, BACKGROUNDS)
    assert {link.pair: link.same_patient for link in found.links} == {
        ("a", "c"): "persistence",
        ("a", "b"): "mixed",
        ("b", "c"): "mixed",
    }

"""What leaves the house without identifiers."""

from pathlib import Path

import pytest

from abscope.formats import run_folder
from abscope.formats.withheld import age_band, telling, without_identifiers
from published_runs import published


def test_cases_are_renumbered_everywhere_alike(tmp_path: Path) -> None:
    run = without_identifiers(run_folder.read(published(tmp_path / "out")))
    assert run.cases["case_id"].to_list() == ["case-001", "case-002", "case-003"]
    assert run.case_of() == {"iso_a": "case-001", "iso_b": "case-002"}
    assert set(run.clusters["case_id"].drop_nulls()) == {"case-001", "case-002"}
    assert set(run.exposures["case_id"]) == {"case-001", "case-002", "case-003"}


def test_days_become_months_and_ages_bands(tmp_path: Path) -> None:
    cases = without_identifiers(run_folder.read(published(tmp_path / "out"))).cases
    assert cases["date_collection"].to_list() == ["2022-11", "2023-03", None]
    assert cases["age"].to_list() == ["30-39", "90+", "60-69"]
    assert cases["date_birth"].to_list() == [None] * 3


def test_people_are_no_exposures_and_no_sources(tmp_path: Path) -> None:
    run = without_identifiers(run_folder.read(published(tmp_path / "out")))
    assert not {"clinician", "donor"} & set(run.exposures["kind"])
    assert [one["exposure"][0] for one in run.sources["c5-01"]["sources"]] == ["product"]
    assert "cases" not in run.sources["c5-01"]


def test_isolates_named_for_their_patient_are_told(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    assert telling(run_folder.read(folder)) == ()
    for path in folder.glob("*.tsv"):
        path.write_text(path.read_text().replace("iso_a", "MRN-77-a"))
    assert telling(run_folder.read(folder)) == ("MRN-77-a",)


@pytest.mark.parametrize(
    ("age", "band"), [(None, None), (0.0, "0-9"), (89.9, "80-89"), (90.0, "90+")]
)
def test_ages_are_pooled_from_ninety(age: float | None, band: str | None) -> None:
    assert age_band(age) == band

"""What leaves the house without identifiers."""

from dataclasses import replace
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


def test_files_named_for_a_patient_are_told_where_names_of_files_are_exported(
    tmp_path: Path,
) -> None:
    run = run_folder.read(published(tmp_path / "out"))
    named = replace(run, files={"iso_a": ("Luna_MRN-77_R1.fastq.gz",)})
    assert telling(named) == ()
    assert telling(named, files=True) == ("iso_a",)


def test_answers_in_free_words_and_names_of_files_stay_at_home(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    cases, found = folder / "cases.tsv", folder / "hamronization.tsv"
    told = cases.read_text().replace("in treatment", "moved in with his sister Ana")
    told = told.replace("Colorado", "80202 Denver").replace("\tfemale\t", "\tF\t")
    cases.write_text(told)
    found.write_text(found.read_text().replace("iso_a_1.fastq.gz", "Luna_R1.fastq.gz"))
    run = run_folder.read(folder)
    run = without_identifiers(replace(run, files={"iso_a": ("Luna_R1.fastq.gz",)}))
    assert run.cases["outcome"].to_list() == ["other", "died", None]
    assert run.cases["residence_state"].to_list() == [None, "Arizona", None]
    assert run.cases["sex"].to_list() == ["female", "male", "male"]
    assert run.hamronized["input_file_name"].to_list() == ["iso_a"]


@pytest.mark.parametrize(
    ("age", "band"), [(None, None), (0.0, "0-9"), (89.9, "80-89"), (90.0, "90+")]
)
def test_ages_are_pooled_from_ninety(age: float | None, band: str | None) -> None:
    assert age_band(age) == band

"""Sequences are found where they may lie, and what is missing is named."""

from pathlib import Path

import pytest

from abscope import organism
from abscope.collection.references import usable_references
from abscope.errors import OrganismError, ReferenceMissingError


def test_without_any_sequence_the_error_names_each_reference_and_how_to_give_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ABSCOPE_REFERENCES", raising=False)
    with pytest.raises(ReferenceMissingError, match=r"CU458896\.1") as caught:
        usable_references(organism.read())
    assert "--reference" in caught.value.hint


def test_a_file_named_after_the_accession_is_found_and_the_missing_ones_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "NZ_AP014547.1.fa").write_text(">NZ_AP014547.1\nACGTACGT\n")
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path))
    found, missing = usable_references(organism.read())
    assert [(r.name, r.subspecies) for r in found] == [("JCM_15300", "massiliense")]
    assert [one.name for one in missing] == ["ATCC_19977", "BD"]


def test_a_sequence_of_another_length_than_the_organism_gives_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "CU458896.1.fna").write_text(">CU458896.1\nACGTACGT\n")
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path))
    with pytest.raises(OrganismError, match="5067172"):
        usable_references(organism.read())


def test_files_given_stand_in_for_the_organisms_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.fa"
    path.write_text(">x\nACGT\n>y\nGG\n")
    found, missing = usable_references(organism.read(), [path])
    assert [r.name for r in found] == ["mine"]
    assert [c.name for c in found[0].contigs] == ["x", "y"]
    assert missing == ()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    paths = [tmp_path / part / "ref.fa" for part in "ab"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(">x\nACGT\n")
    with pytest.raises(OrganismError, match="ref"):
        usable_references(organism.read(), paths)


def test_the_real_type_strain_is_the_sequence_the_organism_means(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shared_data / "mabs_reference" / "GCA_000069185.1_ATCC19977.fna.gz"
    (tmp_path / "CU458896.1.fna.gz").symlink_to(real)
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path))
    found, _ = usable_references(organism.read())
    assert len(found[0].sequence) == 5_067_172  # the plasmid is left out

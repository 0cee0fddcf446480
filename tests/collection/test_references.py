"""Sequences are found where they may lie, and what is missing is named."""

from datetime import date
from pathlib import Path

import pytest

from abscope import organism
from abscope.collection import installed
from abscope.collection.references import chosen, find, named, usable_references
from abscope.errors import OrganismError, ReferenceMissingError, UsageError
from shelves import FIRST, Shelf, letters, text

DAY = date(2026, 11, 22)


def install_first(shelf: Shelf) -> Path:
    entry = shelf.organism.references[0]
    installed.keep(entry, [("AB000001.1", letters(1))], source="a test", day=DAY)
    path = find(entry)
    assert path is not None
    return path


def test_without_any_sequence_the_error_names_each_reference_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path))
    with pytest.raises(ReferenceMissingError, match=r"CU458896\.1") as caught:
        usable_references(organism.read())
    for way in ("abscope reference get --all", "abscope reference add FILE", "--reference"):
        assert way in caught.value.hint


def test_a_missing_reference_is_left_out_with_its_consequence_and_the_command_that_gets_it(
    shelf: Shelf,
) -> None:
    install_first(shelf)
    found, missing = usable_references(shelf.organism)
    assert found == (FIRST,)
    assert [one.name for one in missing] == ["STRAIN_2", "STRAIN_3"]
    assert "NZ_AB000002.1 is not installed" in missing[0].reason
    assert "more distant" in missing[0].reason
    assert f"abscope reference get STRAIN_2 --organism {shelf.folder}" in missing[0].hint


def test_a_file_named_after_the_accession_is_found_and_the_missing_ones_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "NZ_AP014547.1.fa").write_text(">NZ_AP014547.1\nACGTACGT\n")
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path))
    found, missing = usable_references(organism.read())
    assert [(r.name, r.subspecies) for r in found] == [("JCM_15300", "massiliense")]
    assert [one.name for one in missing] == ["ATCC_19977", "BD"]


def test_folders_are_searched_in_the_order_they_are_listed(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "mine", tmp_path / "theirs"
    for folder in (first, second):
        folder.mkdir()
        (folder / "NZ_AB000002.1.fna").write_bytes(text("x", 2))
    monkeypatch.setenv("ABSCOPE_REFERENCES", f"{first}:{second}")
    assert find(shelf.organism.references[1]) == first / "NZ_AB000002.1.fna"
    (first / "NZ_AB000002.1.fna").unlink()
    assert find(shelf.organism.references[1]) == second / "NZ_AB000002.1.fna"


def test_sequences_lie_in_the_users_data_folder_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ABSCOPE_REFERENCES", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert installed.folders() == (tmp_path / "abscope" / "references",)
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert installed.folders() == (tmp_path / ".local/share/abscope/references",)


def test_sequences_that_are_not_what_they_should_be_are_refused_all_at_once(shelf: Shelf) -> None:
    shelf.installed.mkdir()
    (shelf.installed / "AB000001.1.fna").write_bytes(text("AB000001.1", 1, 100))
    (shelf.installed / "NZ_AB000002.1.fna.gz").write_bytes(b"\x1f\x8brubbish")
    with pytest.raises(OrganismError, match="2 problems") as caught:
        usable_references(shelf.organism)
    assert "100 bases, expected 6000" in caught.value.message
    assert "NZ_AB000002.1.fna.gz" in caught.value.message
    assert "abscope reference get STRAIN_1 STRAIN_2" in caught.value.hint


def test_another_sequence_of_the_same_length_is_refused(shelf: Shelf) -> None:
    shelf.installed.mkdir()
    (shelf.installed / "AB000001.1.fna").write_bytes(text("AB000001.1", 7))
    with pytest.raises(OrganismError, match="another checksum"):
        usable_references(shelf.organism)


def test_a_sequence_that_changed_since_it_was_installed_is_refused(shelf: Shelf) -> None:
    path = install_first(shelf)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(OrganismError, match="changed since it was installed on 2026-11-22"):
        usable_references(shelf.organism)


def test_a_reference_is_known_by_name_accession_or_clone_however_written(shelf: Shelf) -> None:
    for name in ("STRAIN_1", "strain 1", "AB000001.1", "C1"):
        [one] = chosen(shelf.organism, [name], everything=False)
        assert one.entry.name == "STRAIN_1"
    with pytest.raises(UsageError, match="STRAIN_8") as caught:
        chosen(shelf.organism, ["STRAIN_8", "C1"], everything=False)
    assert "STRAIN_9" in caught.value.hint
    with pytest.raises(UsageError, match="no reference named"):
        chosen(shelf.organism, [], everything=False)


def test_clones_add_their_own_references_and_name_those_that_are_there(shelf: Shelf) -> None:
    found = {one.entry.name: (one.entry.accession, one.clone) for one in named(shelf.organism)}
    assert found == {
        "STRAIN_1": ("AB000001.1", "C1"),
        "STRAIN_2": ("NZ_AB000002.1", None),
        "STRAIN_3": ("GCF_000000003.1", None),
        "STRAIN_9": ("GCF_000000009.1", "C9"),
    }


def test_an_accession_that_leads_out_of_the_folder_is_refused(shelf: Shelf) -> None:
    toml = shelf.folder / "organism.toml"
    toml.write_text(toml.read_text().replace("AB000001.1", "../../x", 1))
    with pytest.raises(OrganismError, match="not an accession"):
        usable_references(shelf.organism)


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

"""Organism folders: what is read, and what is refused."""

from pathlib import Path

import pytest

from abscope import organism
from abscope.errors import OrganismError

GOOD = """
schema = 1
name = "Test species"
[species]
min_ani = 0.95
genome_length = [40_000, 60_000]
[clusters]
levels = [25, 10]
source = "made up for this test"
[[references]]
name = "R1"
file = "references/r1.fa"
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "references").mkdir(exist_ok=True)
    (tmp_path / "references" / "r1.fa").write_text(">r1\nACGT\n")
    (tmp_path / "organism.toml").write_text(text)
    return tmp_path


def test_a_folder_is_opened_by_path_and_its_levels_are_sorted(tmp_path: Path) -> None:
    found = organism.read(folder(tmp_path, GOOD))
    assert found.name == "Test species"
    assert found.levels == (10, 25)
    assert found.references[0].file == tmp_path / "references" / "r1.fa"


def test_the_built_in_organism_is_opened_by_name_and_names_a_reference_per_subspecies() -> None:
    found = organism.read()
    assert {entry.subspecies for entry in found.references} == {
        "abscessus",
        "massiliense",
        "bolletii",
    }
    assert all(entry.accession and entry.source for entry in found.references)


def test_every_problem_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("0.95", "2.0").replace("schema = 1", "schema = 9").replace("r1.fa", "no.fa")
    with pytest.raises(OrganismError) as caught:
        organism.read(folder(tmp_path, text))
    for problem in ("schema", "min_ani", "references/no.fa"):
        assert problem in caught.value.message


def test_a_threshold_without_a_source_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace('source = "made up for this test"', "")
    with pytest.raises(OrganismError, match=r"clusters\.source"):
        organism.read(folder(tmp_path, text))


@pytest.mark.parametrize("where", ["no_such_organism", "/no/such/folder"])
def test_an_unknown_organism_says_which_there_are(where: str) -> None:
    with pytest.raises(OrganismError) as caught:
        organism.read(where)
    assert "mycobacterium_abscessus" in caught.value.hint


def test_broken_toml_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(OrganismError, match=r"organism\.toml.*line"):
        organism.read(folder(tmp_path, "schema = = 1"))

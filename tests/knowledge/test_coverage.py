"""How well a country's strains are known."""

from pathlib import Path

import pytest

from abscope.errors import OrganismError
from abscope.knowledge import coverage
from abscope.organism import folder_of

ROWS = coverage.read(folder_of("mycobacterium_abscessus"))


@pytest.mark.parametrize("name", ["Mexico", "MÉXICO", " mexico "])
def test_no_genome_of_a_known_clone_comes_from_mexico_and_the_sentence_says_so(name: str) -> None:
    found = coverage.panel_coverage(ROWS, name)
    assert found is not None
    assert (found.genomes, found.total) == (0, 6368)
    assert "0 of 6,368" in found.sentence
    assert "may be common there" in found.sentence


def test_a_country_goes_by_its_other_names() -> None:
    found = [coverage.panel_coverage(ROWS, name) for name in ("USA", "United States", "EE. UU.")]
    assert {one.genomes for one in found if one} == {1834}
    assert all("may be common" not in one.sentence for one in found if one)


def test_a_country_nobody_sampled_counts_none_of_all() -> None:
    found = coverage.panel_coverage(ROWS, "Dominican Republic")
    assert found is not None
    assert (found.genomes, found.total) == (0, 5001)
    assert sum(row.genomes for row in ROWS) == 5001


def test_an_organism_without_counts_says_nothing() -> None:
    assert coverage.panel_coverage((), "Mexico") is None
    assert coverage.read(folder_of("phage_lambda")) == ()


def test_faults_of_the_table_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "panel").mkdir()
    table = tmp_path / "panel" / "countries.tsv"
    header = "country\talso\tgenomes\ttotal\tsource\n"
    table.write_text(header + "A\t\t5\t3\tsome paper\nB\t\tx\t3\tsome paper\n", encoding="utf-8")
    with pytest.raises(OrganismError, match=r"(?s)5 of 3.*|'x'") as raised:
        coverage.read(tmp_path)
    assert "5 of 3" in raised.value.message
    assert "'x'" in raised.value.message

"""abscope export, as a user would type it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from abscope.cli import app
from abscope.cli.export import FORMATS
from abscope.cli.export_session import EXPORTS
from abscope.errors import AbscopeError
from published_runs import published


def typed(*words: str | Path, code: int = 0) -> str:
    """What the command says on stderr, or what its error says."""
    result = CliRunner().invoke(app, ["export", *map(str, words)])
    error = result.exception
    if isinstance(error, AbscopeError):
        assert error.exit_code == code, error.message
        return f"{error.message} {error.hint}"
    assert result.exit_code == code, result.output
    return result.stderr


def test_every_format_that_is_offered_can_be_written() -> None:
    assert set(FORMATS) == set(EXPORTS)


def test_a_format_of_several_files_is_written_into_a_folder(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    typed("microbetrace", folder, "-o", tmp_path / "mt")
    assert sorted(path.name for path in (tmp_path / "mt").iterdir()) == ["links.csv", "nodes.csv"]
    assert "MRN-77" not in (tmp_path / "mt" / "nodes.csv").read_text()


def test_identifiers_are_written_only_when_asked_for(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    typed("nextstrain", folder, "-o", tmp_path / "a.tsv")
    typed("nextstrain", folder, "-o", tmp_path / "b.tsv", "--identifiers")
    assert "2022-11-15" not in (tmp_path / "a.tsv").read_text()
    assert "2022-11-15" in (tmp_path / "b.tsv").read_text()


def test_what_a_sheet_still_lacks_is_said(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    said = typed("sra", folder, "-o", tmp_path / "s.tsv", "--set", "platform=ILLUMINA")
    assert "left out, without reads: iso_d" in said
    assert "instrument_model" in said
    assert "platform" not in said


@pytest.mark.parametrize("name", ["snp-table", "grapetree"])
def test_sites_are_of_references_that_two_isolates_share(name: str, tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    typed(name, folder, "-o", tmp_path / "made")
    assert (tmp_path / "made").exists()
    assert "OTHER" in typed(name, folder, "-o", tmp_path / "x", "-r", "OTHER", code=2)


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    assert "is a folder" in typed("nextstrain", folder, "-o", tmp_path, code=2)


def test_answers_belong_to_sheets(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    said = typed("fhir", folder, "-o", tmp_path / "f.json", "--set", "platform=x", code=2)
    assert "biosample" in said

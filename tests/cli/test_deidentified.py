"""A de-identified export from the command line."""

import json
from pathlib import Path

from typer.testing import CliRunner

from abscope.cli import app
from abscope.errors import UsageError

CASES = """\
case_id,patient,sex,age,residence_state,date_exposure,date_onset,isolate_id,clinic,product,procedure
Doe1,MRN1,F,34,Arizona,2022-10-03,2022-11-01,iso_Doe,North,cells,=cmd|' /C calc'!A0
Doe2,MRN2,F,36,Arizona,2022-10-05,2022-11-04,,North,cells,injection
Roe3,MRN3,M,93,85004,2022-10-07,2022-11-05,iso_Roe,South,cells,injection
"""


def export(folder: Path, *words: str):
    (folder / "cases.csv").write_text(CASES)
    arguments = ["export", "deidentified", str(folder / "cases.csv"), "-o", str(folder / "out")]
    return CliRunner().invoke(app, [*arguments, "--date", "2023-01-01", *words])


def test_a_folder_of_tables_holds_nothing_that_identifies_and_warns_of_who_is_unique(
    tmp_path: Path,
) -> None:
    done = export(tmp_path, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["cases"], found["unique"]) == (3, 3)
    assert "3 of 3 cases are like nobody else" in done.stderr
    assert "look through texts.tsv" in done.stderr
    texts = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert sorted(texts) == sorted(found["files"])
    for secret in ("Doe", "Roe", "MRN", "North", "South", "2022-1", "\t93\t", "\t85004\t"):
        assert not any(secret in text for name, text in texts.items() if name != "alike.tsv"), (
            secret
        )
    assert "90+" in texts["cases.tsv"]
    assert "850" in texts["cases.tsv"]
    assert "\t'=cmd|" in texts["exposures.tsv"]
    assert "all\tall\t<5" in texts["counts.tsv"]


def test_a_key_gives_the_same_codes_each_time_and_none_gives_new_ones(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["key", str(tmp_path / "key")]).exit_code == 0

    def cases(*words: str) -> str:
        assert export(tmp_path, *words).exit_code == 0
        return (tmp_path / "out" / "cases.tsv").read_text()

    key = ("--key", str(tmp_path / "key"))
    assert cases(*key) == cases(*key)
    assert cases() != cases()
    assert cases(*key, "--withhold").count("\n") == 1


def test_a_preset_nobody_knows_is_refused(tmp_path: Path) -> None:
    assert isinstance(export(tmp_path, "--preset", "none").exception, UsageError)

"""abscope cases, as a user would type it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from abscope.cli import app
from abscope.errors import AbscopeError

CASES = """\
case_id,isolate_id,status,sex,age,date_exposure,date_onset,date_report,\
procedure_country,clinic,product,symptoms,culture_result
A,i1,confirmed,F,34,2022-10-01,2022-11-02,2022-12-01,Mexico,North,stem cells,fever,positive
B,i2,probable,M,60,2022-04-02,2022-06-20,2022-08-01,Mexico,South,stem cells,,positive
C,,suspect,M,71,2022-10-03,2022-12-05,2023-01-10,Mexico,unknown,stem cells,,
D,i4,not a case,F,50,,2022-10-08,,USA,East,none,,negative
E,i5,not a case,M,45,2022-09-09,2022-08-08,,USA,East,implant,,
"""


@dataclass(frozen=True)
class Done:
    stdout: str
    stderr: str


def typed(*words: str | Path, code: int = 0) -> Done:
    """What the command prints; exit codes as `main` gives them."""
    result = CliRunner().invoke(app, ["cases", *map(str, words)])
    error = result.exception
    if isinstance(error, AbscopeError):
        assert error.exit_code == code, error.message
        return Done(result.stdout, f"{error.message} {error.hint}")
    assert result.exit_code == code, result.output
    return Done(result.stdout, result.stderr)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(CASES)
    return path


def test_a_mapping_is_proposed_and_what_cannot_be_told_is_left_open(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Pat,Onset date,Ice,Ward\nA,2022-01-02,Y,7a\nB,2022-01-03,N,7b\n")
    done = typed("map", path, "-o", tmp_path / "m.toml")
    assert "still open" in done.stderr
    text = (tmp_path / "m.toml").read_text()
    assert '"Onset date" = "date_onset"' in text
    assert '"Ice" = "other=ice"' in text
    assert '"Ward" = "?"' in text


def test_every_problem_is_told_with_row_and_remedy_in_one_pass(file: Path) -> None:
    done = typed("check", file, "--date", "2026-11-22", "--json", code=1)
    (only,) = json.loads(done.stdout)
    assert only["where"] == "cases.csv, row 6"
    assert "date_onset 2022-08-08 is before date_exposure 2022-09-09" in only["what"]
    assert only["remedy"]


def test_import_define_describe_and_undo_on_a_collection(file: Path, tmp_path: Path) -> None:
    collection = tmp_path / "c"
    done = typed("import", file, "-C", collection, "--json", "--date", "2026-11-22")
    assert json.loads(done.stdout)["new"] == ["A", "B", "C", "D", "E"]
    definition = tmp_path / "mine.toml"
    definition.write_text(
        'schema = 1\nname = "mine"\nsource = "made up for this test"\n'
        '[criteria.mexico]\nsays = "care in Mexico"\nexposure = "country"\nis = ["mexico"]\n'
        '[criteria.culture]\nsays = "culture positive"\nspecimen = { result = ["positive"] }\n'
        '[[verdicts]]\nverdict = "confirmed"\nall = ["mexico", "culture"]\n'
        '[[verdicts]]\nverdict = "suspect"\nall = ["mexico"]\n'
    )
    rows = json.loads(typed("define", collection, "-d", definition, "--json").stdout)
    assert [row["status"] for row in rows] == [
        "confirmed", "confirmed", "suspect", "not a case", "not a case",
    ]  # fmt: skip
    assert rows[2]["open"] == "culture positive (confirmed if so)"
    page = tmp_path / "page.html"
    words = typed("describe", collection, "-d", definition, "--html", page, "--by", "sex").stdout
    assert "2 confirmed; 1 suspect; 2 not a case" in words
    assert "stem cells" in words
    assert "proves nothing" in words
    assert "epicurve" in page.read_text(encoding="utf-8")
    assert "is undone" in typed("undo", collection).stdout
    assert "undone" in typed("imports", collection).stdout
    assert "no cases were imported" in typed("check", collection, code=1).stderr


def test_describing_as_json_gives_every_table(file: Path) -> None:
    done = typed(
        "describe", file, "--json", "--adjust", "product=stem cells", "--date", "2026-11-22"
    )
    found = json.loads(done.stdout)
    assert set(found) == {
        "counts", "curve", "events", "tests", "stratified", "matched", "adjusted", "left_out", "remarks",
        "samples",
    }  # fmt: skip
    assert found["adjusted"][0]["exposure"] == "product=stem cells"
    assert {one["name"] for one in found["left_out"]} == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unit", "year"), "day, week, month"),
        (("--by", "shoe"), "residence_state"),
        (("--adjust", "product"), "kind=value"),
        (("--adjust", "product=cheese"), "nobody names product=cheese"),
        (("-d", "nonsense"), "oregon_extrapulmonary"),
    ],
)
def test_a_wrong_option_is_explained(file: Path, words: tuple[str, ...], said: str) -> None:
    assert said in typed("describe", file, *words, code=2).stderr


def test_definitions_and_the_dictionary_are_printed() -> None:
    assert "Schnabel" in typed("define").stdout
    assert "surgery after 1 March 2013" in typed("define", "-d", "dominican_republic_2013").stdout
    assert "| case_id |" in typed("dictionary").stdout
    assert typed("dictionary", "--redcap").stdout.startswith("Variable / Field Name,Form Name")

"""abscope letter and abscope document, from a run's folder to files on paper."""

from pathlib import Path

import pytest

import paper_runs
from worlds import abscope


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paper_runs.run(tmp_path_factory.mktemp("run"))


def test_a_letter_is_written_for_the_isolate_and_language_asked_for(
    folder: Path, tmp_path: Path
) -> None:
    done = abscope("letter", str(folder), "iso101", "-l", "es", "--format", "pdf", "--format", "md",
                   "-o", str(tmp_path))  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = [Path(line).name for line in done.stdout.splitlines()]
    assert names == ["letter.iso101.es.pdf", "letter.iso101.es.md"]
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert "KX-101" in (tmp_path / names[1]).read_text()


def test_a_referral_holds_the_contact_log(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("facility,date,channel,reply\nClinic 1,2023-02-01,email,\n")
    done = abscope("document", "referral", str(folder), "--contacts", str(log), "-o", str(tmp_path),
                   "--format", "md")  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "referral.en.md").read_text()
    assert "| Clinic 1 | 2023-02-01 | email |" in said


def test_a_report_brings_its_figures_with_their_data(folder: Path, tmp_path: Path) -> None:
    done = abscope("document", "report", str(folder), "-o", str(tmp_path), "--format", "html")
    assert done.returncode == 0, done.stderr
    endings = {path.suffix for path in (tmp_path / "figures").iterdir()}
    assert endings == {".svg", ".png", ".csv"}
    assert (tmp_path / "report.en.html").is_file()


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["letter", "RUN", "nobody"], "nobody", 2),
        (["letter", "RUN", "-l", "fr"], "no texts in 'fr'", 2),
        (["letter", "RUN", "--format", "rtf"], "no format rtf", 2),
        (["document", "call", "RUN", "--cluster", "c0"], "no cluster 'c0'", 2),
        (["document", "notice", "NOWHERE"], "types.tsv", 1),
    ],
    ids=["isolate", "language", "format", "cluster", "folder"],
)
def test_what_cannot_be_written_is_refused_with_the_reason(
    folder: Path, tmp_path: Path, words: list[str], said: str, code: int
) -> None:
    places = {"RUN": str(folder), "NOWHERE": str(tmp_path / "nowhere")}
    done = abscope(*(places.get(word, word) for word in words), "-o", str(tmp_path / "out"))
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert not (tmp_path / "out").exists()

"""The call, the notice and the referral: whom they name, whom they do not, and how plainly they speak."""

import io
import re
from dataclasses import replace
from pathlib import Path

import docx as word
import pytest

import paper_runs
import readability
from abscope.errors import DataError, FormatError, UsageError
from abscope.reports.documents import parts
from abscope.reports.documents.blocks import Document
from abscope.reports.documents.call import call
from abscope.reports.documents.docx import docx
from abscope.reports.documents.event import Event, event
from abscope.reports.documents.language import LANGUAGES, language
from abscope.reports.documents.notice import notice
from abscope.reports.documents.plain import markdown
from abscope.reports.documents.referral import referral
from abscope.reports.documents.run import Run, read


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read(paper_runs.run(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def told(run: Run) -> Event:
    return event(run)


def text_of(document: Document) -> str:
    return markdown(document).decode()


def words_in(document: Document) -> str:
    opened = word.Document(io.BytesIO(docx(document)))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_the_event_tells_the_cluster_its_cases_and_the_one_without_an_isolate(told: Event) -> None:
    assert told.cases == ("KX-101", "KX-102")
    assert told.probable == ("KX-103",)
    assert told.snps() == (3, 3, 4_800_000)
    assert told.leading[0] == ("lot", "CV-2203")
    assert told.shared("country") == "Mexico"
    assert told.shared("clinic") is None


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("make", [call, notice], ids=["call", "notice"])
def test_nothing_that_goes_out_names_a_patient_a_date_or_a_place_of_treatment(
    run: Run, told: Event, make, code: str
) -> None:
    made = make(run, told, language(code))
    people = paper_runs.line_list().cases
    secret = {
        *people["case_id"], *people["patient_id"], *paper_runs.ISOLATES.values(),
        *(str(day) for name in people.columns if name.startswith("date_")
          for day in people[name].drop_nulls()),
        *(f"{age:.0f}" for age in people["age"]),
        "Nebraska", "Wyoming", "Clinic", "Quetzal", told.cluster,
    }  # fmt: skip
    for said in (text_of(made), words_in(made)):
        found = [one for one in secret if re.search(rf"(?<![\w-]){re.escape(str(one))}", said)]
        assert not found


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_call_says_how_many_where_since_when_and_what_is_shared(
    run: Run, told: Event, code: str
) -> None:
    said = text_of(call(run, told, language(code)))
    assert {"3", "CV-2203", "2022"} <= set(re.findall(r"[\w-]+", said))
    assert "stem cell injection" in said
    assert {"en": "Mexico", "es": "México"}[code] in said
    assert {"en": "April 2022 to October 2022", "es": "abril de 2022 a octubre de 2022"}[
        code
    ] in said
    assert said.count("[") >= 3  # what only a person can fill in


def test_the_notice_asks_for_six_years_of_school(run: Run, told: Event) -> None:
    assert readability.grade(spoken(notice(run, told, language("en")))) <= 6.0


def test_the_notice_is_easy_to_read_in_spanish(run: Run, told: Event) -> None:
    assert readability.ease(spoken(notice(run, told, language("es")))) >= 65.0


def spoken(document: Document) -> str:
    """What the patient reads: a line without a full stop is a sentence; the names come from the data."""
    lines = text_of(document).replace(paper_runs.SPECIES, "x").splitlines()
    kept = [line.lstrip("#-*> ") for line in lines if line and not line.startswith(">")]
    return " ".join(line if line[-1] in ".?!:" else f"{line}." for line in kept)


def test_formulas_of_readability_agree_with_examples_counted_by_hand() -> None:
    assert readability.grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)
    assert [readability.english_syllables(w) for w in ("table", "needle", "doctor", "sore")] == [
        2, 2, 2, 1
    ]  # fmt: skip
    said = {"guitarra": 3, "queso": 2, "tierra": 2, "país": 2, "tratamiento": 4, "ciudad": 2}
    assert {w: readability.spanish_syllables(w) for w in said} == said


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_referral_names_products_places_and_every_attempt_to_reach_them(
    run: Run, told: Event, code: str
) -> None:
    log = ({"facility": "Clinic 2", "date": "2023-01-04", "channel": "letter", "about": "lot",
            "reply": "none"},)  # fmt: skip
    said = text_of(referral(run, told, language(code), log))
    for name in ("CV-2203", "Celuvita cells", "Clinic 0", "Clinic 2", "KX-103", "2023-01-04"):
        assert name in said
    assert "MRN" not in said
    assert "--contacts" in text_of(referral(run, told, language(code)))


def test_equal_runs_give_equal_word_files(run: Run, told: Event) -> None:
    w = language("en")
    assert docx(call(run, told, w)) == docx(call(run, told, w))


def test_a_cluster_that_is_not_there_is_refused_with_those_that_are(run: Run) -> None:
    with pytest.raises(UsageError) as refused:
        event(run, "c9-99")
    assert "c20-01" in refused.value.hint


def test_a_run_without_a_cluster_has_nothing_to_tell(tmp_path: Path) -> None:
    folder = paper_runs.typed(tmp_path / "typed", [paper_runs.isolate("x1")])
    with pytest.raises(DataError, match="no cluster"):
        event(read(folder))


def test_a_folder_that_no_run_wrote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"types\.tsv"):
        read(tmp_path)


def test_without_a_ranking_no_source_is_suspected(run: Run, tmp_path: Path) -> None:
    folder = paper_runs.run(tmp_path / "run")
    (folder / "sources.json").unlink()
    bare = read(folder)
    bare_event = event(bare)
    assert bare_event.leading == ()
    assert "No source stands out" in text_of(referral(bare, bare_event, language("en")))
    assert "[procedure]" in text_of(call(bare, bare_event, language("en")))


def test_isolates_without_a_line_list_are_not_told_as_no_infections(run: Run, told: Event) -> None:
    alone = replace(told, cases=(), probable=())
    said = text_of(call(run, alone, language("en")))
    assert "2 isolates of *Mycobacterium abscessus* are under investigation" in said
    assert "0 infections" not in said


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_referral_gives_every_case_and_what_its_probabilities_are_held_against(
    run: Run, told: Event, code: str
) -> None:
    w = language(code)
    many = tuple(f"KX-{n}" for n in range(201, 221))
    lot = replace(told.suspects[0], cases=many, known=len(many))
    said = text_of(referral(run, replace(told, suspects=(lot, *told.suspects[1:])), w))
    assert set(many) <= set(re.findall(r"KX-\d+", said))
    shared = replace(told, leading_share=0.93)
    assert w("referral.status", exposures="X", share="93%", n=told.comparison).split("X")[1] in (
        text_of(referral(run, shared, w)).replace("\\", "")
    )
    assert " ".join(parts.genomics(told, w)) in text_of(referral(run, told, w)).replace("\\", "")


def test_clinics_that_are_asked_together_are_joined_as_the_language_joins_them(
    run: Run, told: Event
) -> None:
    clinics = [one.exposure[1] for one in told.suspects if one.exposure[0] == "clinic"][:2]
    one = {"kind": "lot", "ask": "facility", "case_ids": ["KX-101"], "whom": " and ".join(clinics)}
    assert " y ".join(clinics) in parts.question(one, told, language("es"))
    named = one | {"whom": "Bone and Joint"}
    assert "Bone and Joint" in parts.question(named, told, language("es"))


def test_a_question_on_paper_tells_no_day(told: Event) -> None:
    asked = {
        "sentence": "Ask A: which lot did patients B and C receive on 2022-10-18 and 2022-04-01?"
    }
    said = parts.question(asked, told, language("en"))
    assert said == "Ask A: which lot did patients B and C receive?"

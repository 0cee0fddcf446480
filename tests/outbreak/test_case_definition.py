"""A definition's verdict follows from what is known, and what is not known rules nobody out."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope import organism, tables
from abscope.errors import OrganismError
from abscope.knowledge import case_definitions
from abscope.knowledge.case_definitions import CaseDefinition
from abscope.outbreak.case_definition import all_of, any_of, classify, with_status
from abscope.records import LineList

FOLDER = organism.folder_of("mycobacterium_abscessus")


def definition(name: str) -> CaseDefinition:
    return case_definitions.read(case_definitions.available(FOLDER)[name])


def patient(
    *said: tuple[str, str, str],
    grew: tuple[str, str] | None = None,
    symptoms: tuple[str, ...] = (),
    **fields: object,
) -> LineList:
    specimen = {"specimen_id": "s", "kind": "patient", "case_id": "A", "material": "wound"}
    return LineList(
        tables.CASES.frame([{"case_id": "A", **fields}]),
        tables.EXPOSURES.frame([("A", *one) for one in said]),
        specimens=tables.SPECIMENS.frame(
            [{**specimen, "result": grew[0], "organism": grew[1]}] if grew else []
        ),
        symptoms=tables.SYMPTOMS.frame([("A", one, "yes") for one in symptoms]),
    )


SURGERY = (("country", "República Dominicana", "yes"), ("procedure", "Liposuction", "yes"))
SICK = ("wound infection", "not responding to standard therapy")
MAY = date(2013, 5, 1)


@pytest.mark.parametrize(
    ("grew", "day", "status", "said"),
    [
        (("positive", "M. abscessus"), MAY, "confirmed", "culture of rapidly growing"),
        (None, MAY, "probable", "no response to standard therapy"),
        (("negative", ""), MAY, "probable", "no response"),
        (("positive", "M. abscessus"), date(2012, 5, 1), "not a case", "not so: surgery after"),
        (None, None, None, "cannot be told"),
    ],
)
def test_the_dominican_definition_gives_the_verdict_of_print_with_the_criterion_that_decided(
    grew: tuple[str, str] | None, day: date | None, status: str | None, said: str
) -> None:
    own = patient(*SURGERY, grew=grew, symptoms=SICK, date_exposure=day)
    (row,) = classify(own, definition("dominican_republic_2013")).rows(named=True)
    assert row["status"] == status
    assert said in row["criterion"]


def test_what_is_not_known_is_named_with_what_it_would_change() -> None:
    own = patient(*SURGERY, symptoms=SICK, date_exposure=MAY)
    (row,) = classify(own, definition("dominican_republic_2013")).rows(named=True)
    assert row["open"] == "culture of rapidly growing mycobacteria (confirmed if so)"


def test_forty_five_days_is_the_last_day_of_the_tijuana_definition() -> None:
    said = (("country", "Mexico", "yes"), ("procedure", "sleeve gastrectomy", "yes"))
    first = date(2019, 3, 1)
    found = [
        classify(
            patient(
                *said,
                grew=("positive", "P. aeruginosa"),
                date_exposure=first,
                date_collection=first + timedelta(days=days),
            ),
            definition("tijuana_vim_crpa_2018"),
        )["status"].item()
        for days in (45, 46)
    ]
    assert found == ["confirmed", "not a case"]


def test_oregon_counts_a_wound_and_not_gordonae() -> None:
    of = definition("oregon_extrapulmonary")
    found = [
        classify(patient(grew=("positive", name)), of)["status"].item()
        for name in ("Mycobacterium chelonae", "Mycobacterium gordonae")
    ]
    assert found == ["confirmed", "not a case"]


@pytest.mark.parametrize(
    ("name", "said", "symptoms"),
    [
        ("georgia_dental_2014", ("procedure", "pulpotomy", "yes"), ("neck swelling", "granulomatous biopsy")),
        ("orange_county_dental_2016", ("procedure", "pulpotomy", "yes"), ("imaging: osteomyelitis",)),
    ],
)  # fmt: skip
def test_the_dental_definitions_call_a_case_without_culture_probable(
    name: str, said: tuple[str, str, str], symptoms: tuple[str, ...]
) -> None:
    own = patient(said, symptoms=symptoms, date_onset=date(2016, 7, 1))
    assert classify(own, definition(name))["status"].item() == "probable"
    assert definition(name).exposures() == {"procedure"}


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6))
def test_learning_what_was_not_known_never_overturns_what_was_settled(
    truths: list[bool | None],
) -> None:
    for settle in (True, False):
        learnt = [settle if one is None else one for one in truths]
        for rule in (all_of, any_of):
            if rule(truths) is not None:
                assert rule(learnt) == rule(truths)


def test_nobody_is_lost_by_being_classified(founding: LineList) -> None:
    for name in case_definitions.available(FOLDER):
        verdicts = classify(founding, definition(name))
        assert verdicts["case_id"].to_list() == founding.cases["case_id"].to_list()
        ruled = with_status(founding, verdicts)
        assert ruled["case_id"].to_list() == founding.cases["case_id"].to_list()


FAULTY = """
schema = 2
name = "x"
source = "?"
[criteria.when]
says = "in spring"
date = "date_of_spring"
[criteria.what]
exposure = "procedure"
symptom = ["fever"]
says = "two things at once"
[[verdicts]]
verdict = "certain"
all = ["when", "why"]
"""


def test_the_presets_name_their_paper() -> None:
    for name in case_definitions.available(FOLDER):
        assert definition(name).source
        assert definition(name).as_printed


def test_every_fault_of_a_definition_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "case_definitions"
    folder.mkdir()
    (folder / "mine.toml").write_text(FAULTY)
    told = "\n".join(one.what for one in case_definitions.problems(tmp_path))
    for fault in ("schema", "names no source", "date_of_spring", "exposure and symptom",
                  "verdict: is none of", "no criterion 'why'"):  # fmt: skip
        assert fault in told
    with pytest.raises(OrganismError, match="date_of_spring"):
        case_definitions.read(folder / "mine.toml")

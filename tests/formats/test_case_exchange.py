"""REDCap, FHIR and Go.Data exports come in as cases, with nobody and no specimen lost."""

import csv
import io
import json
from datetime import date
from pathlib import Path

from abscope import tables
from abscope.formats import data_dictionary, line_list
from abscope.formats.line_list import Beside
from abscope.formats.redcap import read_dictionary, write_dictionary

TODAY = date(2026, 11, 22)


def redcap_export(rows: list[dict[str, str]]) -> str:
    questions = list(data_dictionary.questions())
    out = io.StringIO()
    repeat = ["redcap_repeat_instrument", "redcap_repeat_instance"]
    names = [questions[0].name, *repeat, *(q.name for q in questions[1:]), "case_complete"]
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_the_dictionary_it_writes_is_one_it_reads_and_understands(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(write_dictionary(data_dictionary.questions()))
    (tmp_path / "e.csv").write_text(
        redcap_export(
            [
                {"case_id": "1", "status": "2", "date_onset": "2022-11-02", "isolate_id": "i1",
                 "product_asked": "1", "exposure_product": "stem cells", "clinic_asked": "9"},
                {"case_id": "1", "redcap_repeat_instrument": "specimen", "specimen_id": "s1",
                 "specimen_kind": "1", "specimen_result": "1", "specimen_material": "joint fluid"},
                {"case_id": "2", "status": "4", "product_asked": "0", "isolate_id": "i2"},
                {"case_id": "2", "redcap_repeat_instrument": "specimen", "specimen_id": "s2",
                 "specimen_kind": "2", "specimen_result": "2", "specimen_lot": "L7"},
            ]
        )
    )  # fmt: skip
    beside = Beside(dictionary=tmp_path / "d.csv")
    found = line_list.read(tmp_path / "e.csv", beside=beside, today=TODAY)
    assert found.problems == ()
    assert found.cases["status"].to_list() == ["probable", "not a case"]
    answers = {(c, k): a for c, k, _, a in found.exposures.iter_rows()}
    assert (answers["1", "product"], answers["2", "product"]) == ("yes", "no")
    responses = {(c, q): r for c, q, r in found.responses.iter_rows()}
    assert responses["1", "clinic"] == "not answered"
    assert responses["2", "clinic"] == "blank"
    specimens = found.specimens.rows_by_key("specimen_id", named=True, unique=True)
    assert specimens["s1"]["result"] == "positive"
    assert (specimens["s2"]["kind"], specimens["s2"]["lot"]) == ("product", "L7")


def test_the_dictionary_holds_every_column_of_the_vocabulary() -> None:
    text = data_dictionary.markdown()
    for table in tables.CASE_TABLES:
        for column in table.columns:
            assert f"| {column.name} |" in text


def test_checkboxes_are_named_by_their_choices(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider '
        'Labels"\nrecord_id,f,text,id,\nsymptom,f,checkbox,s,"1, fever | 2, headache"\n'
    )
    assert read_dictionary(tmp_path / "d.csv")["symptom"].choices == {"1": "fever", "2": "headache"}
    (tmp_path / "e.csv").write_text("record_id,symptom___1,symptom___2\n7,1,0\n")
    beside = Beside(dictionary=tmp_path / "d.csv")
    found = line_list.read(tmp_path / "e.csv", beside=beside, today=TODAY)
    assert found.symptoms.rows() == [("7", "fever", "yes"), ("7", "headache", "no")]


def reference(kind: str, name: str) -> dict[str, str]:
    return {"reference": f"{kind}/{name}"}


BUNDLE = {
    "resourceType": "Bundle",
    "entry": [
        {"resource": one}
        for one in (
            {"resourceType": "Patient", "id": "a", "gender": "female", "birthDate": "1985-05-03",
             "identifier": [{"value": "CO-1"}], "address": [{"country": "USA", "state": "Colorado"}]},
            {"resourceType": "Patient", "id": "b", "gender": "male"},
            {"resourceType": "Condition", "id": "c", "subject": reference("Patient", "a"),
             "code": {"text": "Mycobacterium abscessus meningitis"}, "onsetDateTime": "2022-11-02",
             "verificationStatus": {"coding": [{"code": "confirmed"}]}, "recordedDate": "2022-12-09"},
            {"resourceType": "Location", "id": "l", "name": "Clinic North",
             "address": {"country": "Mexico", "city": "Tijuana"}},
            {"resourceType": "BiologicallyDerivedProduct", "id": "p", "identifier": [{"value": "L7"}],
             "productCode": {"text": "donor stem cells"},
             "collection": {"source": {"display": "donor 12"}}},
            {"resourceType": "Procedure", "id": "x", "status": "completed",
             "subject": reference("Patient", "a"), "code": {"text": "intrathecal injection"},
             "performedPeriod": {"start": "2022-10-14", "end": "2022-10-15"},
             "location": reference("Location", "l"),
             "usedReference": [reference("BiologicallyDerivedProduct", "p")]},
            {"resourceType": "Specimen", "id": "s1", "subject": reference("Patient", "a"),
             "type": {"text": "CSF"}, "collection": {"collectedDateTime": "2022-11-20"}},
            {"resourceType": "Observation", "id": "o", "status": "final",
             "code": {"text": "culture"}, "specimen": reference("Specimen", "s1"),
             "subject": reference("Patient", "a"),
             "valueCodeableConcept": {"text": "Mycobacterium abscessus"}},
            {"resourceType": "Specimen", "id": "s2", "type": {"text": "vial content"},
             "subject": reference("BiologicallyDerivedProduct", "p")},
            {"resourceType": "Procedure", "id": "y", "status": "completed",
             "subject": reference("Patient", "nobody"), "code": {"text": "?"}},
            {"resourceType": "Encounter", "id": "e"},
        )
    ],
}  # fmt: skip


def test_a_fhir_bundle_tells_who_was_exposed_to_which_lot_where(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(BUNDLE))
    found = line_list.read(tmp_path / "b.json", today=TODAY)
    assert found.cases["case_id"].to_list() == ["CO-1", "b"]
    case = found.cases.row(0, named=True)
    assert (case["status"], case["residence_state"]) == ("confirmed", "Colorado")
    assert (case["date_exposure"], case["date_exposure_end"], case["date_onset"]) == (
        date(2022, 10, 14), date(2022, 10, 15), date(2022, 11, 2),
    )  # fmt: skip
    named = set(found.exposures.filter(answer="yes").select("kind", "value").rows())
    assert named >= {
        ("clinic", "Clinic North"), ("city", "Tijuana"), ("country", "Mexico"),
        ("product", "donor stem cells"), ("lot", "L7"), ("donor", "donor 12"),
        ("procedure", "intrathecal injection"),
    }  # fmt: skip
    specimens = found.specimens.rows_by_key("specimen_id", named=True, unique=True)
    assert specimens["s1"]["organism"] == "Mycobacterium abscessus"
    assert (specimens["s2"]["kind"], specimens["s2"]["lot"]) == ("product", "L7")
    told = "\n".join(f"{problem.where}: {problem.what}" for problem in found.problems)
    assert "Procedure/y: is of no patient" in told
    assert "resources not read: 1 Encounter" in told


def test_a_go_data_export_keeps_answers_of_the_questionnaire(tmp_path: Path) -> None:
    code = "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_"
    cases = [
        {"id": "u1", "visualId": "CASE-1", "classification": f"{code}CONFIRMED",
         "age": {"years": 0, "months": 8}, "dateOfOnset": "2022-11-02T00:00:00.000Z",
         "questionnaireAnswers": {"product": [{"value": "stem cells"}], "clinic": [{"value": None}]}},
        {"id": "u2", "visualId": "CASE-2", "classification": f"{code}NOT_A_CASE_DISCARDED"},
    ]  # fmt: skip
    (tmp_path / "g.json").write_text(json.dumps(cases))
    found = line_list.read(tmp_path / "g.json", today=TODAY)
    assert found.cases["case_id"].to_list() == ["CASE-1", "CASE-2"]
    assert found.cases["status"].to_list() == ["confirmed", "not a case"]
    assert found.cases["date_onset"].to_list() == [date(2022, 11, 2), None]
    assert found.cases["age"].to_list()[0] == 8 / 12
    assert found.exposures.filter(answer="yes").select("case_id", "value").rows() == [
        ("CASE-1", "stem cells")
    ]

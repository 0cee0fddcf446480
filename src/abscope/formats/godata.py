"""Go.Data exports: JSON of cases, and tables whose cells are LNG_REFERENCE_DATA_CATEGORY codes.

Fields as in the Go.Data case model (visualId, classification, dateOfOnset, addresses, questionnaireAnswers).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from abscope.formats.spreadsheet import Row, Sheet

_CODE = "LNG_REFERENCE_DATA_CATEGORY_"
_CATEGORIES = (
    "CASE_CLASSIFICATION", "GENDER", "OUTCOME", "LAB_TEST_RESULT_STATUS", "LAB_TEST_RESULT",
    "TYPE_OF_SAMPLE", "TYPE_OF_LAB_TEST", "OCCUPATION", "PREGNANCY_STATUS", "RISK_LEVEL",
    "PERSON_TYPE", "CENTRE_NAME",
)  # fmt: skip
_FIELDS = {
    "case_id": "visualId",
    "patient_id": "id",
    "status": "classification",
    "sex": "gender",
    "date_birth": "dob",
    "date_exposure": "dateOfInfection",
    "date_onset": "dateOfOnset",
    "date_report": "dateOfReporting",
    "date_death": "dateOfDeath",
    "outcome": "outcomeId",
}
_ANSWER = "answer: "


def is_export(sheet: Sheet) -> bool:
    """Whether a table comes from Go.Data, by its codes or its classifications."""
    known = {"visualid", "classification", "dateofonset", "date_of_onset", "uuid", "case_id"}
    named = {word.strip().lower() for word in sheet.rows[0].cells}
    coded = any(_CODE in cell for row in sheet.rows[1:20] for cell in row.cells)
    return coded or (len(named & known) >= 3 and "classification" in named)


def is_json(data: object) -> bool:
    """Whether JSON is a list of Go.Data cases."""
    return isinstance(data, list) and any(
        isinstance(one, dict) and {"visualId", "classification"} & set(one) for one in data[:5]
    )


def plain_codes(sheet: Sheet) -> Sheet:
    """The sheet with codes as words, and statuses and answers as people write them."""
    rows = tuple(Row(r.number, tuple(_words(cell) for cell in r.cells)) for r in sheet.rows)
    return replace(sheet, rows=rows)


def sheet(name: str, data: list[Mapping[str, Any]]) -> Sheet:
    """One row per case, the answers of the questionnaire in columns of their own."""
    cases = [one for one in data if isinstance(one, dict)]
    answers = [dict(_answers(one)) for one in cases]
    asked = list(dict.fromkeys(question for own in answers for question in own))
    heads = (*_FIELDS, "age", "residence_state", "residence_country", *asked)
    rows = [Row(1, (*heads[: len(heads) - len(asked)], *(q.removeprefix(_ANSWER) for q in asked)))]
    for number, (one, own) in enumerate(zip(cases, answers, strict=True), 2):
        fixed = [_words(_text(one.get(key))) for key in _FIELDS.values()]
        place = next(_dicts(one.get("addresses")), {})
        more = [_age(one.get("age")), _text(place.get("city")), _text(place.get("country"))]
        cells = (*fixed, *more, *(own.get(question, "") for question in asked))
        rows.append(Row(number, tuple(cell.strip() for cell in cells)))
    return Sheet(name, tuple(rows))


def _answers(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Question and answer; several answers of one question are joined."""
    given = next(_dicts(case.get("questionnaireAnswers")), {})
    for question, answers in given.items():
        values = [_value(one) for one in (answers if isinstance(answers, list) else [answers])]
        yield f"{_ANSWER}{question}", "; ".join(value for value in values if value)


def _dicts(value: object) -> Iterator[Mapping[str, Any]]:
    """What an export should hold here, one or several; anything else is passed over."""
    several = value if isinstance(value, list) else [value]
    return (one for one in several if isinstance(one, dict))


def _value(answer: object) -> str:
    value = answer.get("value") if isinstance(answer, dict) else answer
    if isinstance(value, list):
        return "; ".join(_words(_text(one)) for one in value)
    return _words(_text(value))


def _age(age: object) -> str:
    if not isinstance(age, dict):
        return ""
    years, months = age.get("years"), age.get("months")
    return f"{months} months" if not years and months else _text(years)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _words(cell: str) -> str:
    """LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_NOT_A_CASE_DISCARDED -> not a case discarded."""
    if not cell.startswith(_CODE):
        return cell.replace("_", " ").lower() if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", cell) else cell
    bare = cell.removeprefix(_CODE)
    for category in _CATEGORIES:
        if bare.startswith(f"{category}_"):
            bare = bare.removeprefix(f"{category}_")
            break
    return bare.replace("_", " ").lower()

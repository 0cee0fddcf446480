"""Parts of FHIR R5 resources, written: patients, conditions, observations, references between them.

https://hl7.org/fhir/R5/patient.html, condition.html, observation.html. Identifiers of resources are made of
what they stand for, so that the same run gives the same bundle.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

Resource = Mapping[str, Any]

_TERMS = "http://terminology.hl7.org/CodeSystem"
_CERTAINTY = {
    "confirmed": "confirmed", "probable": "provisional", "suspect": "differential",
    "not a case": "refuted",
}  # fmt: skip
_GENDERS = ("male", "female", "other", "unknown")


def slug(kind: str, name: str) -> str:
    """An id FHIR takes: letters, digits, - and ., no more than 64; others are told apart by a checksum."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", name)
    if plain == name and len(f"{kind}-{name}") <= 64:
        return f"{kind}-{name}"
    checksum = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{kind}-{plain}"[:55] + f"-{checksum}"


def concept(text: str) -> dict[str, Any]:
    """A CodeableConcept in words."""
    return {"text": text}


def reference(to: Resource) -> dict[str, str]:
    """A reference to a resource of the bundle."""
    return {"reference": f"{to['resourceType']}/{to['id']}"}


def entry(resource: Resource) -> dict[str, Any]:
    """An entry of a bundle, under a name that no server needs to know."""
    where = f"https://abscope.invalid/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": where, "resource": resource}


def patient(case: Mapping[str, Any]) -> dict[str, Any]:
    """The person of a case; birth and identifiers only where the run still tells them."""
    made: dict[str, Any] = {
        "resourceType": "Patient",
        "id": slug("patient", case["case_id"]),
        "identifier": [{"value": case["case_id"]}],
    }
    if case["patient_id"]:
        made["identifier"].append({"value": case["patient_id"]})
    if case["sex"]:
        said = str(case["sex"]).lower()
        made["gender"] = said if said in _GENDERS else "unknown"
    if case["date_birth"]:
        made["birthDate"] = case["date_birth"]
    if case["date_death"]:
        made["deceasedDateTime"] = case["date_death"]
    home = {"country": case["residence_country"], "state": case["residence_state"]}
    if known := {part: name for part, name in home.items() if name}:
        made["address"] = [known]
    return made


def condition(case: Mapping[str, Any], person: Resource, name: str) -> dict[str, Any]:
    """The infection, with the case definition's verdict."""
    made: dict[str, Any] = {
        "resourceType": "Condition",
        "id": slug("condition", case["case_id"]),
        "clinicalStatus": _coded("condition-clinical", "unknown"),
        "code": concept(name),
        "subject": reference(person),
    }
    if case["status"]:
        verdict = _coded("condition-ver-status", _CERTAINTY[case["status"]])
        made["verificationStatus"] = verdict | {"text": case["status"]}
    if case["date_onset"]:
        made["onsetDateTime"] = case["date_onset"]
    if case["date_report"]:
        made["recordedDate"] = case["date_report"]
    return made


def observation(isolate: str, key: str, title: str, value: str) -> dict[str, Any]:
    """One finding in words."""
    return {
        "resourceType": "Observation",
        "id": slug(f"finding-{key}", isolate),
        "status": "final",
        "code": concept(title),
        "valueCodeableConcept": concept(value),
    }


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{_TERMS}/{system}", "code": code}]}

"""A FHIR bundle (R4, R4B or R5; also one resource a line) as a line list: one row a Patient.

Read: Patient, Condition, Procedure, Immunization, MedicationAdministration, Medication, Observation,
Specimen, and what they point to: Organization, Location, Practitioner, Device, BiologicallyDerivedProduct.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from abscope.formats import fhir_events
from abscope.formats.fhir_parts import Bundle, Resource, address, code, concept, identifier, period
from abscope.formats.spreadsheet import Row, Sheet
from abscope.records import Problem

HEADINGS = (
    "case_id", "patient_id", "status", "sex", "date_birth", "residence_country", "residence_state",
    "date_onset", "date_report", "date_death", "date_exposure", "date_exposure_end",
    "date_treatment", "date_treatment_end", "outcome",
    "exposure_country", "exposure_city", "clinic", "clinician", "procedure", "body_site", "route",
    "product", "supplier", "donor", "lot", "reagent", "diluent", "device",
    "symptoms", "treatment", "date_collection", "isolate_id",
)  # fmt: skip
SPECIMEN_HEADINGS = (
    "specimen_id", "kind", "case_id", "material", "body_site", "clinic", "product", "lot",
    "date_collection", "date_last", "method", "result", "organism", "isolate_id",
)  # fmt: skip
_STATUS = {
    "confirmed": "confirmed", "provisional": "suspect", "differential": "suspect",
    "unconfirmed": "suspect", "refuted": "not a case", "entered-in-error": "not a case",
}  # fmt: skip
_READ = (
    "Patient", "Condition", "Procedure", "Immunization", "MedicationAdministration",
    "MedicationStatement", "Medication", "Observation", "Specimen", "Organization", "Location",
    "Practitioner", "PractitionerRole", "Device", "BiologicallyDerivedProduct", "Substance",
)  # fmt: skip

Cells = dict[str, list[str]]


def is_fhir(data: object) -> bool:
    """Whether JSON is a bundle or a list of resources."""
    if isinstance(data, dict):
        return "resourceType" in data
    first = data[0] if isinstance(data, list) and data else None
    return isinstance(first, dict) and "resourceType" in first


def sheets(name: str, data: Any) -> tuple[Sheet, Sheet]:
    """Patients, and specimens, as rows under this program's headings.

    A patient's several values of one kind stand beside one another; of dates of one kind the first
    counts, of ends the last. Resources of other types, and those of nobody in the bundle, are reported.
    """
    bundle = Bundle(data)
    people: dict[str, Cells] = {identifier(one): _patient(one) for one in bundle.of("Patient")}
    problems = list(_not_read(bundle, name))
    for resource in bundle.resources:
        owner = _owner(bundle, resource)
        for heading, text in fhir_events.said(bundle, resource):
            if text and owner in people:
                people[owner][heading].append(text)
        if owner is None and resource.get("resourceType") in fhir_events.OF_PATIENTS:
            where = f"{name}, {resource['resourceType']}/{resource.get('id')}"
            problems.append(Problem(where, "is of no patient in this bundle", "export it too"))
    _conditions(bundle, people)
    specimens = list(fhir_events.specimens(bundle, _owner))
    for case, cells in people.items():
        cells["case_id"] = [case]
    rows = [_row(number, cells) for number, cells in enumerate(people.values(), 2)]
    return (
        Sheet(name, (Row(1, HEADINGS), *rows), tuple(problems)),
        Sheet(name, (Row(1, SPECIMEN_HEADINGS), *_specimen_rows(specimens)) if specimens else ()),
    )


def _owner(bundle: Bundle, resource: Resource) -> str | None:
    patient = bundle.follow(resource.get("subject") or resource.get("patient"))
    if patient is None or patient.get("resourceType") != "Patient":
        return None
    return identifier(patient)


def _patient(patient: Resource) -> Cells:
    country, state, _ = address(patient)
    cells: Cells = defaultdict(list)
    cells["patient_id"] = [str(patient.get("id", ""))]
    cells["sex"] = [str(patient.get("gender", ""))]
    cells["date_birth"] = [str(patient.get("birthDate", ""))]
    cells["residence_country"], cells["residence_state"] = [country], [state]
    cells["date_death"] = [str(patient.get("deceasedDateTime", ""))[:10]]
    return cells


def _conditions(bundle: Bundle, people: dict[str, Cells]) -> None:
    """The condition that makes a case: one that names mycobacteria, else the first."""
    of: dict[str, list[Resource]] = defaultdict(list)
    for one in bundle.of("Condition"):
        owner = _owner(bundle, one)
        if owner in people and owner is not None:
            of[owner].append(one)
    for owner, found in of.items():
        named = [one for one in found if "mycobact" in concept(one.get("code")).lower()]
        first, *others = named or found
        cells = people[owner]
        cells["date_onset"].append(period(first, "onset")[0])
        cells["date_report"].append(str(first.get("recordedDate", ""))[:10])
        cells["status"].append(_STATUS.get(code(first.get("verificationStatus")), ""))
        cells["outcome"].append(code(first.get("clinicalStatus")))
        rest = [one for one in found if one is not first] if named else others
        cells["symptoms"] += [concept(one.get("code")) for one in rest]


def _not_read(bundle: Bundle, name: str) -> Iterator[Problem]:
    counted = Counter(str(one.get("resourceType")) for one in bundle.resources)
    other = [f"{count} {kind}" for kind, count in sorted(counted.items()) if kind not in _READ]
    if other:
        yield Problem(
            name,
            f"resources not read: {', '.join(other)}",
            "nothing to do, unless they tell of exposures",
        )


def _row(number: int, cells: Cells) -> Row:
    return Row(number, tuple(_joined(heading, cells.get(heading, [])) for heading in HEADINGS))


def _joined(heading: str, texts: list[str]) -> str:
    known = [text.replace(";", ",") for text in dict.fromkeys(texts) if text]
    if heading.startswith("date_"):
        return (max if heading.endswith("_end") else min)(known, default="")
    if heading in HEADINGS[:15]:
        return known[0] if known else ""
    return "; ".join(known)


def _specimen_rows(specimens: list[dict[str, str]]) -> Iterator[Row]:
    for number, one in enumerate(specimens, 2):
        yield Row(number, tuple(one.get(heading, "") for heading in SPECIMEN_HEADINGS))

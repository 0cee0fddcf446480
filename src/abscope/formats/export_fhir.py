"""A FHIR R5 bundle: cases, what they were exposed to, their specimens and what was found in them.

https://hl7.org/fhir/R5. R5, because only there a Procedure may use a BiologicallyDerivedProduct. Codes stand
as text: which code a laboratory uses is its own map. abscope cases reads the bundle back.

Exposures on a line list stand beside one another. Where a case names one procedure, that Procedure says where
it was and what was used; where it names several, each is one of its own, and what was used stands with one
that has no code.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from abscope.formats.fhir_written import (
    Resource,
    concept,
    condition,
    entry,
    observation,
    patient,
    reference,
    slug,
)
from abscope.formats.isolate_facts import Facts, facts
from abscope.records import Published

_DRUGS = ("macrolides", "amikacin", "fluoroquinolones")
_OF_PRODUCT = ("supplier", "lot", "donor")

Had = Mapping[str, list[str]]


def encode(run: Published) -> bytes:
    """Everybody on the line list, and every isolate, as one bundle."""
    resources = list(_resources(run))
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [entry(one) for one in resources],
    }
    return (json.dumps(bundle, indent=1, ensure_ascii=False) + "\n").encode()


def _resources(run: Published) -> Iterator[Resource]:
    had = _exposed(run)
    for name in sorted({one for case in had.values() for one in _organizations(case)}):
        yield {"resourceType": "Organization", "id": slug("organization", name), "name": name}
    for case in run.cases.sort("case_id").to_dicts():
        person = patient(case)
        yield person
        yield condition(case, person, f"{run.organism} infection")
        yield from _exposures(case, person, had.get(case["case_id"], {}))
    for fact in facts(run):
        yield from _laboratory(fact)


def _exposed(run: Published) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    rows = run.exposures.drop_nulls("value").sort("case_id", "kind", "value")
    for case, kind, value, answer in rows.select("case_id", "kind", "value", "answer").rows():
        if answer == "yes":
            found.setdefault(case, {}).setdefault(kind, []).append(value)
    return found


def _organizations(had: Had) -> Iterator[str]:
    yield from had.get("clinic", [])
    yield from had.get("supplier", [])


def _exposures(case: Mapping[str, Any], person: Resource, had: Had) -> Iterator[Resource]:
    """Procedures, and the products they used."""
    if not had:
        return
    name = case["case_id"]
    products = list(_products(name, had))
    yield from products
    codes = had.get("procedure", [])
    one = codes[0] if len(codes) == 1 else None
    yield _procedure(name, case, person, one) | _circumstances(had, products)
    for place, code in enumerate(codes if one is None else [], 1):
        yield _procedure(f"{name}-{place}", case, person, code)


def _procedure(
    name: str, case: Mapping[str, Any], person: Resource, code: str | None
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "Procedure",
        "id": slug("procedure", name),
        "status": "completed",
        "subject": reference(person),
    }
    if code:
        made["code"] = concept(code)
    first, last = case["date_exposure"], case["date_exposure_end"]
    if first and last:
        made["occurrencePeriod"] = {"start": first, "end": last}
    elif first:
        made["occurrenceDateTime"] = first
    return made


def _circumstances(had: Had, products: list[Resource]) -> dict[str, Any]:
    """Where it was, on what part of the body, by whom, and what was used."""
    made: dict[str, Any] = {}
    if sites := had.get("body_site"):
        made["bodySite"] = [concept(site) for site in sites]
    actors = [
        {"reference": f"Organization/{slug('organization', clinic)}", "display": clinic}
        for clinic in had.get("clinic", [])
    ] + [{"display": person} for person in had.get("clinician", [])]
    if actors:
        made["performer"] = [{"actor": actor} for actor in actors]
    used: list[Any] = [{"reference": reference(one)} for one in products]
    used += [{"concept": concept(device)} for device in had.get("device", [])]
    if used:
        made["used"] = used
    shown: tuple[str, ...] = ("country", "city", "route", "reagent", "diluent", "water", "other")
    if len(products) != 1:
        shown += _OF_PRODUCT
    rest = [f"{kind}: {value}" for kind in shown for value in had.get(kind, [])]
    return made | ({"note": [{"text": "; ".join(rest)}]} if rest else {})


def _products(name: str, had: Had) -> Iterator[Resource]:
    """Products; supplier, lot and donor go with one only where the case names one product."""
    products = had.get("product", [])
    for place, product in enumerate(products, 1):
        made: dict[str, Any] = {
            "resourceType": "BiologicallyDerivedProduct",
            "id": slug("product", f"{name}-{place}"),
            "productCode": concept(product),
        }
        alone = {kind: had.get(kind, []) if len(products) == 1 else [] for kind in _OF_PRODUCT}
        if alone["lot"]:
            made["identifier"] = [{"value": lot} for lot in alone["lot"]]
        if alone["supplier"]:
            made["processingFacility"] = [
                {"reference": f"Organization/{slug('organization', supplier)}", "display": supplier}
                for supplier in alone["supplier"]
            ]
        if alone["donor"]:
            made["collection"] = {"source": {"display": "; ".join(alone["donor"])}}
        yield made


def _laboratory(fact: Facts) -> Iterator[Resource]:
    """Specimen, what was found in it, and the report of both."""
    name, case = str(fact["isolate_id"]), fact["case_id"]
    subject = {"reference": f"Patient/{slug('patient', str(case))}"} if case else None
    specimen: dict[str, Any] = {
        "resourceType": "Specimen", "id": slug("specimen", name), "identifier": [{"value": name}],
    }  # fmt: skip
    if fact["date_collection"]:
        specimen["collection"] = {"collectedDateTime": fact["date_collection"]}
    below = f" subsp. {fact['subspecies']}" if fact["subspecies"] else ""
    found = [observation(name, "organism", "Organism identified", f"{fact['organism']}{below}")]
    told = (("clone", "Clone"), ("st", "Sequence type"), *((d, d.capitalize()) for d in _DRUGS))
    found += [observation(name, key, title, str(fact[key])) for key, title in told if fact.get(key)]
    report = {
        "resourceType": "DiagnosticReport", "id": slug("report", name), "status": "final",
        "code": concept("Whole-genome sequencing of a bacterial isolate"),
        "specimen": [reference(specimen)], "result": [reference(one) for one in found],
    }  # fmt: skip
    for one in (specimen, *found, report):
        yield one | ({"subject": subject} if subject else {}) | _of(one, specimen)


def _of(one: Mapping[str, Any], specimen: Mapping[str, Any]) -> dict[str, Any]:
    return {"specimen": reference(specimen)} if one["resourceType"] == "Observation" else {}

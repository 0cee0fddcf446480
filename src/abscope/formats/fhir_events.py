"""What FHIR resources say of a patient's exposures, treatments, symptoms and specimens."""

from collections.abc import Callable, Iterator

from abscope.formats.fhir_parts import (
    Bundle,
    Resource,
    address,
    concept,
    given,
    identifier,
    items,
    name,
    period,
)

OF_PATIENTS = ("Procedure", "Immunization", "MedicationAdministration", "Condition")
_SAMPLED = {
    "Patient": "patient",
    "Device": "device",
    "Location": "environment",
    "BiologicallyDerivedProduct": "product",
    "Medication": "product",
    "Substance": "reagent",
}
_GROWN = ("positive", "negative", "contaminated", "pending")

Said = Iterator[tuple[str, str]]


def said(bundle: Bundle, resource: Resource) -> Said:
    """Heading and text of everything a resource says of its patient."""
    read = {
        "Procedure": _procedure,
        "Immunization": _immunization,
        "MedicationAdministration": _medication,
        "MedicationStatement": _medication,
        "Observation": _symptom,
        "Specimen": _collected,
    }.get(str(resource.get("resourceType")))
    return read(bundle, resource) if read else iter(())


def _procedure(bundle: Bundle, one: Resource) -> Said:
    if one.get("status") in ("not-done", "entered-in-error"):
        return
    first, last = period(one, "performed", "occurrence")
    yield from (("date_exposure", first), ("date_exposure_end", last))
    yield "procedure", concept(one.get("code"))
    yield from (("body_site", concept(site)) for site in items(one.get("bodySite")))
    yield from _place(bundle, one)
    for performer in items(one.get("performer")):
        yield from _actor(bundle, performer.get("actor"), one)
    used = [*items(one.get("usedReference")), *items(one.get("used"))]
    used += [dict(d.get("manipulated") or {}) for d in items(one.get("focalDevice"))]
    for reference in used:
        yield from _used(bundle, reference, one)


def _immunization(bundle: Bundle, one: Resource) -> Said:
    if one.get("status") != "completed":
        return
    yield "date_exposure", period(one, "occurrence")[0]
    yield "product", concept(one.get("vaccineCode"))
    yield "lot", str(one.get("lotNumber", ""))
    yield "supplier", bundle.called(one.get("manufacturer"), one)
    yield "route", concept(one.get("route"))
    yield "body_site", concept(one.get("site"))
    yield from _place(bundle, one)


def _medication(bundle: Bundle, one: Resource) -> Said:
    first, last = period(one, "effective", "occurence", "occurrence")
    drug = concept(one.get("medicationCodeableConcept") or one.get("medication"))
    made = bundle.follow(one.get("medicationReference") or one.get("medication"), one)
    yield from (("date_treatment", first), ("date_treatment_end", last))
    yield "treatment", drug or (concept(made.get("code")) if made else "")
    lot = next((str(b.get("lotNumber", "")) for b in items((made or {}).get("batch"))), "")
    if lot:
        yield from (("product", concept((made or {}).get("code"))), ("lot", lot))


def _symptom(_: Bundle, one: Resource) -> Said:
    if one.get("valueBoolean") is True and not one.get("specimen"):
        yield "symptoms", concept(one.get("code"))


def _collected(_: Bundle, one: Resource) -> Said:
    for collection in items(one.get("collection")):
        yield "date_collection", period(collection, "collected")[0]


def _place(bundle: Bundle, one: Resource) -> Said:
    place = bundle.follow(one.get("location"), one)
    yield "clinic", bundle.called(one.get("location"), one)
    if place is not None:
        country, _, city = address(place)
        yield from (("exposure_country", country), ("exposure_city", city))


def _actor(bundle: Bundle, reference: object, holder: Resource) -> Said:
    found = bundle.follow(reference, holder)
    if found is not None and found.get("resourceType") == "Organization":
        country, _, city = address(found)
        yield from (("clinic", name(found)), ("exposure_country", country), ("exposure_city", city))
    else:
        yield "clinician", bundle.called(reference, holder)


def _used(bundle: Bundle, reference: object, holder: Resource) -> Said:
    found = bundle.follow(reference, holder)
    if found is None:
        yield "device", concept(reference) or bundle.called(reference, holder)
    elif found.get("resourceType") == "BiologicallyDerivedProduct":
        yield from _cells(bundle, found)
    elif found.get("resourceType") == "Device":
        yield from (("device", name(found)), ("lot", str(found.get("lotNumber", ""))))
        yield "supplier", str(found.get("manufacturer", ""))
    elif found.get("resourceType") == "Substance":
        yield "reagent", concept(found.get("code")) or identifier(found)
    else:
        yield "product", concept(found.get("code"))


def _cells(bundle: Bundle, product: Resource) -> Said:
    """A BiologicallyDerivedProduct: cells or tissue, its processor, donor and lot."""
    yield "product", concept(product.get("productCode"))
    yield "lot", str(product.get("division") or given(product))
    for one in items(product.get("collection")):
        yield "donor", bundle.called(one.get("source"), product)
        yield "supplier", bundle.called(one.get("collector"), product)
    yield "supplier", bundle.called(product.get("processingFacility"), product)
    for one in items(product.get("processing")):
        yield "reagent", bundle.called(one.get("additive"), product)


def specimens(
    bundle: Bundle, owner: Callable[[Bundle, Resource], str | None]
) -> Iterator[dict[str, str]]:
    """Every Specimen, of patients or not, with what Observations found in it."""
    for one in bundle.of("Specimen"):
        subject = bundle.follow(one.get("subject"), one)
        kind = _SAMPLED.get(str((subject or {}).get("resourceType")), "")
        collection = next(items(one.get("collection")), {})
        first, last = period(collection, "collected")
        found = {
            "specimen_id": identifier(one),
            "kind": kind,
            "case_id": owner(bundle, one) or "",
            "material": concept(one.get("type")),
            "body_site": concept(collection.get("bodySite")),
            "date_collection": first,
            "date_last": last,
        }
        yield found | dict(_sampled(kind, subject)) | dict(_found(bundle, one))


def _sampled(kind: str, subject: Resource | None) -> Said:
    if subject is None or kind == "patient":
        return
    if kind == "environment":
        yield "clinic", name(subject)
    else:
        yield "product", concept(subject.get("productCode")) or name(subject)
        yield "lot", str(subject.get("lotNumber") or given(subject))


def _found(bundle: Bundle, specimen: Resource) -> Said:
    for one in bundle.of("Observation"):
        if bundle.follow(one.get("specimen"), one) is not specimen:
            continue
        value = concept(one.get("valueCodeableConcept")) or str(one.get("valueString", ""))
        word = value.strip().lower()
        said = next((result for result in _GROWN if word.startswith(result)), "")
        yield "method", concept(one.get("method")) or concept(one.get("code"))
        if said:
            yield "result", said
        elif word in ("no growth", "not detected"):
            yield "result", "negative"
        elif value:
            yield from (("result", "positive"), ("organism", value))

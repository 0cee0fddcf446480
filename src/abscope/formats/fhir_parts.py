"""Parts of FHIR resources (R4, R4B and R5) as words: concepts, references, names, dates, addresses.

https://hl7.org/fhir/datatypes.html. Plain JSON in, text out; what is not there is empty.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Resource = Mapping[str, Any]


def items(value: object) -> Iterator[Mapping[str, Any]]:
    """An element that may be one or several, or not there."""
    several = value if isinstance(value, list) else [value]
    return (one for one in several if isinstance(one, dict))


def concept(value: object) -> str:
    """A CodeableConcept, or R5's CodeableReference of one: its text, else a coding's words or code."""
    for one in items(value):
        if isinstance(one.get("concept"), dict):
            return concept(one["concept"])
        if one.get("text"):
            return str(one["text"])
        for coding in items(one.get("coding")):
            return str(coding.get("display") or coding.get("code") or "")
    return ""


def code(value: object) -> str:
    """The code of a CodeableConcept's first coding."""
    return next(
        (str(c.get("code", "")) for one in items(value) for c in items(one.get("coding"))), ""
    )


def given(resource: Resource) -> str:
    """The first business identifier, empty where it has none."""
    values = (str(one["value"]) for one in items(resource.get("identifier")) if one.get("value"))
    return next(values, "")


def identifier(resource: Resource) -> str:
    """The first business identifier, else the resource's id."""
    return given(resource) or str(resource.get("id", ""))


def name(resource: Resource) -> str:
    """What people call an organization, place, device or person."""
    given = resource.get("name")
    if isinstance(given, str):
        return given
    for one in items(given):
        parts = [str(part) for part in one.get("given", [])]
        return str(one.get("text") or " ".join([*parts, str(one.get("family", ""))]).strip())
    named = (
        str(one.get("name") or one.get("value") or "")
        for one in (*items(resource.get("deviceName")), *items(resource.get("displayName")))
    )
    return next(named, "") or concept(resource.get("type")) or identifier(resource)


def period(resource: Resource, *stems: str) -> tuple[str, str]:
    """First and last day of `stemDateTime`, `stemPeriod` or `stem`, empty where there is none."""
    for stem in stems:
        day = resource.get(f"{stem}DateTime") or resource.get(f"{stem}Date") or resource.get(stem)
        if isinstance(day, str):
            return day[:10], ""
        for span in items(resource.get(f"{stem}Period") or day):
            return str(span.get("start", ""))[:10], str(span.get("end", ""))[:10]
    return "", ""


def address(resource: Resource) -> tuple[str, str, str]:
    """Country, state and city."""
    for one in items(resource.get("address")):
        return tuple(str(one.get(part, "")) for part in ("country", "state", "city"))  # type: ignore[return-value]
    return "", "", ""


class Bundle:
    """Resources of a bundle, found by reference."""

    def __init__(self, data: object) -> None:
        self.resources: list[Resource] = list(_resources(data))
        self._by_reference: dict[str, Resource] = {}
        for entry in _entries(data):
            resource = entry.get("resource", entry)
            if isinstance(resource, dict):
                key = f"{resource.get('resourceType')}/{resource.get('id')}"
                self._by_reference[key] = resource
                if entry.get("fullUrl"):
                    self._by_reference[str(entry["fullUrl"])] = resource

    def of(self, *types: str) -> Iterator[Resource]:
        """All resources of these types, in the bundle's order."""
        return (one for one in self.resources if one.get("resourceType") in types)

    def follow(self, reference: object, holder: Resource | None = None) -> Resource | None:
        """The resource a Reference points to, None where it is not in the bundle."""
        for one in items(reference):
            target = one.get("reference")
            if isinstance(target, dict):  # R5's CodeableReference
                return self.follow(target, holder)
            text = str(target or "")
            if text.startswith("#"):
                own = items((holder or {}).get("contained"))
                return next((c for c in own if c.get("id") == text[1:]), None)
            short = "/".join(text.split("/")[-2:])
            found = self._by_reference.get(text) or self._by_reference.get(short)
            if found is not None:
                return found
        return None

    def called(self, reference: object, holder: Resource | None = None) -> str:
        """The name of what a Reference points to, else how it is displayed."""
        found = self.follow(reference, holder)
        if found is not None:
            return name(found)
        return next((str(one.get("display", "")) for one in items(reference)), "")


def _entries(data: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, dict) and data.get("resourceType") == "Bundle":
        yield from items(data.get("entry"))
    else:
        yield from items(data)


def _resources(data: object) -> Iterator[Resource]:
    for entry in _entries(data):
        resource = entry.get("resource", entry)
        if isinstance(resource, dict) and resource.get("resourceType"):
            yield resource

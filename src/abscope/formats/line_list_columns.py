"""The columns of a line list, and the headings they go by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from abscope import tables
from abscope.formats import headings
from abscope.records import Problem

CASE_ID = (
    "case_id",
    "case",
    "patient_id",
    "patient",
    "case_number",
    "id",
    "unique_key",
    "unique_id",
    "record_id",
    "study_id",
)
SINGLE = {
    "case_id": CASE_ID,
    "status": ("status", "case_status", "classification", "case_definition"),
    "sex": ("sex", "gender"),
    "age": ("age", "age_years"),
    "residence_country": ("residence_country", "country_of_residence"),
    "residence_state": ("residence_state", "state_of_residence", "state", "province"),
    "date_exposure": (
        "date_exposure",
        "exposure_date",
        "date_of_exposure",
        "date_procedure",
        "procedure_date",
        "date_injection",
        "injection_date",
        "dt_exposure",
    ),
    "date_onset": (
        "date_onset",
        "onset_date",
        "date_of_onset",
        "onset",
        "symptom_onset",
        "date_symptom_onset",
        "dt_onset",
    ),
    "date_collection": (
        "date_collection",
        "collection_date",
        "date_of_collection",
        "specimen_date",
        "date_specimen",
        "sample_date",
        "date_sample",
        "culture_date",
    ),
    "date_treatment": (
        "date_treatment",
        "treatment_date",
        "date_of_treatment",
        "treatment_start",
        "date_treatment_start",
    ),
}
# Headings of these may be repeated with a number: product_1, product_2.
ISOLATES = {
    "isolate_ids": (
        "isolate_id",
        "isolate_ids",
        "isolate",
        "isolates",
        "sample_id",
        "sample",
        "strain",
        "lab_id",
    )
}
_ALSO = {
    "country": ("country_of_exposure", "procedure_country"),
    "city": ("city_of_exposure", "procedure_city"),
    "clinic": ("clinic", "facility", "provider"),
    "clinician": ("clinician", "surgeon", "operator"),
    "procedure": ("procedure", "procedure_type"),
    "body_site": ("body_site", "injection_site"),
    "product": ("product", "product_name"),
    "supplier": ("supplier", "distributor", "manufacturer"),
    "donor": ("donor", "donor_id"),
    "lot": ("lot", "lot_number", "batch", "batch_number"),
}
KINDS = {kind: (f"exposure_{kind}", *_ALSO.get(kind, (kind,))) for kind in tables.EXPOSURE_KINDS}
DATES = tuple(field for field in SINGLE if field.startswith("date_"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands (0-based), and the headings as written."""

    words: tuple[str, ...]
    single: dict[str, int]
    isolates: tuple[int, ...]
    kinds: dict[str, tuple[int, ...]]

    @property
    def used(self) -> frozenset[int]:
        """Columns that are read."""
        several = (place for places in self.kinds.values() for place in places)
        return frozenset((*self.single.values(), *self.isolates, *several))


def find(words: tuple[str, ...]) -> Columns:
    """Which column holds what."""
    bare = [re.sub(r"[\s_.-]*\d+$", "", word) for word in words]
    kinds = headings.match(bare, KINDS)
    return Columns(
        words,
        {field: places[0] for field, places in headings.match(words, SINGLE).items()},
        tuple(headings.match(bare, ISOLATES).get("isolate_ids", ())),
        {kind: tuple(places) for kind, places in kinds.items()},
    )


def remarks(columns: Columns, where: str) -> Iterator[Problem]:
    """Columns that are not read, and columns that are missed."""
    meant = [*SINGLE, "isolate_id", *KINDS, *(words[0] for words in KINDS.values())]
    unread = []
    for place, word in enumerate(columns.words):
        if place in columns.used or not word:
            continue
        near = headings.resembling(word, meant)
        if word in (columns.words[at] for at in columns.used):
            yield Problem(
                f"{where}, column {word}",
                "the heading is used twice; the first was read",
                "give each column a heading of its own",
            )
        elif headings.plain(word) in ("country", "city"):
            yield Problem(
                f"{where}, column {word}",
                "residence or exposure? It was not read",
                f"write exposure_{headings.plain(word)}, or residence_country",
            )
        elif near:
            yield Problem(
                f"{where}, column {word}",
                "the heading is not known, so it was not read",
                f"{near!r} is meant?",
            )
        else:
            unread.append(word)
    if unread:
        yield Problem(
            where,
            f"columns not read: {', '.join(unread)}",
            "nothing to do, unless one of them holds a date or an exposure",
        )
    if "case_id" not in columns.single:
        yield Problem(
            where,
            "there is no column case_id; cases are named after their rows",
            "add a column case_id",
        )
    if not columns.isolates:
        yield Problem(
            where,
            "there is no column isolate_id, so no case has an isolate",
            "add a column isolate_id with the names of the sample sheet",
        )

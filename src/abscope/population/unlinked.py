"""One isolate for each set of linked patients: whom a background is made of.

Isolates of one patient, and of patients known to be linked (a household, an outbreak, a pair that was
named), say how close *linked* isolates are. Of each such set one isolate of a stratum is kept: the
earliest, of those the first by name. A second isolate of a patient, if later, changes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from abscope.records import LeftOut, SampledIsolate

_LATEST = "9999"  # after every date: an isolate without one is chosen last

Links = Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The isolates kept, by stratum, in the order of their names; and who was left out, with the reason."""

    strata: Mapping[str, tuple[SampledIsolate, ...]]
    left_out: tuple[LeftOut, ...]


def unlinked(
    isolates: Iterable[SampledIsolate], *, links: Links = (), known: Collection[str] | None = None
) -> Unlinked:
    """One isolate of each set of linked patients and stratum.

    links: pairs of patients known to be linked. known: isolates that have distances; all, if None.
    """
    ordered = sorted(isolates, key=lambda one: (one.date or _LATEST, one.isolate_id))
    left_out = [LeftOut(one.isolate_id, why) for one in ordered if (why := _unusable(one, known))]
    usable = [one for one in ordered if not _unusable(one, known)]
    patients = _joined(usable, links)
    kept: dict[tuple[str, str], SampledIsolate] = {}
    for one in usable:
        first = kept.setdefault((one.stratum or "", patients[one.patient or ""]), one)
        if first is not one:
            left_out.append(LeftOut(one.isolate_id, _why(one, first)))
    strata = sorted({stratum for stratum, _ in kept})
    found = {name: tuple(_of(kept.values(), name)) for name in strata}
    return Unlinked(found, tuple(sorted(left_out, key=lambda one: one.name)))


def _of(isolates: Iterable[SampledIsolate], stratum: str) -> Iterator[SampledIsolate]:
    mine = (one for one in isolates if one.stratum == stratum)
    yield from sorted(mine, key=lambda one: one.isolate_id)


def _unusable(one: SampledIsolate, known: Collection[str] | None) -> str | None:
    if known is not None and one.isolate_id not in known:
        return "has no distances"
    if one.patient is None:
        return "whose it is, is not known"
    if one.stratum is None:
        return "whether it is of a clone, is not known"
    return None


def _why(one: SampledIsolate, first: SampledIsolate) -> str:
    if one.patient == first.patient:
        return "another isolate of the patient is kept"
    return "a patient linked to this one is kept"


def _joined(isolates: Sequence[SampledIsolate], links: Links) -> dict[str, str]:
    """Each patient's set of linked patients, under the name of the first of them."""
    above = {one.patient: one.patient for one in isolates if one.patient is not None}
    first: dict[str, str] = {}

    def top(patient: str) -> str:
        while above[patient] != patient:
            patient = above[patient]
        return patient

    def join(one: str, two: str) -> None:
        low, high = sorted((top(one), top(two)))
        above[high] = low

    for one in isolates:
        if one.linked_group is not None and one.patient is not None:
            join(one.patient, first.setdefault(one.linked_group, one.patient))
    for one_patient, other in links:
        above.setdefault(one_patient, one_patient)
        above.setdefault(other, other)
        join(one_patient, other)
    return {patient: top(patient) for patient in above}

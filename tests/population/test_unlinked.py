"""Whom a background is made of: one isolate for each set of linked patients."""

from abscope.population.unlinked import unlinked
from abscope.records import SampledIsolate, stratum_of


def names(isolates: list[SampledIsolate], **more: object) -> list[str]:
    found = unlinked(isolates, **more)  # type: ignore[arg-type]
    return [one.isolate_id for members in found.strata.values() for one in members]


def test_the_earliest_isolate_of_a_patient_is_kept_and_the_first_by_name_of_a_day() -> None:
    isolates = [
        SampledIsolate("c", "p", "DCC1", date="2012"),
        SampledIsolate("b", "p", "DCC1", date="2011-06"),
        SampledIsolate("a", "p", "DCC1"),
        SampledIsolate("e", "q", "DCC1"),
        SampledIsolate("d", "q", "DCC1"),
    ]
    assert names(isolates) == ["b", "d"]


def test_a_patient_with_two_clones_counts_once_in_each() -> None:
    isolates = [SampledIsolate("a", "p", "DCC1"), SampledIsolate("b", "p", "DCC3")]
    assert names(isolates) == ["a", "b"]


def test_of_a_household_and_of_a_chain_of_known_links_one_patient_is_kept() -> None:
    isolates = [
        SampledIsolate("a", "p", "DCC1", linked_group="house"),
        SampledIsolate("b", "q", "DCC1", linked_group="house"),
        SampledIsolate("c", "r", "DCC1"),
        SampledIsolate("d", "s", "DCC1"),
        SampledIsolate("e", "t", "DCC1"),
    ]
    assert names(isolates, links=[("q", "r"), ("r", "s"), ("nobody", "s")]) == ["a", "e"]


def test_everyone_left_out_has_a_reason() -> None:
    isolates = [
        SampledIsolate("a", "p", "DCC1"),
        SampledIsolate("b", "p", "DCC1"),
        SampledIsolate("c", "q", "DCC1", linked_group="h"),
        SampledIsolate("d", "r", "DCC1", linked_group="h"),
        SampledIsolate("e", None, "DCC1"),
        SampledIsolate("f", "s", None),
        SampledIsolate("g", "t", "DCC1"),
    ]
    found = unlinked(isolates, known={"a", "b", "c", "d", "e", "f"})
    assert [(one.name, one.reason) for one in found.left_out] == [
        ("b", "another isolate of the patient is kept"),
        ("d", "a patient linked to this one is kept"),
        ("e", "whose it is, is not known"),
        ("f", "whether it is of a clone, is not known"),
        ("g", "has no distances"),
    ]


def test_what_is_of_no_clone_is_told_apart_by_subspecies_and_what_is_not_known_is_left_open() -> (
    None
):
    assert stratum_of("DCC1", None) == "DCC1"
    assert stratum_of("none", "massiliense") == "not a clone (massiliense)"
    assert stratum_of("novel clone", "massiliense") == "not a clone (massiliense)"
    assert stratum_of("none", None) is None
    assert stratum_of("cannot tell", "massiliense") is None
    assert stratum_of(None, "massiliense") is None

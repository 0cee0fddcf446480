"""Isolates shared between two collections: who is near whom, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import shared
from abscope.collection import sharing
from abscope.collection.access import Viewer
from abscope.errors import AccessError, UsageError
from abscope.formats import bundle as bundles
from abscope.formats import signing
from abscope.records import Contig, Reference
from abscope.records.bundles import Details, Genome
from shared import TERMS, Held, genome

ROOT = Viewer("root", "administrator", ("*",))
AZ = Viewer("ana", "epidemiologist", ("AZ",))


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Held]:
    isolates = {
        "Doe_Jane_1": genome(1_000, 1_001),
        "Doe_Jane_2": genome(1_000, 150, missing=(3_000, 3_500)),
        "far": genome(*range(2_000, 2_100)),
    }
    with shared.held(tmp_path / "ours", isolates) as made:
        yield made


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Held]:
    isolates = {"co_1": genome(1_000, 1_001, 1_002), "co_2": genome(*range(2_000, 2_090))}
    with shared.held(tmp_path / "theirs", isolates) as made:
        yield made


def test_near_isolates_are_found_with_the_distances_of_one_collection(
    ours: Held, theirs: Held
) -> None:
    sent, codes = sharing.bundle(ours.collection, ours.charter, ROOT, TERMS)
    found, left_out = sharing.matches(
        theirs.collection, theirs.charter, theirs.shelf, ROOT, sent, within=25
    )
    assert left_out == ()
    told = [(codes[one.code], one.isolate_id, one.snps, one.comparable) for one in found]
    assert told == [
        ("Doe_Jane_1", "co_1", 1, 3_900),
        ("Doe_Jane_2", "co_1", 2, 3_400),
        ("far", "co_2", 10, 3_900),
    ]
    assert {one.contact for one in found} == {TERMS.contact}


def test_a_bundle_on_its_way_holds_no_name_of_isolate_patient_file_or_user(
    ours: Held, tmp_path: Path
) -> None:
    signing.make_key(tmp_path / "key")
    details = {"Doe_Jane_1": Details("DCC1", sampled="2022")}
    terms = replace(TERMS, details=details, jurisdiction="")
    charter = replace(ours.charter, organism=str(tmp_path / "small"))
    sent, codes = sharing.bundle(ours.collection, charter, ROOT, terms)
    assert sent.organism == "small"
    raw = bundles.encode(sent, tmp_path / "key")
    for word in (b"Doe", b"Jane", b"far", b"files of", b"root", str(tmp_path).encode()):
        assert word not in raw
    assert sorted(codes.values()) == ["Doe_Jane_1", "Doe_Jane_2", "far"]


def test_codes_are_the_same_in_every_bundle_of_a_key_and_others_with_another(ours: Held) -> None:
    _, one = sharing.bundle(ours.collection, ours.charter, ROOT, TERMS)
    _, again = sharing.bundle(ours.collection, ours.charter, ROOT, TERMS, names=["far"])
    _, other = sharing.bundle(ours.collection, ours.charter, ROOT, replace(TERMS, secret=b"o" * 32))
    assert set(again.items()) <= set(one.items())
    assert not set(other) & set(one)


def test_removed_isolates_are_neither_sent_nor_found(ours: Held, theirs: Held) -> None:
    ours.remove("Doe_Jane_1")
    sent, codes = sharing.bundle(ours.collection, ours.charter, ROOT, TERMS)
    assert sorted(codes.values()) == ["Doe_Jane_2", "far"]
    theirs.remove("co_1")
    found, _ = sharing.matches(
        theirs.collection, theirs.charter, theirs.shelf, ROOT, sent, within=25
    )
    assert [one.isolate_id for one in found] == ["co_2"]


def test_isolates_on_another_reference_are_reported_and_never_compared(
    ours: Held, theirs: Held
) -> None:
    sent, _ = sharing.bundle(ours.collection, ours.charter, ROOT, TERMS)
    letters = shared.SEQUENCE.copy()
    letters[0] = ord("T")
    other = Reference("R", (Contig("chr", 0, shared.LENGTH),), letters)
    wrong = replace(sent, genomes=(Genome("R", other.digest, shared.LENGTH),))
    found, left_out = sharing.matches(
        theirs.collection, theirs.charter, theirs.shelf, ROOT, wrong, within=25
    )
    assert found == ()
    assert len(left_out) == 3
    assert "called against R" in left_out[0].reason


def test_nobody_shares_or_matches_isolates_of_another_jurisdiction(tmp_path: Path) -> None:
    with shared.held(tmp_path / "both", {}) as both:
        both.add("az_1", genome(5), jurisdiction="AZ")
        both.add("co_1", genome(5, 6), jurisdiction="CO")
        sent, codes = sharing.bundle(both.collection, both.charter, AZ, TERMS)
        assert list(codes.values()) == ["az_1"]
        with pytest.raises(AccessError, match="not among the isolates ana may share: co_1"):
            sharing.bundle(both.collection, both.charter, AZ, TERMS, names=["co_1"])
        found, _ = sharing.matches(both.collection, both.charter, both.shelf, AZ, sent, within=25)
        assert [one.isolate_id for one in found] == ["az_1"]
        lab = Viewer("lab", "laboratory", ("AZ",))
        with pytest.raises(AccessError, match="may not share"):
            sharing.bundle(both.collection, both.charter, lab, TERMS)
        _, codes = sharing.bundle(
            both.collection, both.charter, ROOT, replace(TERMS, jurisdiction="CO")
        )
        assert list(codes.values()) == ["co_1"]


def test_a_bundle_of_nobody_or_without_a_contact_is_refused(ours: Held, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="whom to call"):
        sharing.bundle(ours.collection, ours.charter, ROOT, replace(TERMS, contact=" "))
    with (
        shared.held(tmp_path / "empty", {}) as empty,
        pytest.raises(UsageError, match="no isolate"),
    ):
        sharing.bundle(empty.collection, empty.charter, ROOT, TERMS)


def test_differences_and_gaps_give_an_isolates_letters_back(ours: Held) -> None:
    sent, codes = sharing.bundle(ours.collection, ours.charter, ROOT, TERMS)
    by_name = {codes[one.code]: one for one in sent.isolates}
    letters = by_name["Doe_Jane_2"].letters(shared.SEQUENCE)
    np.testing.assert_array_equal(letters, genome(1_000, 150, missing=(3_000, 3_500)))

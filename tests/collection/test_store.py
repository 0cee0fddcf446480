"""A collection keeps every finished isolate, whole, whatever happens next."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from abscope.collection import profiles
from abscope.collection.database import reading
from abscope.collection.schema import isolates
from abscope.collection.store import Collection, open_collection
from abscope.errors import DataError, StorageError
from abscope.records import (
    Called,
    Calls,
    Contig,
    Depth,
    LeftOut,
    MinorSites,
    Profile,
    ReadStats,
    Reference,
    ReferenceChoice,
)
from abscope.tables import VARIANTS


def reference(letters: bytes = b"ACGTACGTAC") -> Reference:
    sequence = np.frombuffer(letters, dtype=np.uint8)
    return Reference("R", (Contig("c", 0, len(sequence)),), sequence, "abscessus")


def profile(key: str = "a" * 64, bases: bytes = b"ACG-ACnTNC") -> Profile:
    row = dict.fromkeys(VARIANTS.schema.names()) | {"position": 3, "ref": "T", "alt": "A"}
    called = Called(
        Calls("R", np.frombuffer(bases, dtype=np.uint8)),
        VARIANTS.frame([row]),
        Depth(33.5, 33.0, 0.9, 5, np.array([30.0, 37.0], dtype=np.float32)),
        ReadStats(100, 15_000, 150.0, 0.64, 0.93, 0.99, 0.02, 300),
    )
    choice = ReferenceChoice("R", (("R", 0.99), ("S", 0.97)), "R is nearest")
    return Profile(key, "paired", "fast/1", choice, called, ("mean depth is low",))


def test_a_profile_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    kept, genome = profile(), reference()
    profiles.save(tmp_path, kept, genome)
    found = profiles.load(tmp_path, kept.key, {"R": genome})
    assert found is not None
    np.testing.assert_array_equal(found.called.calls.bases, kept.called.calls.bases)
    np.testing.assert_array_equal(found.called.depth.windows, kept.called.depth.windows)
    assert found.called.variants.equals(kept.called.variants)
    assert (found.choice, found.warnings, found.kind) == (kept.choice, kept.warnings, kept.kind)
    assert found.called.reads == kept.called.reads
    assert found.called.minor is None


def test_second_bases_come_back_as_they_were_kept(tmp_path: Path) -> None:
    genome, kept = reference(), profile()
    minor = MinorSites(
        np.array([3]),
        np.frombuffer(b"T", dtype=np.uint8),
        np.frombuffer(b"A", dtype=np.uint8),
        np.array([[5, 4, 2, 3]], dtype=np.uint16),
        np.ones((4, 20), dtype=np.int64),
        np.ones((4, 4, 2), dtype=np.int64),
        np.ones(4, dtype=np.int64),
        2,
        10,
    )
    kept = replace(kept, called=replace(kept.called, minor=minor))
    profiles.save(tmp_path, kept, genome)
    found = profiles.load(tmp_path, kept.key, {"R": genome})
    assert found is not None
    assert found.called.minor is not None
    for field in fields(MinorSites):
        expected = getattr(minor, field.name)
        np.testing.assert_array_equal(getattr(found.called.minor, field.name), expected)


def test_a_damaged_profile_counts_as_absent_and_is_made_again(tmp_path: Path) -> None:
    kept, genome = profile(), reference()
    profiles.save(tmp_path, kept, genome)
    path = profiles.path_of(tmp_path, kept.key)
    whole = path.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert profiles.load(tmp_path, kept.key, {"R": genome}) is None


def test_calls_are_never_read_against_another_sequence(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile(), reference())
    other = {"R": reference(b"ACGTACGTAA")}
    with pytest.raises(DataError, match="another sequence"):
        profiles.load(tmp_path, profile().key, other)


def failures(collection: Collection) -> list[tuple[str, str, str]]:
    query = sa.select(isolates.c.isolate_id, isolates.c.failure, isolates.c.hint)
    with reading(collection.engine) as connection:
        return [
            tuple(row) for row in connection.execute(query.where(isolates.c.failure.is_not(None)))
        ]


def test_isolates_and_failures_are_still_known_when_the_collection_is_opened_again(
    tmp_path: Path,
) -> None:
    genome = reference()
    with open_collection(tmp_path) as collection:
        profiles.save(tmp_path, profile(), genome)
        collection.add("iso1", profile().key, reference="R")
        collection.fail(LeftOut("iso2", "empty file", "export it again"))
    with open_collection(tmp_path) as collection:
        assert list(collection.profiles(["iso1", "iso2"], [genome])) == ["iso1"]
        assert failures(collection) == [("iso2", "empty file", "export it again")]


def test_an_isolate_that_failed_and_was_mended_is_no_longer_a_failure(tmp_path: Path) -> None:
    with open_collection(tmp_path) as collection:
        collection.fail(LeftOut("iso1", "empty file", ""))
        profiles.save(tmp_path, profile(), reference())
        collection.add("iso1", profile().key, reference="R")
        assert failures(collection) == []


def test_only_the_isolates_asked_for_are_loaded(tmp_path: Path) -> None:
    with open_collection(tmp_path) as collection:
        profiles.save(tmp_path, profile(), reference())
        for name in ("b", "a", "c"):
            collection.add(name, profile().key, reference="R")
        assert list(collection.profiles(["c", "a"], [reference()])) == ["a", "c"]


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "collection.db").mkdir()
    with pytest.raises(StorageError, match=r"collection\.db"), open_collection(tmp_path):
        pass


def test_variants_keep_their_types(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile(), reference())
    found = profiles.load(tmp_path, profile().key, {"R": reference()})
    assert found is not None
    assert found.called.variants.schema["position"] == pl.Int64

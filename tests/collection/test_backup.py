"""A collection in one file, and back; and a look at whether everything in it is as it should be."""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

import databases
from abscope.collection import arrivals, charter, profiles
from abscope.collection.backup import backup, check, unpack
from abscope.collection.charter import Charter
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp
from abscope.collection.schema import isolates, log, memberships, metadata
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.collection.verify import problems
from abscope.errors import DataError, UsageError
from abscope.population.packing import hide, pack
from abscope.records import (
    Called,
    Calls,
    Contig,
    Depth,
    Interval,
    Mask,
    Profile,
    ReadStats,
    Reference,
    ReferenceChoice,
)
from abscope.settings import CallRules
from abscope.tables import VARIANTS

LENGTH, LEVELS, STAMP = 1_000, (5, 25), Stamp("2026-01-02T03:04:05", "tests")
LETTERS = np.frombuffer(b"ACGT" * (LENGTH // 4), dtype=np.uint8)
REFERENCE = Reference("R", (Contig("c", 0, LENGTH),), LETTERS)
MASK = Mask("R", LENGTH, (Interval(0, 50, "repeat"),))


class Desk:
    """A collection of three isolates, with profiles."""

    def __init__(self, collection: Collection, *, fill: bool = True) -> None:
        self.collection, self.charter = collection, self.found(collection.folder)
        if fill:
            charter.found(self.charter)
            for name, changed in {"a": 0, "b": 3, "far": 200}.items():
                self.admit(name, changed)

    @staticmethod
    def found(folder: Path) -> Charter:
        limits = (0.95, (500, 2000))
        rules = CallRules()
        return Charter(folder, "own", limits, (REFERENCE,), (MASK,), LEVELS, 0.5, rules, "fast")

    def shelf(self, reference: Reference) -> Shelf:
        return Shelf(self.collection.folder / "genotypes" / "R", reference.digest, LENGTH, 475)

    def admit(self, name: str, changed: int) -> None:
        bases = LETTERS.copy()
        bases[100 : 100 + changed] = bases[101 : 101 + changed]
        called = Called(
            Calls("R", bases),
            VARIANTS.frame(),
            Depth(30.0, 30.0, 1.0, 5, np.array([30.0], dtype=np.float32)),
            ReadStats(100, 15_000, 150.0, 0.64, 0.93, 0.99, 0.02, 300),
        )
        key = f"{changed:064x}"
        choice = ReferenceChoice("R", (("R", 0.99),), "only one")
        profiles.save(
            self.collection.folder, Profile(key, "paired", "fast/1", choice, called, ()), REFERENCE
        )
        planes = pack([called.calls], isolates=1, length=LENGTH)[:1]
        hide(planes, MASK.hidden())
        arrival = arrivals.Arrival(name, key, f"files of {name}", "R", planes[0])
        shelf = self.shelf(REFERENCE)
        arrivals.admit(self.collection, arrival, shelf=shelf, levels=LEVELS, stamp=STAMP)

    def wrong(self) -> list[str]:
        return list(problems(self.collection, self.charter, self.shelf))

    def rows(self) -> dict[str, list[str]]:
        with reading(self.collection.engine) as connection:
            return {
                table.name: sorted(
                    json.dumps(dict(row), sort_keys=True)
                    for row in connection.execute(sa.select(table)).mappings()
                )
                for table in metadata.sorted_tables
            }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_collection(tmp_path / "c") as collection:
        yield Desk(collection)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_brings_everything_back_on_either_database(
    kind: str, desk: Desk, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = None
    if kind == "postgresql":
        url = databases.fresh(request.getfixturevalue("postgresql"))
    archive, place = tmp_path / "backup.tar", tmp_path / "again"
    count = backup(desk.collection, archive)
    assert unpack(archive, place, database=url) == count == len(check(archive))
    with open_collection(place, database=url) as collection:
        again = Desk(collection, fill=False)
        assert again.rows() == desk.rows()
        assert again.wrong() == []
        assert charter.read(place).references == (REFERENCE,)
        again.admit("late", 4)
        with reading(collection.engine) as connection:
            last = connection.execute(sa.select(sa.func.max(log.c.entry))).scalar()
        assert last == 4


def test_the_same_collection_gives_the_same_backup(desk: Desk, tmp_path: Path) -> None:
    for name in ("one.tar", "two.tar"):
        backup(desk.collection, tmp_path / name)
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


def test_a_damaged_or_cut_backup_is_told_and_nothing_is_unpacked(
    desk: Desk, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.tar"
    backup(desk.collection, archive)
    whole = archive.read_bytes()
    at = whole.index(b'"isolate_id": "far"')
    archive.write_bytes(whole[:at] + whole[at:].replace(b'"far"', b'"fur"', 1))
    with pytest.raises(DataError, match=r"tables/isolates\.jsonl: damaged"):
        unpack(archive, tmp_path / "again")
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"cut short|no whole backup|no checksums"):
        unpack(archive, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_backup_that_reaches_outside_its_folder_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    with tarfile.open(archive, "w") as file:
        member = tarfile.TarInfo("../outside.txt")
        member.size = 4
        file.addfile(member, BytesIO(b"evil"))
    with pytest.raises(DataError, match="does not belong in a backup"):
        unpack(archive, tmp_path / "again")
    assert not (tmp_path / "outside.txt").exists()


def test_a_backup_is_not_unpacked_over_a_collection(desk: Desk, tmp_path: Path) -> None:
    backup(desk.collection, tmp_path / "backup.tar")
    with pytest.raises(UsageError, match="holds a collection already"):
        unpack(tmp_path / "backup.tar", desk.collection.folder)


def test_a_restore_that_was_interrupted_goes_on(desk: Desk, tmp_path: Path) -> None:
    archive, place = tmp_path / "backup.tar", tmp_path / "again"
    backup(desk.collection, archive)
    unpack(archive, place)
    (place / charter.FILE).unlink()
    profiles.path_of(place, f"{3:064x}").unlink()
    unpack(archive, place)
    with open_collection(place) as collection:
        again = Desk(collection, fill=False)
        assert again.rows() == desk.rows()
        assert again.wrong() == []


def test_a_backup_is_not_unpacked_into_the_database_of_another_collection(
    desk: Desk, tmp_path: Path
) -> None:
    archive, place = tmp_path / "backup.tar", tmp_path / "again"
    backup(desk.collection, archive)
    with open_collection(place) as collection:
        collection.add("somebody", "k" * 64, reference="R")
    with pytest.raises(UsageError, match="holds a collection already"):
        unpack(archive, place)
    assert not (place / "profiles").exists()


def test_a_restored_collection_knows_where_its_rows_are_now(desk: Desk, tmp_path: Path) -> None:
    path = desk.collection.folder / charter.FILE
    about = {**json.loads(path.read_bytes()), "database": "postgresql://host/old"}
    path.write_text(json.dumps(about))
    backup(desk.collection, tmp_path / "backup.tar")
    unpack(tmp_path / "backup.tar", tmp_path / "again")
    assert charter.read(tmp_path / "again").database is None


def test_passwords_and_tokens_are_not_part_of_a_backup(desk: Desk, tmp_path: Path) -> None:
    backup(desk.collection, tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as archive:
        names = archive.getnames()
    assert not {"tables/users.jsonl", "tables/tokens.jsonl"} & set(names)


def test_a_sound_collection_has_no_problems(desk: Desk) -> None:
    assert desk.wrong() == []


def test_what_is_wrong_with_a_collection_is_told_all_at_once(desk: Desk) -> None:
    profiles.path_of(desk.collection.folder, f"{0:064x}").unlink()
    genome = REFERENCE.sequence.copy()
    genome[500] = ord("G") if genome[500] != ord("G") else ord("C")
    known = {"R": REFERENCE}
    key = f"{3:064x}"
    kept = profiles.load(desk.collection.folder, key, known)
    assert kept is not None
    changed = replace(kept, called=replace(kept.called, calls=Calls("R", genome)))
    profiles.save(desk.collection.folder, changed, REFERENCE)
    with writing(desk.collection.engine) as connection:
        here = sa.and_(memberships.c.level == 5, memberships.c.isolate_id == "far")
        connection.execute(sa.update(memberships).where(here).values(cluster=77))
        connection.execute(
            sa.update(isolates).where(isolates.c.isolate_id == "a").values(hint=None)
        )
    found = desk.wrong()
    assert any("a: its profile" in one and "missing or damaged" in one for one in found)
    assert "b: its genotype is not that of its profile" in found
    assert "cluster 77 at 5 SNPs is not in the ledger" in found

"""Isolates come, go and come back; on SQLite, on PostgreSQL, and with their genotypes in an object store."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

import databases
from abscope.collection import arrivals, profiles
from abscope.collection.arrivals import Arrival
from abscope.collection.database import HEAD, connect, migrate, reading, writing
from abscope.collection.history import Stamp, read_ledger, read_log
from abscope.collection.schema import isolates, memberships, metadata, near_pairs
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.errors import DataError, StorageError
from abscope.population.packing import pack
from abscope.records import Calls
from abscope.running.storage import write_whole

LENGTH, LEVELS, STAMP = 2_000, (5, 25), Stamp("2026-01-02T03:04:05", "tests")


@dataclass
class Desk:
    """An open collection with what admitting needs."""

    collection: Collection
    shelf: Shelf

    def admit(self, name: str, letters: np.ndarray, *, content: str | None = None):
        (planes,) = pack([Calls("R", letters)], isolates=1, length=LENGTH)[:1]
        write_whole(profiles.path_of(self.collection.folder, "k" * 64), b"a profile")
        arrival = Arrival(name, "k" * 64, content or f"files of {name}", "R", planes)
        return arrivals.admit(
            self.collection, arrival, shelf=self.shelf, levels=LEVELS, stamp=STAMP
        )

    def remove(self, name: str):
        return arrivals.remove(self.collection, name, reason="mixed up", levels=LEVELS, stamp=STAMP)

    def restore(self, name: str):
        return arrivals.restore(self.collection, name, levels=LEVELS, stamp=STAMP)

    def clusters(self, level: int) -> set[frozenset[str]]:
        query = sa.select(memberships.c.cluster, memberships.c.isolate_id).where(
            memberships.c.level == level
        )
        groups: dict[int, set[str]] = {}
        with reading(self.collection.engine) as connection:
            for cluster, name in connection.execute(query):
                groups.setdefault(cluster, set()).add(name)
        return {frozenset(group) for group in groups.values()}

    def rows(self, table: sa.Table) -> list[tuple]:
        with reading(self.collection.engine) as connection:
            return [tuple(row) for row in connection.execute(sa.select(table))]


@pytest.fixture(params=["sqlite", "postgresql", "objects on a disk", "objects in memory"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    url, folder = None, tmp_path / "c"
    if request.param == "postgresql":
        url = databases.fresh(request.getfixturevalue("postgresql"))
    store = {
        "objects on a disk": f"file://{tmp_path}/store",
        "objects in memory": f"memory://{tmp_path}",
    }.get(request.param)
    with open_collection(folder, database=url, genotypes=store) as collection:
        shelf = Shelf(folder / "genotypes", "digest", LENGTH, LENGTH // 2, mirror=collection.mirror)
        yield Desk(collection, shelf)


def genome(*changed: int, missing: int = 0) -> np.ndarray:
    """The ancestor with its letter changed at some positions, and none at the last `missing`."""
    letters = np.frombuffer(b"ACGT" * (LENGTH // 4), dtype=np.uint8).copy()
    letters[list(changed)] = np.where(letters[list(changed)] == ord("A"), ord("C"), ord("A"))
    letters[LENGTH - missing :] = ord("N")
    return letters


def test_an_arrival_finds_its_neighbours_and_joins_their_clusters(desk: Desk) -> None:
    desk.admit("one", genome())
    desk.admit("far", genome(*range(100, 200)))
    found = desk.admit("two", genome(3, 7, 11))
    assert [(n.isolate_id, n.snps, n.comparable) for n in found.near] == [("one", 3, LENGTH)]
    assert found.address == "1.1"
    assert desk.clusters(5) == {frozenset({"one", "two"}), frozenset({"far"})}
    assert [entry.sentence for entry in found.entries] == [
        "two joined cluster 1 at 5 SNPs",
        "two joined cluster 1 at 25 SNPs",
    ]


def test_the_same_files_under_another_name_are_reported_and_not_doubled(desk: Desk) -> None:
    desk.admit("one", genome(), content="these files")
    found = desk.admit("again", genome(), content="these files")
    assert found.known_as == "one"
    assert len(desk.rows(isolates)) == 1
    assert len(desk.shelf.stored().genotypes) == 1


def test_a_name_is_never_given_to_other_files(desk: Desk) -> None:
    desk.admit("one", genome())
    with pytest.raises(DataError, match="one: is in the collection, from other files"):
        desk.admit("one", genome(5), content="others")
    assert len(desk.rows(isolates)) == 1


def test_a_pair_with_too_few_comparable_sites_is_not_near(desk: Desk) -> None:
    desk.admit("one", genome())
    assert desk.admit("poor", genome(missing=LENGTH - 100)).near == ()


def test_taking_out_the_link_splits_a_cluster_and_bringing_it_back_joins_it(desk: Desk) -> None:
    desk.admit("a", genome())
    desk.admit("b", genome(*range(5)))
    desk.admit("c", genome(*range(10)))
    assert desk.clusters(5) == {frozenset("abc")}
    entries = desk.remove("b")
    assert desk.clusters(5) == {frozenset("a"), frozenset("c")}
    assert "c of cluster 1 became 2 at 5 SNPs: nobody close to both is left" in [
        entry.sentence for entry in entries
    ]
    assert desk.clusters(25) == {frozenset("ac")}
    found = desk.restore("b")
    assert desk.clusters(5) == {frozenset("abc")}
    assert found.address == "1.1"
    assert [(n.isolate_id, n.snps) for n in found.near] == [("a", 5), ("c", 5)]


def test_who_comes_while_an_isolate_is_removed_is_near_it_once_it_is_back(desk: Desk) -> None:
    desk.admit("a", genome())
    desk.remove("a")
    late = desk.admit("late", genome(1))
    assert desk.clusters(5) == {frozenset({"late"})}
    assert [n.isolate_id for n in late.near] == ["a"]
    desk.restore("a")
    assert desk.clusters(5) == {frozenset({"a", "late"})}


def test_what_is_not_there_can_be_neither_removed_nor_restored(desk: Desk) -> None:
    desk.admit("a", genome())
    with pytest.raises(DataError, match="b: no such isolate"):
        desk.remove("b")
    with pytest.raises(DataError, match="a: is not removed"):
        desk.restore("a")
    desk.remove("a")
    with pytest.raises(DataError, match="a: is removed already"):
        desk.remove("a")


def test_the_log_and_the_ledger_tell_all_that_was_done(desk: Desk) -> None:
    desk.admit("a", genome())
    desk.remove("a")
    with reading(desk.collection.engine) as connection:
        noted, told = read_log(connection), read_ledger(connection)
    assert [(n.verb, n.subject, n.actor) for n in noted] == [
        ("add", "a", "tests"),
        ("remove", "a", "tests"),
    ]
    assert noted[1].detail == {"reason": "mixed up"}
    assert [entry.verb for _, entry in told] == ["founded"] * 2 + ["left", "ended"] * 2


def test_an_arrival_that_fails_halfway_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.admit("a", genome())
    before = [desk.rows(table) for table in metadata.sorted_tables]

    def refuse(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(arrivals, "note_ledger", refuse)
    with pytest.raises(StorageError):
        desk.admit("b", genome(2))
    monkeypatch.undo()
    assert [desk.rows(table) for table in metadata.sorted_tables] == before
    assert [n.isolate_id for n in desk.admit("b", genome(2)).near] == ["a"]
    assert len(desk.rows(near_pairs)) == 1
    assert desk.shelf.stored().names() == ("a", "b")  # the genotype it left is taken


def test_a_genotype_left_behind_is_not_taken_for_another_isolates(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(arrivals, "note_ledger", refuse)
        with pytest.raises(StorageError):
            desk.admit("a", genome(2))
    desk.admit("a", genome(3))
    assert [(n.isolate_id, n.snps) for n in desk.admit("b", genome(3)).near] == [("a", 0)]
    assert desk.shelf.stored().names() == ("a", "a", "b")


def test_twenty_orders_of_arrival_give_one_partition(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    people = {
        f"i{n}": genome(*rng.choice(60, rng.integers(0, 12), replace=False)) for n in range(12)
    }
    seen = set()
    for turn in range(20):
        with open_collection(tmp_path / str(turn)) as collection:
            shelf = Shelf(tmp_path / str(turn) / "genotypes", "digest", LENGTH, LENGTH // 2)
            desk = Desk(collection, shelf)
            for name in rng.permutation(sorted(people)).tolist():
                desk.admit(name, people[name])
            pairs = frozenset((r[0], r[1], r[2]) for r in desk.rows(near_pairs))
            seen.add((frozenset(desk.clusters(5)), frozenset(desk.clusters(25)), pairs))
    assert len(seen) == 1


def test_migrations_make_the_tables_that_the_code_describes(desk: Desk) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with reading(desk.collection.engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_interrupted_migration_leaves_the_layout_before(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: Path | str = tmp_path / "collection.db"
    if kind == "postgresql":
        where = databases.fresh(request.getfixturevalue("postgresql"))
    monkeypatch.setattr("abscope.collection.database.HEAD", "0001")
    engine = connect(where)
    tables = set(sa.inspect(engine).get_table_names())
    with pytest.raises(KeyboardInterrupt):
        migrate_and_stop(engine)
    assert set(sa.inspect(engine).get_table_names()) == tables
    engine.dispose()
    monkeypatch.setattr("abscope.collection.database.HEAD", HEAD)
    engine = connect(where)
    assert set(sa.inspect(engine).get_table_names()) > tables
    engine.dispose()


def migrate_and_stop(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        migrate(connection, HEAD)
        raise KeyboardInterrupt


def test_a_collection_of_a_newer_abscope_is_left_alone(tmp_path: Path) -> None:
    engine = connect(tmp_path / "collection.db")
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StorageError, match="written by a newer abscope"):
        connect(tmp_path / "collection.db")

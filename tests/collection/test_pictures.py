"""What a watch sees: only whom news concern, and counts of everybody as one by one."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from abscope.collection import schema
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp, note
from abscope.collection.pictures import Told, newest, pictures
from abscope.collection.store import Collection, open_collection
from abscope.records import Picture

STAMP = Stamp("2026-01-02T03:04:05", "tests")
TYPED = {"a": "DCC1", "b": "DCC1", "c": "none", "d": "cannot tell", "e": "DCC1", "new": "DCC1"}
PATIENTS = {"a": "P", "b": "P", "c": "P", "odd": "Q"}
CLUSTER = {"a": 1, "b": 2, "c": 3, "d": 1, "e": 4, "odd": 1, "new": 1}


@pytest.fixture
def collection(database: str | None, tmp_path: Path) -> Iterator[Collection]:
    """Seven isolates; the last came after the others. One was added, removed, and added again."""
    with open_collection(tmp_path / "c", database=database) as opened:
        with writing(opened.engine) as connection:
            for number, name in enumerate(CLUSTER):
                connection.execute(sa.insert(schema.isolates).values(
                    isolate_id=name, serial=number, profile_key=f"{number:064x}", reference="R",
                    genotype=number, jurisdiction=f"S{number % 2}",
                ))  # fmt: skip
                placed = {"level": 10, "isolate_id": name, "cluster": CLUSTER[name]}
                connection.execute(sa.insert(schema.memberships).values(placed))
                note(connection, STAMP, "add", name, {})
            for name in ("new", "c"):
                placed = {"level": 25, "isolate_id": name, "cluster": 9}
                connection.execute(sa.insert(schema.memberships).values(placed))
            pair = {"isolate_1": "e", "isolate_2": "new", "snps": 4, "comparable": 90}
            connection.execute(sa.insert(schema.near_pairs).values(pair))
            note(connection, STAMP, "add", "a", {})
            note(connection, STAMP, "add", "new", {})
        yield opened


def seen(collection: Collection, known: Told) -> tuple[Picture, dict[str, Counter[str | None]]]:
    """Today, and what was counted while the connection was open."""
    with reading(collection.engine) as connection:
        since = newest(connection) - 1
        _, today = pictures(connection, since, known, year_ago="2025-01-02", levels=(10,))
        counts = {"known": today.known, "a_year": today.a_year, "totals": today.totals}
        assert dict(today.sizes) == {(10, 1): 4, (25, 9): 2}
        return today, {name: Counter(dict(one.items())) for name, one in counts.items()}


def types(folder: Path, separator: str = "\t") -> None:
    rows = [["isolate_id", "clone", "subspecies"], *([n, c, "abscessus"] for n, c in TYPED.items())]
    (folder / "types.tsv").write_text("".join(separator.join(row) + "\n" for row in rows))


@pytest.mark.parametrize("separator", ["\t", ","], ids=["tabs", "commas"])
def test_patients_are_counted_by_stratum_as_one_by_one(
    collection: Collection, separator: str
) -> None:
    types(collection.folder, separator)
    _, counted = seen(collection, Told(collection.folder, None, PATIENTS))
    strata = {"a": "DCC1", "b": "DCC1", "c": "not a clone (abscessus)", "e": "DCC1", "new": "DCC1"}

    def one_by_one(names: list[str]) -> Counter[str | None]:
        alone = Counter(strata.get(name) for name in names if name not in PATIENTS)
        known = {(strata.get(name), PATIENTS[name]) for name in names if name in PATIENTS}
        return alone + Counter(stratum for stratum, _ in known)

    assert counted["known"] == one_by_one(list(CLUSTER))
    assert counted["a_year"] == one_by_one([*CLUSTER, "a", "new"])
    assert counted["totals"] == {"S0": 4, "S1": 3}


def test_without_tables_everybody_is_of_an_unknown_stratum(collection: Collection) -> None:
    _, counted = seen(collection, Told(collection.folder, None, {}))
    assert counted["known"] == {None: 7}
    assert counted["a_year"] == {None: 9}


def test_nobody_is_seen_but_near_ones_fellows_and_the_same_patient(collection: Collection) -> None:
    types(collection.folder)
    today, _ = seen(collection, Told(collection.folder, None, {**PATIENTS, "new": "P"}))
    assert set(today.isolates) == {"new", "e", "a", "d", "odd", "b", "c"}
    alone, _ = seen(collection, Told(collection.folder, None, PATIENTS))
    assert set(alone.isolates) == {"new", "e", "a", "d", "odd"}
    assert alone.isolates["e"].sampled.stratum == "DCC1"
    patients = {name: one.sampled.patient for name, one in alone.isolates.items()}
    assert patients == {"new": None, "e": None, "a": "P", "d": None, "odd": "Q"}
    assert alone.isolates["odd"].jurisdiction == "S1"
    assert all(alone.isolates[name].clusters == {10: 1} for name in ("a", "d", "odd"))
    assert alone.isolates["new"].clusters == {10: 1, 25: 9}

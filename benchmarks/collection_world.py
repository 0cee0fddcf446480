"""A collection of many isolates with the clones of a published survey, written without calling any reads.

Half of the isolates are of dominant clones whose members differ as those of the survey do (medians of
10 to 69 SNPs; shares of near pairs from 5 to 98 in a hundred); the others are of a clone for fifty of them,
of very unequal sizes. Within a clone an isolate has SNPs of its own, and a pair differs by the sum of
both. So who is linked at a level, and in which cluster, is known without comparing; genotypes are written
by the store's own code, rows of the database by that reckoning.
"""

# ruff: noqa: NPY002
# Compiled code has no Generator.

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from abscope.collection import genotypes, schema
from abscope.collection.database import reading, writing
from abscope.collection.pictures import ADDING, CURSOR, move_cursor, newest
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection
from abscope.kernels import kernel
from abscope.population.packing import ANY_CASE, Words, pack_letters, words_for
from benchmarks.neighbours import founder

Counts = NDArray[np.int64]

LEVELS, STAMP, BATCH = (10, 25), "2026-01-01T00:00:00", 500
# Share of the isolates, median SNPs of a pair, standard deviation of an isolate's own SNPs.
DOMINANT = (
    (0.25, 69, 14),
    (0.10, 69, 25),
    (0.06, 52, 14),
    (0.04, 47, 15),
    (0.03, 28, 8),
    (0.01, 10, 3),
    (0.01, 10, 3),
)
OTHERS = (69, 14)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Who is of which clone, and how many SNPs each has of its own."""

    sites: int
    clone: Counts
    own: Counts

    def planes(self, numbers: range) -> Iterator[Words]:
        """Isolates as planes (n, 3, words), one after another."""
        for number in numbers:
            ancestor = _founder(int(self.clone[number]), self.sites)
            row = np.zeros((3, words_for(self.sites)), np.uint64)
            letters = _isolate(ancestor, int(self.own[number]), number)
            pack_letters(letters, row, ANY_CASE)
            yield row


@lru_cache(4000)
def _founder(clone: int, sites: int) -> NDArray[np.uint8]:
    letters: NDArray[np.uint8] = founder(clone, sites)
    return letters


@kernel
def _isolate(founders: NDArray[np.uint8], own: int, number: int) -> NDArray[np.uint8]:
    letters = founders.copy()
    np.random.seed(5_000_000 + number)
    for _ in range(own):
        at = np.random.randint(0, len(letters))
        letters[at] = (letters[at] + 1 + np.random.randint(0, 3)) % 4
    for at in range(len(letters)):
        letters[at] = (65, 67, 71, 84)[letters[at]]
    for _ in range(60):
        start = np.random.randint(0, len(letters))
        letters[start : start + np.random.geometric(1 / 30)] = 78
    return letters


def plan(count: int, *, sites: int, seed: int = 7) -> Plan:
    """Who there is: `count` isolates, in no order."""
    rng = np.random.default_rng(seed)
    small = max(3, count // 50)
    sizes = rng.pareto(1.2, small) + 1
    rest = 1 - sum(share for share, _, _ in DOMINANT)
    shares = np.concatenate([[share for share, _, _ in DOMINANT], rest * sizes / sizes.sum()])
    clone = rng.choice(len(shares), count, p=shares)
    medians = np.array([median for _, median, _ in DOMINANT] + [OTHERS[0]] * small)
    spreads = np.array([spread for _, _, spread in DOMINANT] + [OTHERS[1]] * small)
    own = np.rint(rng.normal(medians[clone] / 2, spreads[clone])).clip(0).astype(np.int64)
    return Plan(sites, clone, own)


def name(number: int) -> str:
    """An isolate's name."""
    return f"isolate{number:06d}"


def jurisdiction(number: int) -> str:
    """Whose an isolate is: of fifty in turn."""
    return f"S{number % 50:02}"


def tell(folder: Path, isolates: Plan, count: int) -> None:
    """Write types.tsv of the first `count` isolates: clone, and the sequencing run of every 96."""
    clones = isolates.clone[:count].tolist()
    rows = (
        f"{name(n)}\tabscessus\t{f'DCC{clone + 1}' if clone < len(DOMINANT) else 'none'}\tM{n // 96}\n"
        for n, clone in enumerate(clones)
    )
    (folder / "types.tsv").write_text("isolate_id\tsubspecies\tclone\trun\n" + "".join(rows))


def watch_largest(collection: Collection) -> None:
    """Put the largest cluster at the widest level on the watch list: each new member is an alert."""
    level, cluster = schema.memberships.c.level, schema.memberships.c.cluster
    largest = (
        sa.select(cluster)
        .where(level == LEVELS[-1])
        .group_by(cluster)
        .order_by(sa.func.count().desc(), cluster)
        .limit(1)
    )
    with reading(collection.engine) as connection:
        number = connection.execute(largest).scalar_one()
    text = f'[[watched]]\nkind = "cluster"\nvalue = {number}\nlevel = {LEVELS[-1]}\n'
    (collection.folder / "watch.toml").write_text(text)


def fill(collection: Collection, shelf: Shelf, isolates: Plan, count: int) -> int:
    """Write the first `count` isolates: genotypes, rows, clusters, pairs; how many pairs."""
    stored = shelf.stored()
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        planes = np.array(list(isolates.planes(numbers)))
        stored = genotypes.add(stored, [name(number) for number in numbers], planes)
    with writing(collection.engine) as connection:
        enter(connection, isolates, count)
        return sum(_insert(connection, schema.near_pairs, p) for p in _pairs(isolates, count))


def enter(connection: sa.Connection, isolates: Plan, count: int) -> None:
    """Write the rows of the first `count` isolates, looked at already, and their clusters."""
    _isolates(connection, count)
    for cursor in (CURSOR, ADDING):
        move_cursor(connection, newest(connection), cursor)
    for level in LEVELS:
        _clusters(connection, level, linked(isolates, count, level))


def _isolates(connection: sa.Connection, count: int) -> None:
    rows, log = [], []
    for number in range(count):
        rows.append(
            {
                "isolate_id": name(number),
                "serial": number + 1,
                "profile_key": f"{number:064x}",
                "content": f"{number:064x}",
                "reference": "R",
                "genotype": number,
                "jurisdiction": jurisdiction(number),
            }
        )
        log.append(
            {"at": STAMP, "actor": "-", "verb": "add", "subject": name(number), "detail": {}}
        )
    _insert(connection, schema.isolates, rows)
    _insert(connection, schema.log, log)
    _insert(connection, schema.counters, [{"name": "isolates", "next": count + 1}])


def linked(isolates: Plan, count: int, level: int) -> Counts:
    """Each isolate's cluster: its clone's if its SNPs and the fewest of the clone's fit the level."""
    clone, own = isolates.clone[:count], isolates.own[:count]
    fewest = np.full(clone.max() + 1, 10**6)
    np.minimum.at(fewest, clone, own)
    inside = own + fewest[clone] <= level
    groups = np.where(inside, clone, len(fewest) + np.arange(count))
    _, first, number = np.unique(groups, return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(1, len(first) + 1)
    found: Counts = order[number]
    return found


def _clusters(connection: sa.Connection, level: int, cluster: Counts) -> None:
    members = [
        {"level": level, "isolate_id": name(number), "cluster": int(one)}
        for number, one in enumerate(cluster)
    ]
    _insert(connection, schema.memberships, members)
    seen: set[int] = set()
    entries = []
    for row in members:
        verb = "joined" if row["cluster"] in seen else "founded"
        seen.add(row["cluster"])
        entry = {"at": STAMP, "level": level, "verb": verb, "cluster": row["cluster"]}
        entries.append({**entry, "other": None, "isolates": [row["isolate_id"]]})
    _insert(connection, schema.ledger, entries)
    _insert(connection, schema.counters, [{"name": f"clusters at {level}", "next": len(seen) + 1}])


def _pairs(isolates: Plan, count: int) -> Iterator[list[dict[str, object]]]:
    """Pairs within the widest level, by their names: an isolate's with all later ones at a time."""
    clone, own = isolates.clone[:count], isolates.own[:count]
    rows: list[dict[str, object]] = []
    for one in range(len(DOMINANT) + max(3, len(isolates.clone) // 50)):
        members = np.flatnonzero((clone == one) & (own <= LEVELS[-1]))
        for place, number in enumerate(members.tolist()):
            later = members[place + 1 :]
            apart = own[later] + own[number]
            near = apart <= LEVELS[-1]
            rows += (
                {
                    "isolate_1": name(number),
                    "isolate_2": name(other),
                    "snps": snps,
                    "comparable": isolates.sites,
                }
                for other, snps in zip(later[near].tolist(), apart[near].tolist(), strict=True)
            )
            if len(rows) > 100_000:
                yield rows
                rows = []
    yield rows


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, object]]) -> int:
    """Write rows by the driver itself: several times as quick for millions."""
    columns = list(rows[0]) if rows else []
    if connection.dialect.name != "sqlite" or not rows:
        if rows:
            connection.execute(sa.insert(table), rows)
        return len(rows)
    marks = ", ".join("?" * len(columns))
    sql = f'INSERT INTO "{table.name}" ({", ".join(f"{chr(34)}{c}{chr(34)}" for c in columns)}) '
    values = [
        tuple(json.dumps(v) if isinstance(v, list | dict) else v for v in row.values())
        for row in rows
    ]
    connection.connection.cursor().executemany(f"{sql}VALUES ({marks})", values)
    return len(rows)

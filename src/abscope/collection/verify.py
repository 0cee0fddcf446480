"""Whether a collection holds what it says: every profile, genotype, pair, cluster and number."""

from collections.abc import Callable, Iterator

import numpy as np
import sqlalchemy as sa

from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.schema import isolates, ledger, memberships, near_pairs
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection
from abscope.population import neighbours
from abscope.population.ledger import parts_of
from abscope.population.packing import hide, pack
from abscope.records import Reference

Shelves = Callable[[Reference], Shelf]


def problems(collection: Collection, charter: Charter, shelves: Shelves) -> Iterator[str]:
    """Everything that is not as it should be; nothing for a sound collection.

    Every profile is read whole and its genotype compared with what is stored, position by position, and
    every object is fetched from the object store; so a large collection takes its time.
    """
    with reading(collection.engine) as connection:
        for reference in charter.references:
            yield from _genotypes(connection, collection, charter, shelves(reference), reference)
        for level in charter.levels:
            yield from _clusters(connection, level)
        yield from _ledger(connection)


def _genotypes(
    connection: sa.Connection,
    collection: Collection,
    charter: Charter,
    shelf: Shelf,
    reference: Reference,
) -> Iterator[str]:
    rows = connection.execute(
        sa.select(isolates.c.isolate_id, isolates.c.profile_key, isolates.c.genotype)
        .where(isolates.c.reference == reference.name, isolates.c.genotype.is_not(None))
        .order_by(isolates.c.serial)
    ).all()
    if not rows:
        return
    stored, mirror = shelf.stored(), collection.mirror
    if mirror is not None:
        yield from mirror.lacks_rows(stored)
    known, hidden = neighbours.index(stored.genotypes), charter.mask(reference.name).hidden()
    for name, key, row in rows:
        if mirror is not None and (lacking := mirror.lacks_profile(key)):
            yield f"{name}: {lacking}"
            continue
        profile = collection.profile(key, {reference.name: reference})
        if profile is None:
            yield f"{name}: its profile {key[:12]} is missing or damaged"
            continue
        if row >= len(stored.genotypes):
            yield f"{name}: its genotype is missing"
            continue
        planes = pack([profile.called.calls], isolates=1, length=shelf.length)[:1]
        hide(planes, hidden)
        snps, comparable = neighbours.distances(known, planes[0])
        called = int(np.bitwise_count(planes[0, 2]).sum())
        missing = shelf.length - int(stored.genotypes.members["missing"][row])
        if (snps[row], comparable[row], missing) != (0, called, called):
            yield f"{name}: its genotype is not that of its profile"


def _clusters(connection: sa.Connection, level: int) -> Iterator[str]:
    present = (
        sa.select(isolates.c.isolate_id)
        .where(isolates.c.genotype.is_not(None), isolates.c.removed.is_(None))
        .order_by(isolates.c.serial)
    )
    names = list(connection.execute(present).scalars())
    placed = sa.select(memberships).where(memberships.c.level == level)
    cluster = {row.isolate_id: row.cluster for row in connection.execute(placed)}
    for name in sorted(set(names) ^ set(cluster)):
        what = "has no cluster" if name in names else "is in a cluster and not in the collection"
        yield f"{name}: {what} at {level} SNPs"
    query = sa.select(near_pairs.c.isolate_1, near_pairs.c.isolate_2)
    pairs = [(a, b) for a, b in connection.execute(query.where(near_pairs.c.snps <= level))]
    groups: dict[int, set[str]] = {}
    for name, number in cluster.items():
        groups.setdefault(number, set()).add(name)
    expected = {frozenset(part) for part in parts_of(names, pairs)}
    for group in {frozenset(group) for group in groups.values()} ^ expected:
        yield f"clusters at {level} SNPs are not those of the pairs: {', '.join(sorted(group)[:5])}"


def _ledger(connection: sa.Connection) -> Iterator[str]:
    """Every number in use was given by the ledger."""
    given = {
        (row.level, number)
        for row in connection.execute(sa.select(ledger))
        for number in (row.cluster, row.other)
        if number is not None
    }
    query = sa.select(memberships.c.level, memberships.c.cluster).distinct()
    used = {(row.level, row.cluster) for row in connection.execute(query)}
    for level, number in sorted(used - given):
        yield f"cluster {number} at {level} SNPs is not in the ledger"

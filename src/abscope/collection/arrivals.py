"""An isolate comes to a collection, goes, or comes back: one transaction each, and nobody else moves.

What is kept of an arrival: its pairs within the widest level, its cluster at every level, the ledger's
entries, a line of the log and a row of the audit log. Its genotype is on the disk, and in the object store
where there is one, before any of them says so; a genotype that no isolate points to, left by a process
that was killed, is never looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from abscope.collection import audit, placing
from abscope.collection.database import writing
from abscope.collection.history import Stamp, note, note_ledger
from abscope.collection.numbers import next_number
from abscope.collection.placing import NearPair, batched
from abscope.collection.schema import isolates
from abscope.collection.shelves import Hit, Shelf
from abscope.collection.store import Collection
from abscope.errors import DataError
from abscope.population.packing import Words
from abscope.records import Entry


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A profiled isolate on its way in.

    content: digest of the files it came from. planes: its masked genotype, (3, words).
    """

    isolate_id: str
    profile_key: str
    content: str
    reference: str
    planes: Words
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of an isolate that came or came back.

    known_as: the isolate these very files are already, when nothing was done. near: who is within the
    widest level, nearest first. entries: what changed among clusters. address: the SNP address.
    """

    isolate_id: str
    known_as: str | None = None
    near: tuple[NearPair, ...] = ()
    entries: tuple[Entry, ...] = ()
    address: str | None = None


def admit(
    collection: Collection, arrival: Arrival, *, shelf: Shelf, levels: Sequence[int], stamp: Stamp
) -> Admitted:
    """Add one isolate: its genotype, near pairs, clusters, ledger and logs, all or nothing.

    Files that are known already are not added again, whatever they are called now. Raises DataError
    where the name belongs to other files, or files or name to another jurisdiction; StorageError where
    disk or database refuses.
    """
    with writing(collection.engine) as connection:
        known = _known(connection, arrival)
        if known is not None:
            address = placing.address_of(connection, known)
            return Admitted(arrival.isolate_id, known_as=known, address=address)
        if collection.mirror is not None:
            collection.mirror.keep_profile(collection.folder, arrival.profile_key)
        used = _rows_used(connection, arrival.reference)
        row, hits = shelf.add(arrival.isolate_id, arrival.planes, within=max(levels), used=used)
        near = _named(connection, arrival.reference, hits)
        _insert(connection, arrival, row)
        placing.keep_pairs(connection, arrival.isolate_id, near)
        detail = {"reference": arrival.reference, "near": len(near)}
        whose = {"jurisdiction": arrival.jurisdiction}
        audit.append(connection, stamp, "add isolate", arrival.isolate_id, whose)
        return _placed(connection, arrival.isolate_id, near, levels, (stamp, "add", detail))


def remove(
    collection: Collection, isolate_id: str, *, reason: str, levels: Sequence[int], stamp: Stamp
) -> tuple[Entry, ...]:
    """Take an isolate out of every comparison to come; its profile, pairs and history stay.

    Raises DataError where there is no such isolate, or it is removed already.
    """
    with writing(collection.engine) as connection:
        if _removed(connection, isolate_id) is not None:
            raise DataError(f"{isolate_id}: is removed already", hint="abscope restore undoes that")
        _mark(connection, isolate_id, stamp.at)
        entries = tuple(
            entry
            for level in sorted(levels)
            for entry in placing.withdraw(connection, isolate_id, level)
        )
        note_ledger(connection, entries, stamp.at)
        note(connection, stamp, "remove", isolate_id, {"reason": reason})
        audit.append(connection, stamp, "remove isolate", isolate_id, {"reason": reason})
    return entries


def restore(
    collection: Collection, isolate_id: str, *, levels: Sequence[int], stamp: Stamp
) -> Admitted:
    """Bring a removed isolate back, with the pairs it had and those found since.

    Raises DataError where there is no such isolate, or it is not removed.
    """
    with writing(collection.engine) as connection:
        if _removed(connection, isolate_id) is None:
            raise DataError(f"{isolate_id}: is not removed", hint="abscope log says what was done")
        _mark(connection, isolate_id, None)
        audit.append(connection, stamp, "restore isolate", isolate_id)
        near = placing.pairs_of(connection, isolate_id)
        return _placed(connection, isolate_id, near, levels, (stamp, "restore", {}))


def _placed(
    connection: sa.Connection,
    isolate_id: str,
    near: tuple[NearPair, ...],
    levels: Sequence[int],
    why: tuple[Stamp, str, dict[str, object]],
) -> Admitted:
    stamp, verb, detail = why
    entries, address = placing.place(connection, isolate_id, near, levels)
    note_ledger(connection, entries, stamp.at)
    note(connection, stamp, verb, isolate_id, {**detail, "address": address})
    return Admitted(isolate_id, None, near, entries, address)


def _known(connection: sa.Connection, arrival: Arrival) -> str | None:
    """The isolate these files are already; None for new ones, and for a name that only ever failed."""
    columns = isolates.c.isolate_id, isolates.c.jurisdiction, isolates.c.genotype
    same = sa.select(*columns).where(
        isolates.c.content == arrival.content, isolates.c.genotype.is_not(None)
    )
    known = connection.execute(same.order_by(isolates.c.serial)).first()
    if known is not None:
        if _is_anothers(arrival, known.jurisdiction):
            raise DataError(
                f"{arrival.isolate_id}: its files are in the collection, of another jurisdiction",
                hint="ask an administrator whose the isolate is",
            )
        return str(known.isolate_id)
    named = sa.select(*columns).where(isolates.c.isolate_id == arrival.isolate_id)
    taken = connection.execute(named).one_or_none()
    if taken is not None and (
        taken.genotype is not None or _is_anothers(arrival, taken.jurisdiction)
    ):
        raise DataError(
            f"{arrival.isolate_id}: is in the collection, from other files",
            hint="give the new isolate another name, or remove the old one and name this one anew",
        )
    return None


def _is_anothers(arrival: Arrival, jurisdiction: str) -> bool:
    """Whether a known isolate is of another jurisdiction; without one on either side, nobody's."""
    return bool(jurisdiction and arrival.jurisdiction) and jurisdiction != arrival.jurisdiction


def _rows_used(connection: sa.Connection, reference: str) -> int:
    """Rows of the reference's genotypes up to the last that belongs to an isolate."""
    query = sa.select(sa.func.max(isolates.c.genotype)).where(isolates.c.reference == reference)
    last = connection.execute(query).scalar()
    return 0 if last is None else int(last) + 1


def _named(connection: sa.Connection, reference: str, hits: Sequence[Hit]) -> tuple[NearPair, ...]:
    """The isolates that genotype rows belong to; rows nobody points to are left out."""
    found: dict[int, str] = {}
    for some in batched([hit.row for hit in hits]):
        query = sa.select(isolates.c.genotype, isolates.c.isolate_id).where(
            isolates.c.reference == reference, isolates.c.genotype.in_(some)
        )
        found |= {row.genotype: row.isolate_id for row in connection.execute(query)}
    return tuple(
        NearPair(found[hit.row], hit.snps, hit.comparable) for hit in hits if hit.row in found
    )


def _insert(connection: sa.Connection, arrival: Arrival, row: int) -> None:
    """Write the isolate's row, in the place of one that says it failed."""
    values = {
        "profile_key": arrival.profile_key,
        "content": arrival.content,
        "reference": arrival.reference,
        "genotype": row,
        "jurisdiction": arrival.jurisdiction,
        "failure": None,
        "hint": None,
        "removed": None,
    }
    mine = isolates.c.isolate_id == arrival.isolate_id
    if not connection.execute(sa.update(isolates).where(mine).values(values)).rowcount:
        serial = next_number(connection, "isolates")
        new = {"isolate_id": arrival.isolate_id, "serial": serial, **values}
        connection.execute(sa.insert(isolates).values(new))


def _removed(connection: sa.Connection, isolate_id: str) -> str | None:
    """When an isolate was removed, None while it is there. Raises DataError where it never was."""
    query = sa.select(isolates.c.removed).where(
        isolates.c.isolate_id == isolate_id, isolates.c.genotype.is_not(None)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise DataError(
            f"{isolate_id}: no such isolate in the collection", hint="abscope status lists isolates"
        )
    when: str | None = found[0]
    return when


def _mark(connection: sa.Connection, isolate_id: str, removed: str | None) -> None:
    mine = isolates.c.isolate_id == isolate_id
    connection.execute(sa.update(isolates).where(mine).values(removed=removed))

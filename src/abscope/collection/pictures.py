"""What a watch sees of a collection: isolates that came since the last pass, and whom they concern.

The cursor is a line of the log: a pass looks at isolates added or restored after it, and moves it in the
transaction that keeps what was found. Nothing is looked at twice, and nothing is missed by a process that
was killed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from abscope.collection.schema import counters, isolates, log, memberships, near_pairs
from abscope.formats import type_tables
from abscope.formats.type_tables import IsolateFacts
from abscope.outbreak.sampled import sampled_isolates
from abscope.records import LineList, Nearby, Picture, Sampled, Seen

CURSOR, ADDING = "log watched", "log looked at when adding"
_CAME = ("add", "restore")
_MOST = 500  # names in one question


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is known of isolates beside the collection's own tables.

    knowing: the folder of types.tsv and resistance.tsv. patients: of isolates that the line list names.
    """

    knowing: Path
    linelist: LineList | None
    patients: Mapping[str, str]

    def facts(self, names: Sequence[str]) -> tuple[IsolateFacts, dict[str, Sampled]]:
        """What is known of some isolates."""
        facts = type_tables.read(self.knowing, names)
        found = sampled_isolates(names, self.linelist, facts.strata, facts.handling)
        return facts, {one.isolate_id: one for one in found}


def told(knowing: Path, linelist: LineList | None) -> Told:
    """What tables and the line list say of isolates."""
    named = linelist.cases["isolate_ids"].explode().drop_nulls() if linelist else ()
    whose = {one.isolate_id: one.patient for one in sampled_isolates(named, linelist, {})}
    return Told(knowing, linelist, {name: one for name, one in whose.items() if one is not None})


class _Counts(Mapping[str | None, int]):
    """Patients by stratum, counted when somebody first asks: of most additions nobody does."""

    def __init__(self, count: Callable[[], Mapping[str | None, int]]) -> None:
        self._count = cache(count)

    def __getitem__(self, stratum: str | None) -> int:
        return self._count()[stratum]

    def __iter__(self) -> Iterator[str | None]:
        return iter(self._count())

    def __len__(self) -> int:
        return len(self._count())


def cursor(connection: sa.Connection, name: str = CURSOR) -> int:
    """The last line of the log that was looked at; 0 before the first pass."""
    mine = sa.select(counters.c.next).where(counters.c.name == name)
    return int(connection.execute(mine).scalar() or 0)


def move_cursor(connection: sa.Connection, entry: int, name: str = CURSOR) -> None:
    """Say that the log has been looked at up to `entry`."""
    mine = counters.c.name == name
    if not connection.execute(sa.update(counters).where(mine).values(next=entry)).rowcount:
        connection.execute(sa.insert(counters).values(name=name, next=entry))


def newest(connection: sa.Connection) -> int:
    """The last line of the log; 0 where there is none."""
    return int(connection.execute(sa.select(sa.func.max(log.c.entry))).scalar() or 0)


def pictures(
    connection: sa.Connection, since: int, told: Told, *, year_ago: str, levels: Iterable[int]
) -> tuple[Picture, Picture]:
    """Yesterday and today: today has isolates that came after `since`, their near ones and fellows.

    year_ago: ISO 8601; arrivals from then on make the rate a year. levels: of clusters whose members
    are wanted. An isolate that nobody has typed yet is of the stratum of the nearest that was: clones
    are thousands of SNPs apart, near pairs tens. Counts by stratum are made while the connection is
    open, or never.
    """
    new = _came(connection, since)
    near = tuple(_near(connection, sorted(new)))
    names = new | {n for pair in near for n in (pair.isolate_1, pair.isolate_2)}
    names |= set(_fellows(connection, sorted(new), sorted(levels))) | _same_patients(new, told)
    facts, sampled = told.facts(sorted(names))
    seen = {one.isolate_id: one for one in _seen(connection, sampled, facts)}
    today = Picture(
        isolates=seen | {one.isolate_id: one for one in _typed(seen, near, facts)},
        near=near,
        totals={row[0]: row[1] for row in connection.execute(_totals())},
        known=_Counts(lambda: _by_stratum(connection, _present(isolates.c.isolate_id), told)),
        a_year=_Counts(lambda: _by_stratum(connection, _arrived(year_ago), told)),
    )
    today = today if told.linelist is None else replace(today, linelist=told.linelist)
    old = {name: one for name, one in today.isolates.items() if name not in new}
    return replace(today, isolates=old, near=()), today


def _typed(seen: Mapping[str, Seen], near: Iterable[Nearby], facts: IsolateFacts) -> Iterator[Seen]:
    """Isolates nobody has typed yet, with the stratum of the nearest that was."""
    strata, given = facts.strata, set[str]()
    for pair in sorted(near, key=lambda one: (one.snps, one.isolate_1, one.isolate_2)):
        both = (pair.isolate_1, pair.isolate_2)
        for name, other in (both, both[::-1]):
            if name in seen and name not in strata and name not in given and strata.get(other):
                given.add(name)
                sampled = replace(seen[name].sampled, stratum=strata[other])
                yield replace(seen[name], sampled=sampled)


def _came(connection: sa.Connection, since: int) -> set[str]:
    """Isolates added or restored after a line of the log, that are there."""
    lines = sa.select(log.c.subject).where(log.c.entry > since, log.c.verb.in_(_CAME))
    named = sorted(set(connection.execute(lines).scalars()))
    found: set[str] = set()
    for some in _slices(named):
        there = _present(isolates.c.isolate_id).where(isolates.c.isolate_id.in_(some))
        found |= set(connection.execute(there).scalars())
    return found


def _present(*columns: sa.ColumnElement) -> sa.Select:  # type: ignore[type-arg]
    there = sa.and_(isolates.c.genotype.is_not(None), isolates.c.removed.is_(None))
    return sa.select(*columns).where(there)


def _totals() -> sa.Select:  # type: ignore[type-arg]
    count = sa.func.count()
    return _present(isolates.c.jurisdiction, count).group_by(isolates.c.jurisdiction)


def _arrived(since: str) -> sa.Select:  # type: ignore[type-arg]
    return sa.select(log.c.subject).where(log.c.verb == "add", log.c.at >= since)


def _by_stratum(connection: sa.Connection, which: sa.Select, told: Told) -> dict[str | None, int]:  # type: ignore[type-arg]
    """Patients by stratum; an isolate of nobody known is a patient of its own."""
    strata, patients = type_tables.strata(told.knowing), told.patients
    if not strata and not patients:
        count = sa.select(sa.func.count()).select_from(which.subquery())
        return {None: int(connection.execute(count).scalar_one())}
    names = connection.execute(which).scalars().all()
    counted = Counter(strata.get(name) for name in names if name not in patients)
    known = {(strata.get(name), patients[name]) for name in names if name in patients}
    return dict(counted + Counter(stratum for stratum, _ in known))


def _same_patients(new: Iterable[str], told: Told) -> set[str]:
    whose = {told.patients[name] for name in new if name in told.patients}
    return {name for name, one in told.patients.items() if one in whose} if whose else set()


def _near(connection: sa.Connection, new: Sequence[str]) -> Iterator[Nearby]:
    other, pairs = isolates.alias(), near_pairs.c
    for some in _slices(new):
        query = (
            sa.select(pairs.isolate_1, pairs.isolate_2, pairs.snps, pairs.comparable,
                      isolates.c.reference)
            .join(isolates, isolates.c.isolate_id == pairs.isolate_1)
            .join(other, other.c.isolate_id == pairs.isolate_2)
            .where(sa.or_(pairs.isolate_1.in_(some), pairs.isolate_2.in_(some)))
            .where(isolates.c.removed.is_(None), other.c.removed.is_(None))
        )  # fmt: skip
        yield from (Nearby(*row) for row in connection.execute(query))


def _fellows(connection: sa.Connection, new: Sequence[str], levels: Sequence[int]) -> Iterator[str]:
    """Members of the clusters that new isolates are in, at some levels."""
    own = memberships.alias()
    for some in _slices(new):
        same = sa.and_(own.c.level == memberships.c.level, own.c.cluster == memberships.c.cluster)
        query = sa.select(memberships.c.isolate_id).join(own, same)
        mine = query.where(own.c.isolate_id.in_(some), own.c.level.in_(levels)).distinct()
        yield from connection.execute(mine).scalars()


def _seen(
    connection: sa.Connection, sampled: Mapping[str, Sampled], facts: IsolateFacts
) -> Iterator[Seen]:
    columns = isolates.c.isolate_id, isolates.c.serial, isolates.c.jurisdiction
    for some in _slices(list(sampled)):
        clusters: dict[str, dict[int, int]] = {}
        placed = sa.select(memberships).where(memberships.c.isolate_id.in_(some))
        for row in connection.execute(placed):
            clusters.setdefault(row.isolate_id, {})[row.level] = row.cluster
        for name, serial, whose in connection.execute(
            _present(*columns).where(isolates.c.isolate_id.in_(some))
        ):
            own, markers = clusters.get(name, {}), facts.markers.get(name)
            yield Seen(name, serial, sampled[name], whose, own, markers)


def _slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _MOST):
        yield names[start : start + _MOST]

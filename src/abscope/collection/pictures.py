"""What a watch sees of a collection: isolates that came since the last pass, and whom they concern.

The cursor is a line of the log: a pass looks at isolates added or restored after it, and moves it in the
transaction that keeps what was found. Nothing is looked at twice, and nothing is missed by a process that
was killed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import polars as pl
import sqlalchemy as sa

from abscope.collection.schema import counters, isolates, log, memberships, near_pairs
from abscope.formats import type_tables
from abscope.formats.type_tables import IsolateFacts
from abscope.outbreak.sampled import sampled_isolates
from abscope.records import LineList, Nearby, Picture, Sampled, Seen

CURSOR, ADDING = "log watched", "log looked at when adding"
_CAME = ("add", "restore")
_MOST = 500  # names in one question
_BETWEEN = "\x1f"

K = TypeVar("K")
V = TypeVar("V")


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


class _Asked(Mapping[K, V]):
    """Values by name, read when somebody first asks: of most additions nobody does."""

    def __init__(self, read: Callable[[], Mapping[K, V]]) -> None:
        self._read = cache(read)

    def __getitem__(self, name: K) -> V:
        return self._read()[name]

    def __iter__(self) -> Iterator[K]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


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
    connection: sa.Connection, since: int, told: Told, *, year_ago: str, levels: Collection[int]
) -> tuple[Picture, Picture]:
    """Yesterday and today: today has isolates that came after `since`, their near ones and fellows.

    year_ago: ISO 8601; arrivals from then on make the rate a year. levels: of clusters whose members
    are wanted: of these, as far as nothing else brings them in, whose they are and no more. Clusters
    are those of new isolates at every level, and of others at these and where they share them. An isolate
    that nobody has typed yet is of the stratum of the nearest that was: clones are thousands of SNPs
    apart, near pairs tens. Counts, and whose other isolates are, are read while the connection is open.
    """
    new = _came(connection, since)
    near = tuple(_near(connection, sorted(new)))
    names = new | {n for pair in near for n in (pair.isolate_1, pair.isolate_2)}
    names |= _same_patients(new, told)
    facts, sampled = told.facts(sorted(names))
    own = _clusters(connection, sorted(new))
    shared = {one for clusters in own.values() for one in clusters.items()}
    there = _fellows(connection, [one for one in sorted(shared) if one[0] in levels])
    there |= _others(connection, sorted(names - there.keys()))
    seen = {
        name: Seen(name, serial, sampled.get(name) or Sampled(name, told.patients.get(name)),
                   whose, own.get(name, clusters), facts.markers.get(name))
        for name, (serial, whose, clusters) in sorted(there.items())
    }  # fmt: skip
    strata = cache(lambda: type_tables.strata(told.knowing))

    def by_stratum(which: sa.Select) -> _Asked[str | None, int]:  # type: ignore[type-arg]
        return _Asked(lambda: _by_stratum(connection, which, strata(), told.patients))

    today = Picture(
        isolates=seen | {one.isolate_id: one for one in _typed(seen, near, facts)},
        near=near,
        sizes=_Asked(lambda: {one: _size(connection, *one) for one in shared}),
        whose=_Asked(lambda: _whose(connection, sorted(told.patients))),
        totals=_Asked(lambda: {row[0]: row[1] for row in connection.execute(_totals())}),
        known=by_stratum(_present(isolates.c.isolate_id)),
        a_year=by_stratum(_arrived(year_ago)),
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


def _by_stratum(
    connection: sa.Connection,
    which: sa.Select,  # type: ignore[type-arg]
    strata: pl.DataFrame,
    patients: Mapping[str, str],
) -> dict[str | None, int]:
    """Patients by stratum; an isolate of nobody known is a patient of its own."""
    if strata.is_empty() and not patients:
        count = sa.select(sa.func.count()).select_from(which.subquery())
        return {None: int(connection.execute(count).scalar_one())}
    whose = {"isolate_id": list(patients), "patient": list(patients.values())}
    found = (
        _names(connection, which)
        .to_frame()
        .join(strata, on="isolate_id", how="left")
        .join(pl.DataFrame(whose, dict.fromkeys(whose, pl.String)), on="isolate_id", how="left")
    )
    first = pl.struct("stratum", "patient").is_first_distinct()
    counted = found.filter(first | pl.col("patient").is_null()).group_by("stratum").len()
    return dict(counted.iter_rows())


def _names(connection: sa.Connection, which: sa.Select) -> pl.Series:  # type: ignore[type-arg]
    """The one column of many rows, as one text: several times as quick as row by row."""
    (column,) = which.subquery().c
    text = connection.execute(sa.select(sa.func.aggregate_strings(column, _BETWEEN))).scalar()
    listed = pl.Series("isolate_id", [text], pl.String).drop_nulls().str.split(_BETWEEN)
    return listed.explode()


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


_There = tuple[int, str, Mapping[int, int]]  # serial, jurisdiction, clusters


def _fellows(connection: sa.Connection, clusters: Iterable[tuple[int, int]]) -> dict[str, _There]:
    """Members of clusters, by level and number."""
    found: dict[str, _There] = {}
    joined = memberships.c.isolate_id == isolates.c.isolate_id
    for level, cluster in clusters:
        members = _there().join(memberships, joined).where(_is_in(level, cluster))
        here = {level: cluster}
        for name, serial, whose in connection.execute(members):
            found[name] = serial, whose, {**found[name][2], **here} if name in found else here
    return found


def _is_in(level: int, cluster: int) -> sa.ColumnElement[bool]:
    return sa.and_(memberships.c.level == level, memberships.c.cluster == cluster)


def _size(connection: sa.Connection, level: int, cluster: int) -> int:
    count = sa.select(sa.func.count()).select_from(memberships).where(_is_in(level, cluster))
    return int(connection.execute(count).scalar_one())


def _others(connection: sa.Connection, names: Sequence[str]) -> dict[str, _There]:
    """Isolates by name, without their clusters."""
    found: dict[str, _There] = {}
    for some in _slices(names):
        rows = connection.execute(_there().where(isolates.c.isolate_id.in_(some)))
        found |= {name: (serial, whose, {}) for name, serial, whose in rows}
    return found


def _whose(connection: sa.Connection, names: Sequence[str]) -> dict[str, str]:
    """The jurisdiction of each isolate."""
    return {name: whose for name, (_, whose, _) in _others(connection, names).items()}


def _there() -> sa.Select:  # type: ignore[type-arg]
    return _present(isolates.c.isolate_id, isolates.c.serial, isolates.c.jurisdiction)


def _clusters(connection: sa.Connection, names: Sequence[str]) -> dict[str, dict[int, int]]:
    """Each isolate's cluster at every level."""
    found: dict[str, dict[int, int]] = {}
    for some in _slices(names):
        mine = sa.select(memberships).where(memberships.c.isolate_id.in_(some))
        for row in connection.execute(mine):
            found.setdefault(row.isolate_id, {})[row.level] = row.cluster
    return found


def _slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _MOST):
        yield names[start : start + _MOST]

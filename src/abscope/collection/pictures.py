"""What a watch sees of a collection: isolates that came since the last pass, and whom they concern.

The cursor is a line of the log: a pass looks at isolates added or restored after it, and moves it in the
transaction that keeps what was found. Nothing is looked at twice, and nothing is missed by a process that
was killed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from abscope.collection.schema import counters, isolates, log, memberships, near_pairs
from abscope.records import LineList, Nearby, Picture, Sampled, Seen

CURSOR = "log watched"
_CAME = ("add", "restore")
_MOST = 500  # names in one question

Handling = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is known of isolates beside the collection's own tables, by name.

    sampled: whose they are, of which stratum, from when. markers: resistance; not there: not assessed.
    """

    sampled: Mapping[str, Sampled] = field(default_factory=dict)
    markers: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)


def cursor(connection: sa.Connection) -> int:
    """The last line of the log that a watch has looked at; 0 before the first pass."""
    mine = sa.select(counters.c.next).where(counters.c.name == CURSOR)
    return int(connection.execute(mine).scalar() or 0)


def move_cursor(connection: sa.Connection, entry: int) -> None:
    """Say that the log has been looked at up to `entry`."""
    mine = counters.c.name == CURSOR
    if not connection.execute(sa.update(counters).where(mine).values(next=entry)).rowcount:
        connection.execute(sa.insert(counters).values(name=CURSOR, next=entry))


def newest(connection: sa.Connection) -> int:
    """The last line of the log; 0 where there is none."""
    return int(connection.execute(sa.select(sa.func.max(log.c.entry))).scalar() or 0)


def pictures(
    connection: sa.Connection, since: int, told: Told, *, linelist: LineList | None, year_ago: str
) -> tuple[Picture, Picture]:
    """Yesterday and today: today has isolates that came after `since`, their near ones and fellows.

    year_ago: ISO 8601; arrivals from then on make the rate a year.
    """
    new = set(_came(connection, since))
    near = tuple(_near(connection, sorted(new)))
    names = new | {n for pair in near for n in (pair.isolate_1, pair.isolate_2)}
    names |= set(_fellows(connection, sorted(new))) | _same_patients(new, told)
    known = _by_stratum(_names(connection), told)
    today = Picture(
        isolates={seen.isolate_id: seen for seen in _seen(connection, sorted(names), told)},
        near=near,
        totals={row[0]: row[1] for row in connection.execute(_totals())},
        known=known,
        a_year=_by_stratum(_arrived(connection, year_ago), told),
    )  # fmt: skip
    today = today if linelist is None else replace(today, linelist=linelist)
    old = {name: one for name, one in today.isolates.items() if name not in new}
    return replace(today, isolates=old, near=()), today


def _came(connection: sa.Connection, since: int) -> Iterable[str]:
    """Isolates added or restored after a line of the log, that are there."""
    told = sa.select(log.c.subject).where(log.c.entry > since, log.c.verb.in_(_CAME))
    return connection.execute(
        _present(isolates.c.isolate_id).where(isolates.c.isolate_id.in_(told))
    ).scalars()


def _present(*columns: sa.ColumnElement) -> sa.Select:  # type: ignore[type-arg]
    there = sa.and_(isolates.c.genotype.is_not(None), isolates.c.removed.is_(None))
    return sa.select(*columns).where(there)


def _totals() -> sa.Select:  # type: ignore[type-arg]
    count = sa.func.count()
    return _present(isolates.c.jurisdiction, count).group_by(isolates.c.jurisdiction)


def _names(connection: sa.Connection) -> Iterable[str]:
    return connection.execute(_present(isolates.c.isolate_id)).scalars()


def _arrived(connection: sa.Connection, since: str) -> Iterable[str]:
    added = sa.select(log.c.subject).where(log.c.verb == "add", log.c.at >= since)
    return connection.execute(added).scalars()


def _by_stratum(names: Iterable[str], told: Told) -> dict[str | None, int]:
    """Patients by stratum; an isolate of nobody known is a patient of its own."""
    patients: dict[str | None, set[str]] = {}
    for name in names:
        known = told.sampled.get(name)
        stratum = known.stratum if known else None
        patients.setdefault(stratum, set()).add((known.patient if known else None) or name)
    return {stratum: len(own) for stratum, own in patients.items()}


def _same_patients(new: Iterable[str], told: Told) -> set[str]:
    whose = {told.sampled[n].patient for n in new if n in told.sampled} - {None}
    return {name for name, one in told.sampled.items() if one.patient in whose} if whose else set()


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


def _fellows(connection: sa.Connection, new: Sequence[str]) -> Iterator[str]:
    """Members of the clusters that new isolates are in."""
    own = memberships.alias()
    for some in _slices(new):
        same = sa.and_(own.c.level == memberships.c.level, own.c.cluster == memberships.c.cluster)
        query = sa.select(memberships.c.isolate_id).join(own, same)
        mine = query.where(own.c.isolate_id.in_(some)).distinct()
        yield from connection.execute(mine).scalars()


def _seen(connection: sa.Connection, names: Sequence[str], told: Told) -> Iterator[Seen]:
    columns = isolates.c.isolate_id, isolates.c.serial, isolates.c.jurisdiction
    for some in _slices(names):
        clusters: dict[str, dict[int, int]] = {}
        placed = sa.select(memberships).where(memberships.c.isolate_id.in_(some))
        for row in connection.execute(placed):
            clusters.setdefault(row.isolate_id, {})[row.level] = row.cluster
        for name, serial, whose in connection.execute(
            _present(*columns).where(isolates.c.isolate_id.in_(some))
        ):
            known = told.sampled.get(name, Sampled(name))
            yield Seen(name, serial, known, whose, clusters.get(name, {}), told.markers.get(name))


def _slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _MOST):
        yield names[start : start + _MOST]

"""What a viewer is shown of a collection: their own rows, and of others' that a near match exists.

Every function starts from `access.scoped`. Where a stored text may name another jurisdiction's isolate
(an alert's reason and evidence, the ledger), the name is taken out before anybody gets to see it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from abscope.collection import schema
from abscope.collection.access import Viewer, own_isolates, scoped
from abscope.collection.history import Noted, read_ledger
from abscope.collection.placing import NearPair
from abscope.errors import AccessError
from abscope.records import Entry

ELSEWHERE = "(an isolate of another jurisdiction)"
_MOST = 500  # names in one question
_PARTS = 8  # of a name: iso-12.b has three


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A near match exists in another jurisdiction. contact: whom to call, None where nobody is named."""

    jurisdiction: str
    contact: str | None


def near(
    connection: sa.Connection, viewer: Viewer, isolate_id: str
) -> tuple[tuple[NearPair, ...], tuple[Elsewhere, ...]]:
    """Who is near one of the viewer's isolates: theirs with distances, nearest first, and whom to call.

    Raises AccessError where the isolate is not theirs; one that does not exist gives the same words.
    """
    must_own_isolate(connection, viewer, isolate_id)
    pairs = schema.near_pairs
    first, second = pairs.c.isolate_1, pairs.c.isolate_2
    query = scoped(viewer, pairs).where(sa.or_(first == isolate_id, second == isolate_id))
    found = [
        NearPair(row.isolate_2 if row.isolate_1 == isolate_id else row.isolate_1, *row[2:])
        for row in connection.execute(query)
    ]
    ordered = sorted(found, key=lambda one: (one.snps, -one.comparable, one.isolate_id))
    return tuple(ordered), elsewhere(connection, viewer, isolate_id)


def elsewhere(connection: sa.Connection, viewer: Viewer, isolate_id: str) -> tuple[Elsewhere, ...]:
    """Jurisdictions that hold a near match of one of the viewer's isolates, and whom to call there."""
    must_own_isolate(connection, viewer, isolate_id)
    if viewer.sees_all:
        return ()
    other, pairs = schema.isolates, schema.near_pairs
    partner = sa.case((pairs.c.isolate_1 == isolate_id, pairs.c.isolate_2), else_=pairs.c.isolate_1)
    query = (
        sa.select(other.c.jurisdiction, schema.contacts.c.contact)
        .select_from(pairs.join(other, other.c.isolate_id == partner))
        .outerjoin(schema.contacts, schema.contacts.c.jurisdiction == other.c.jurisdiction)
        .where(sa.or_(pairs.c.isolate_1 == isolate_id, pairs.c.isolate_2 == isolate_id))
        .where(other.c.jurisdiction.not_in(viewer.jurisdictions), other.c.removed.is_(None))
        .distinct()
        .order_by(other.c.jurisdiction)
    )
    return tuple(Elsewhere(*row) for row in connection.execute(query))


def must_own_isolate(connection: sa.Connection, viewer: Viewer, isolate_id: str) -> None:
    """Raise AccessError where the isolate is not the viewer's, or is not at all: which, is not told."""
    mine = own_isolates(viewer).where(schema.isolates.c.isolate_id == isolate_id)
    if connection.execute(mine).one_or_none() is None:
        raise AccessError(
            f"{isolate_id}: no such isolate among those {viewer.user} may see",
            hint="ask an administrator which jurisdictions are yours",
        )


def log(connection: sa.Connection, viewer: Viewer, *, since: str = "") -> tuple[Noted, ...]:
    """What was done to the viewer's isolates, from `since` (ISO 8601) on, oldest first."""
    query = scoped(viewer, schema.log).where(schema.log.c.at >= since)
    return tuple(Noted(*row) for row in connection.execute(query.order_by(schema.log.c.entry)))


def ledger(
    connection: sa.Connection, viewer: Viewer, *, since: str = ""
) -> tuple[tuple[str, Entry], ...]:
    """What became of clusters the viewer has isolates in; others' isolates are not named."""
    told = read_ledger(connection, since=since)
    if viewer.sees_all:
        return told
    own = set(connection.execute(own_isolates(viewer)).scalars())
    placed = scoped(viewer, schema.memberships)
    theirs = {(row.level, row.cluster) for row in connection.execute(placed)}
    seen = ((at, entry, _kept(entry, own)) for at, entry in told)
    return tuple(
        (at, replace(entry, isolates=kept))
        for at, entry, kept in seen
        if kept or (entry.verb in ("merged", "split") and _touches(entry, theirs))
    )


def _kept(entry: Entry, own: set[str]) -> tuple[str, ...]:
    return tuple(name for name in entry.isolates if name in own)


def _touches(entry: Entry, clusters: set[tuple[int, int]]) -> bool:
    return any((entry.level, number) in clusters for number in (entry.cluster, entry.other))


def hiding(connection: sa.Connection, viewer: Viewer, values: object) -> Callable[[object], object]:
    """What takes the names of others' isolates out of JSON `values`, and out of parts of them."""
    hidden = _foreign(connection, viewer, _texts(values))
    return lambda value: _redacted(value, hidden)


def _texts(value: object) -> Iterator[str]:
    """Every text in a JSON value, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from (name, *_texts(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _foreign(connection: sa.Connection, viewer: Viewer, texts: Iterable[str]) -> set[str]:
    """Names in the texts that are isolates, and not the viewer's."""
    if viewer.sees_all:
        return set()
    told = sorted({name for text in texts for name in (text, *_names(text))})
    found: set[str] = set()
    table = schema.isolates
    for start in range(0, len(told), _MOST):
        named = table.c.isolate_id.in_(told[start : start + _MOST])
        theirs = table.c.jurisdiction.not_in(viewer.jurisdictions)
        found |= set(
            connection.execute(sa.select(table.c.isolate_id).where(named, theirs)).scalars()
        )
    return found


def _names(text: str) -> Iterator[str]:
    """Everything in a text that may be a name: words, and words joined by signs."""
    for chunk in text.split():
        parts = [part for part in re.split(r"(\W)", chunk) if part]
        for start in range(len(parts)):
            for end in range(start + 1, min(start + 2 * _PARTS, len(parts) + 1)):
                yield "".join(parts[start:end])


def _without(text: str, hidden: set[str]) -> str:
    if text in hidden:
        return ELSEWHERE
    for name in sorted(hidden.intersection(_names(text)), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ELSEWHERE, text)
    return text


def _redacted(value: object, hidden: set[str]) -> object:
    if isinstance(value, str):
        return _without(value, hidden)
    if isinstance(value, Mapping):
        return {_without(name, hidden): _redacted(inner, hidden) for name, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(inner, hidden) for inner in value]
    return value

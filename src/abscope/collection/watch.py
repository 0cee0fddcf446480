"""A watch pass over a collection: what came since the last one, held against the rules, kept and delivered.

notice     collection + cases + rules       -> alerts on what was just added, kept until a look sends them
look       collection + cases + rules       -> alerts never raised before, in one transaction
deliver    alerts waiting + channels        -> each sent once, or tried again later

Whoever adds isolates notices at once, with what is known then; the next look sees the same isolates again,
with what was learnt since (clones, resistance, plates), and raises what is new in that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from abscope import organism as organisms
from abscope.collection import alerts as shelf
from abscope.collection import case_imports
from abscope.collection.access import Viewer
from abscope.collection.charter import Charter
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp, note, read_moves
from abscope.collection.pictures import (
    ADDING,
    CURSOR,
    cursor,
    move_cursor,
    newest,
    pictures,
    told,
)
from abscope.collection.store import Collection
from abscope.formats import followup_list
from abscope.formats.background_table import read_backgrounds
from abscope.knowledge import watch_rules
from abscope.outbreak.alerts import alerts
from abscope.outbreak.link_settings import PRIORS, UNKNOWN_RATE, LinkSettings
from abscope.outbreak.watching import Watch, followed
from abscope.population.published_background import completed, published_backgrounds, stems
from abscope.records import Alert, Entry, Picture
from abscope.tools import channels
from abscope.tools.channels import Channel
from abscope.tools.delivery import UndeliveredError, send

BACKGROUND, CONTACTS, MONITORING = "background.tsv", "contacts.csv", "monitoring.csv"
TYPICAL = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Tower:
    """A collection, its charter, and the folder that holds what else is known.

    knowing: watch.toml, types.tsv, resistance.tsv, background.tsv, contacts.csv, monitoring.csv.
    """

    collection: Collection
    charter: Charter
    knowing: Path

    @property
    def rules(self) -> Path:
        """The collection's own watch.toml."""
        return self.knowing / watch_rules.FILE

    def channels(self) -> tuple[Channel, ...]:
        """Where alerts go; to stdout where nothing is said. Raises DataError."""
        found = channels.read(self.rules) if self.rules.is_file() else ()
        return found or (Channel("stdout", "stdout", {}),)


def look(tower: Tower, *, day: date, stamp: Stamp, silently: bool = False) -> tuple[Alert, ...]:
    """Alerts that were never raised before; they, and those noticed before, wait for delivery.

    silently: keep them without delivering, as of what was known when watching began. Where another
    process was quicker, looks again. Raises OrganismError, DataError, StorageError.
    """
    while True:
        seen = _see(tower, day, stamp, (CURSOR,))
        with writing(tower.collection.engine) as connection:
            if cursor(connection) != seen.since:
                continue
            ways = () if silently else tower.channels()
            shelf.address(connection, ways)
            kept = _kept(connection, stamp, seen, ways)
            for name in (CURSOR, ADDING):
                move_cursor(connection, seen.upto, name)
        return kept


def notice(tower: Tower, *, day: date, stamp: Stamp) -> tuple[Alert, ...]:
    """Alerts on isolates added or restored since anybody noticed or looked; the next look sends them.

    Raises as `look`; what was added stays, and is looked at the next time.
    """
    seen = _see(tower, day, stamp, (CURSOR, ADDING))
    with writing(tower.collection.engine) as connection:
        kept = _kept(connection, stamp, seen, None)
        if cursor(connection, ADDING) < seen.upto:
            move_cursor(connection, seen.upto, ADDING)
    return kept


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a pass found, and which lines of the log it looked at."""

    found: tuple[Alert, ...]
    since: int
    upto: int


def _see(tower: Tower, day: date, stamp: Stamp, cursors: Sequence[str]) -> _Sight:
    known = told(tower.knowing, case_imports.current(tower.collection.folder, today=day))
    year_ago = (datetime.fromisoformat(stamp.at) - TYPICAL).isoformat()
    how = _watch(tower)
    levels = _levels(how)
    with reading(tower.collection.engine) as connection:
        since, upto = max(cursor(connection, name) for name in cursors), newest(connection)
        yesterday, today = pictures(connection, since, known, year_ago=year_ago, levels=levels)
        how = _with_ledger(how, read_moves(connection) if how.watched else ())
        found = alerts(_with_logs(tower, yesterday), _with_logs(tower, today), day, how)
    return _Sight(found, since, upto)


def _levels(how: Watch) -> set[int]:
    """Levels at which rules ask who else is in a cluster."""
    return {int(rule.number("level")) for rule in how.rules if "level" in rule.settings}


def _kept(
    connection: sa.Connection, stamp: Stamp, seen: _Sight, ways: Sequence[Channel] | None
) -> tuple[Alert, ...]:
    """Those never raised before, written down. ways: None, to be addressed by the next look."""
    kept: list[Alert] = []
    for one in seen.found:
        taken = [shelf.LATER] if ways is None else [way.name for way in ways if way.takes(one)]
        kept += shelf.record(connection, [one], taken)
    for one in kept:
        note(connection, stamp, "alert", one.key, {"rule": one.rule, "severity": one.severity})
    return tuple(kept)


def _watch(tower: Tower) -> Watch:
    """Rules of the organism and the collection, backgrounds published and the collection's own."""
    species = organisms.read(tower.charter.organism)
    files = [path for path in (species.folder / watch_rules.FILE, tower.rules) if path.is_file()]
    knowledge = species.knowledge()
    own = tower.knowing / BACKGROUND
    held = completed(
        list(read_backgrounds(own).values()) if own.is_file() else [],
        published_backgrounds(knowledge),
    )
    clock = knowledge.clock or UNKNOWN_RATE
    return Watch(
        rules=watch_rules.read(*files),
        watched=watch_rules.watched(tower.rules) if tower.rules.is_file() else (),
        backgrounds={one.stratum: one for one in held},
        links=LinkSettings(prior=PRIORS["surveillance"], clock=clock, stems=stems(knowledge)),
    )


def _with_ledger(how: Watch, entries: Sequence[Entry]) -> Watch:
    return replace(how, watched=followed(how.watched, entries))


def _with_logs(tower: Tower, picture: Picture) -> Picture:
    contacts, monitoring = tower.knowing / CONTACTS, tower.knowing / MONITORING
    if contacts.is_file():
        picture = replace(picture, contacts=followup_list.contacts(contacts)[0])
    if monitoring.is_file():
        picture = replace(picture, monitoring=followup_list.monitoring(monitoring)[0])
    return picture


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the deliveries that were due: alert keys and channels; and why some failed."""

    done: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str, str], ...]


def deliver(tower: Tower, *, clock: Callable[[], float]) -> Sent:
    """Try every delivery that is due, once. What fails waits, longer each time."""
    engine, ways = tower.collection.engine, {one.name: one for one in tower.channels()}
    with reading(engine) as connection:
        waiting = shelf.due(connection, _now(clock))
    done, failed = [], []
    for one in waiting:
        way = ways.get(one.channel)
        if way is None or not shelf.claim(engine, one, _now(clock)):
            continue
        try:
            send(way, _for(engine, way, one.alert), folder=tower.knowing, clock=clock)
        except UndeliveredError as error:
            shelf.settle(engine, one, _now(clock), error=str(error))
            failed.append((one.alert.key, one.channel, str(error)))
        else:
            shelf.settle(engine, one, _now(clock))
            done.append((one.alert.key, one.channel))
    return Sent(tuple(done), tuple(failed))


def _for(engine: sa.Engine, way: Channel, alert: Alert) -> Alert:
    """The alert as a channel's receivers may see it: no other jurisdiction's isolate is named."""
    if not way.jurisdictions:
        return alert
    with reading(engine) as connection:
        return shelf.shown(connection, Viewer(way.name, "viewer", way.jurisdictions), alert)


def _now(clock: Callable[[], float]) -> str:
    return datetime.fromtimestamp(clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S")

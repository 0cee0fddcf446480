"""A watch pass over a collection: what came since the last one, held against the rules, kept and delivered.

look       collection + cases + rules       -> alerts never raised before, in one transaction
deliver    alerts waiting + channels        -> each sent once, or tried again later
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from abscope import organism as organisms
from abscope.collection import alerts as shelf
from abscope.collection import case_imports
from abscope.collection.charter import Charter
from abscope.collection.database import reading, writing
from abscope.collection.history import Stamp, note, read_moves
from abscope.collection.pictures import Told, cursor, move_cursor, newest, pictures
from abscope.collection.store import Collection
from abscope.formats import followup_list, type_tables
from abscope.formats.background_table import read_backgrounds
from abscope.knowledge import watch_rules
from abscope.outbreak.alerts import alerts
from abscope.outbreak.link_settings import PRIORS, UNKNOWN_RATE, LinkSettings
from abscope.outbreak.sampled import sampled_isolates
from abscope.outbreak.watching import Watch, followed
from abscope.population.published_background import completed, published_backgrounds
from abscope.records import Alert, Entry, LineList, Picture
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
    """Alerts that were never raised before; they are kept, and wait for delivery.

    silently: keep them without delivering, as of what was known when watching began. Where another
    process was quicker, looks again. Raises OrganismError, DataError, StorageError.
    """
    while True:
        found = _look(tower, day=day, stamp=stamp, silently=silently)
        if found is not None:
            return found


def _look(tower: Tower, *, day: date, stamp: Stamp, silently: bool) -> tuple[Alert, ...] | None:
    engine = tower.collection.engine
    linelist = case_imports.current(tower.collection.folder, today=day)
    year_ago = (datetime.fromisoformat(stamp.at) - TYPICAL).isoformat()
    how = _watch(tower)
    with reading(engine) as connection:
        since, upto = cursor(connection), newest(connection)
        told = _told(tower, linelist)
        yesterday, today = pictures(connection, since, told, linelist=linelist, year_ago=year_ago)
        how = _with_ledger(how, read_moves(connection) if how.watched else ())
    found = alerts(_with_logs(tower, yesterday), _with_logs(tower, today), day, how)
    ways = () if silently else tower.channels()
    with writing(engine) as connection:
        if cursor(connection) != since:
            return None
        kept: list[Alert] = []
        for one in found:
            taken = [way.name for way in ways if way.takes(one)]
            kept += shelf.record(connection, [one], taken)
        for one in kept:
            note(connection, stamp, "alert", one.key, {"rule": one.rule, "severity": one.severity})
        move_cursor(connection, upto)
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
        links=LinkSettings(prior=PRIORS["surveillance"], clock=clock),
    )


def _with_ledger(how: Watch, entries: Sequence[Entry]) -> Watch:
    return replace(how, watched=followed(how.watched, entries))


def _told(tower: Tower, linelist: LineList | None) -> Told:
    """What tables and the line list say of isolates."""
    facts = type_tables.read(tower.knowing)
    named = linelist.cases["isolate_ids"].explode().drop_nulls() if linelist else ()
    names = sorted({*facts.strata, *facts.handling, *named})
    sampled = sampled_isolates(names, linelist, facts.strata, facts.handling)
    return Told({one.isolate_id: one for one in sampled}, facts.markers)


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
            send(way, one.alert, folder=tower.knowing, clock=clock)
        except UndeliveredError as error:
            shelf.settle(engine, one, _now(clock), error=str(error))
            failed.append((one.alert.key, one.channel, str(error)))
        else:
            shelf.settle(engine, one, _now(clock))
            done.append((one.alert.key, one.channel))
    return Sent(tuple(done), tuple(failed))


def _now(clock: Callable[[], float]) -> str:
    return datetime.fromtimestamp(clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S")

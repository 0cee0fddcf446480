"""Pictures of yesterday and today to watch, and the rules that are shipped."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from abscope import organism, tables
from abscope.knowledge import watch_rules
from abscope.outbreak.alerts import alerts
from abscope.outbreak.watching import Watch
from abscope.records import Alert, LineList, Nearby, Picture, Sampled, Seen, WatchRule
from linked import BACKGROUNDS, NO_CLONE, SITES, sampled

TODAY = date(2024, 3, 1)
RULES = {
    rule.name: rule for rule in watch_rules.read(organism.folder_of("mycobacterium_abscessus") / "watch.toml")
}  # fmt: skip


def seen(
    name: str, serial: int, *, whose: str = "", clusters: Mapping[int, int] | None = None,
    of: Sampled | None = None, markers: Iterable[tuple[str, str]] | None = None,
) -> Seen:  # fmt: skip
    """An isolate of a patient of its own, of no clone, unless told otherwise."""
    told = None if markers is None else frozenset(markers)
    return Seen(name, serial, of or sampled(name), whose, clusters or {}, told)


def picture(*isolates: Seen, near: Iterable[tuple[str, str, int]] = (), **more: object) -> Picture:
    """What is known of some isolates; near: two names and SNPs."""
    pairs = tuple(Nearby(*sorted(pair[:2]), pair[2], SITES, "JCM_15300") for pair in near)
    known = {NO_CLONE: 200}
    sizes = Counter(place for one in isolates for place in one.clusters.items())
    return Picture(
        {one.isolate_id: one for one in isolates}, pairs,
        **{"sizes": sizes, "known": known, "a_year": {NO_CLONE: 50.0}, **more},
    )  # fmt: skip


def before(today: Picture, *new: str) -> Picture:
    """The day before, without some isolates."""
    kept = {name: one for name, one in today.isolates.items() if name not in new}
    return replace(today, isolates=kept, near=())


def watch(*rules: str, **more: object) -> Watch:
    """A watch by some of the shipped rules, all without a name."""
    chosen = [RULES[name] for name in rules] or list(RULES.values())
    return Watch(chosen, **{"backgrounds": BACKGROUNDS, **more})


def altered(name: str, **settings: object) -> WatchRule:
    """A shipped rule with other settings."""
    return replace(RULES[name], settings={**RULES[name].settings, **settings})


def told(yesterday: Picture, today: Picture, how: Watch, day: date = TODAY) -> list[Alert]:
    """The alerts, as a list."""
    return list(alerts(yesterday, today, day, how))


def case_list(
    *rows: Mapping[str, object], exposures: Iterable[tuple[str, str, str, str]] = ()
) -> LineList:
    """Cases by their columns; exposures: case, kind, value, answer."""
    return LineList(tables.CASES.frame(list(rows)), tables.EXPOSURES.frame(list(exposures)))


def treated(linelist: LineList, case: str, drug: str, start: date) -> LineList:
    """The same with a patient on a drug."""
    given = tables.TREATMENTS.frame([(case, drug, "yes", start, None)])
    return replace(linelist, treatments=pl.concat([linelist.treatments, given]))

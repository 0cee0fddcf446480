"""A collection's dashboard: what it holds of a viewer's, as the investigation that the report shows.

Reckoned anew when something has happened in the collection or a day has passed, and kept until then: by
whose rows they are, so that nobody is shown another's.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import sqlalchemy as sa

from abscope import organism
from abscope.collection import alerts as alert_store
from abscope.collection import audit, views
from abscope.collection.case_views import own_cases
from abscope.collection.database import reading
from abscope.formats.sampled_isolates import read_isolates
from abscope.outbreak.findings import investigate
from abscope.records import Findings, Investigation, LeftOut, LineList, Relatedness
from abscope.records.situations import Situation
from abscope.reports.panels import panels
from abscope.running.provenance import versions
from abscope.surveillance import Desk
from abscope.web import chosen as choosing
from abscope.web.chosen import MOST, Known
from abscope.web.compared import compared, unresolved
from abscope.web.held import Ask, Held
from abscope.weighing import weighed_by

LEDGER_MOST = 300  # lines of history on the page
CHOICES_MOST = 50  # clusters to look at alone, the largest
_KEPT = 8


@dataclass(slots=True)
class Recent:
    """The last few things that were reckoned, by what they depend on; each is reckoned once."""

    _kept: dict[object, Any] = field(default_factory=dict, repr=False)
    _lock: Any = field(default_factory=Lock, repr=False)

    def get(self, key: object, make: Callable[[], Any]) -> Any:
        """What `make` makes, from before where it was asked for lately."""
        with self._lock:
            found = self._kept.pop(key, None) or make()
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)))
            return found


RECENT = Recent()


def dashboard(held: Held, ask: Ask, cluster: str = "") -> dict[str, object]:
    """The context of the report's templates. That cases were read is in the audit log.

    cluster: LEVEL-NUMBER to look at one alone. Raises NotHeldError where no collection is served.
    """
    desk = held.must_desk()
    with _open(desk, ask) as connection:
        key = (desk.collection.folder, cluster, *choosing.state(connection, held, ask))

        def make() -> dict[str, object]:
            return _context(connection, held, ask, cluster)

        found: dict[str, object] = RECENT.get(key, make)
    return found


def twin(held: Held, ask: Ask, cluster: str = "") -> dict[str, Any]:
    """The same as values, for the API."""
    told: dict[str, Any] = dashboard(held, ask, cluster)
    summary = told["summary"]
    stories = [[one.distance, *one.points] for one in summary.stories]
    return {name: told[name] for name in ("title", "shown", "total", "people")} | {
        "panels": [name for name, _ in told["panels"]],
        "found": [*summary.scope, *(line for story in stories for line in story)],
        "limits": list(summary.limits),
    }


def _open(desk: Desk, ask: Ask) -> AbstractContextManager[sa.Connection]:
    if ask.viewer.may("see cases"):
        return audit.reading(desk.collection.engine, ask.stamp, "see cases", "dashboard")
    return reading(desk.collection.engine)


def _context(connection: sa.Connection, held: Held, ask: Ask, cluster: str) -> dict[str, object]:
    made, known = investigation(connection, held, ask, cluster)
    shown = sum(len(one.ids) for one in made.relatedness.comparisons)
    told = panels(made, _situation(connection, ask, made.findings))
    level = max(held.must_desk().charter.levels)
    groups = choosing.groups(known, known.keys, level)[:CHOICES_MOST]
    choices = [(one.name.removeprefix("c"), one.name, len(one.members)) for one in groups]
    counts = {"shown": shown, "total": len(known.keys)}
    return told | counts | {"cluster": cluster, "choices": choices}


def investigation(
    connection: sa.Connection, held: Held, ask: Ask, cluster: str = ""
) -> tuple[Investigation, Known]:
    """What a collection holds of the viewer's, weighed as a run's would be; and who there is in all."""
    desk = held.must_desk()
    known = choosing.known(connection, ask.viewer)
    linelist = _line_list(connection, desk, ask)
    level = max(desk.charter.levels)
    names = choosing.chosen(known, level, _with_case(linelist), cluster)
    related, isolates = _related(desk, known, names)
    hidden = [LeftOut(name, "not shown") for name in known.keys if name not in set(names)]
    whole = replace(related, left_out=(*related.left_out, *hidden))
    found = _findings(linelist, whole, known, level)
    if found is not None:
        knowledge = organism.read(desk.charter.organism).knowledge()
        found = weighed_by(found, whole, _strata(held, ask), knowledge)
    made = Investigation(
        title=held.title,
        isolates=isolates,
        relatedness=related,
        findings=found,
        left_out=(*known.failed, *_not_shown(len(hidden))),
        manifest=_manifest(desk, len(names), len(known.keys)),
    )
    return made, known


def _line_list(connection: sa.Connection, desk: Desk, ask: Ask) -> LineList | None:
    if not ask.viewer.may("see cases"):
        return None
    return own_cases(connection, ask.viewer, desk.collection.folder, today=ask.now.date())


def _with_case(linelist: LineList | None) -> set[str]:
    if linelist is None:
        return set()
    return set(linelist.cases["isolate_ids"].explode().drop_nulls().to_list())


def _related(desk: Desk, known: Known, names: list[str]) -> tuple[Relatedness, Any]:
    keys: dict[str, dict[str, str]] = {}
    for name in names:
        reference, key = known.keys[name]
        keys.setdefault(reference, {})[name] = key
    found = compared(desk, keys)
    few = sorted(
        pair
        for one in found.comparisons
        for pair in unresolved(one, desk.charter.least(one.reference))
    )
    there = [name for one in found.comparisons for name in one.ids]
    groups = choosing.clusters(known, there, desk.charter.levels, tuple(few))
    related = Relatedness(
        tuple(found.comparisons),
        groups,
        tuple(found.left_out),
        min_comparable=desk.charter.min_comparable,
    )
    return related, found.isolates


def _not_shown(more: int) -> tuple[LeftOut, ...]:
    if not more:
        return ()
    what = f"not shown: the {MOST} with a case, near another, or newest are"
    return (LeftOut(f"{more} isolates", what, "look at a cluster alone, or at the isolates' list"),)


def _findings(
    linelist: LineList | None, related: Relatedness, known: Known, level: int
) -> Findings | None:
    return investigate(linelist, list(known.keys), related, level) if linelist else None


def _strata(held: Held, ask: Ask) -> dict[str, str | None]:
    """Each isolate's stratum as the run beside the collection found it: a collection keeps no types."""
    if held.run is None or not ask.viewer.sees_all:
        return {}
    types = held.run.folder / "types.tsv"
    found = read_isolates(types).isolates if types.is_file() else ()
    return {one.isolate_id: one.stratum for one in found}


def _situation(connection: sa.Connection, ask: Ask, found: Findings | None) -> Situation:
    told = alert_store.kept(connection, ask.viewer)
    return Situation(
        today=ask.now.date(),
        alerts=tuple(one.alert for one in told if not one.answers),
        ledger=views.ledger(connection, ask.viewer)[-LEDGER_MOST:],
        backgrounds=found.backgrounds if found else (),
    )


def _manifest(desk: Desk, shown: int, held: int) -> dict[str, object]:
    """What the collection was founded with, and the versions that read it today."""
    charter = desk.charter
    return {
        "versions": versions(),
        "organism": organism.read(charter.organism).name,
        "collection": {"isolates": held, "shown": shown},
        "references": [
            {"name": r.name, "accession": r.accession, "bases": len(r.sequence), "sha256": r.digest}
            for r in charter.references
        ],
        "parameters": {
            **charter.rules.as_dict(),
            "caller": charter.caller,
            "levels": list(charter.levels),
            "min_comparable": charter.min_comparable,
        },
    }

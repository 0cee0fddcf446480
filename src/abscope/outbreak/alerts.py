"""Alerts: a pure function of yesterday, today and the date.

The same rule never speaks twice of the same thing: an alert's key is a digest of its rule and subject, and
subjects are chosen so that what goes on (a facility still silent, a week still high) keeps its subject.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from abscope.outbreak import (
    alerts_of_counts,
    alerts_of_genomes,
    alerts_of_pairs,
    alerts_of_people,
    alerts_of_shared,
)
from abscope.outbreak.watching import News, Watch
from abscope.records import SEVERITIES, Alert, Picture, WatchRule

LOOKS: Mapping[str, Callable[[WatchRule, News], Iterator[Alert]]] = {
    "watched cluster": alerts_of_genomes.watched_clusters,
    "new pair": alerts_of_pairs.new_pairs,
    "shared exposure": alerts_of_shared.shared_exposures,
    "laboratory": alerts_of_pairs.handled_together,
    "new marker": alerts_of_genomes.new_markers,
    "concentration": alerts_of_genomes.concentrated,
    "watched name": alerts_of_people.watched_names,
    "unsequenced case": alerts_of_people.unsequenced,
    "facility silent": alerts_of_people.silent_facilities,
    "patient silent": alerts_of_people.silent_patients,
    "exposure scan": alerts_of_counts.scanned,
    "counts": alerts_of_counts.many_cases,
}
"""Which function looks by rules of each kind (knowledge/watch_rules.py lists their settings)."""


def alerts(yesterday: Picture, today: Picture, day: date, watch: Watch) -> tuple[Alert, ...]:
    """What should be known today, gravest first; one alert a rule, subject and jurisdiction.

    Some rules speak of what is new since yesterday, others of how things stand today, whether or not it
    was said before: whoever records alerts keeps the first of each key.
    """
    news = News(yesterday, today, day, watch)
    found: dict[str, Alert] = {}
    for rule in watch.rules:
        for one in LOOKS[rule.kind](rule, news):
            found.setdefault(one.key, one)
    order = {severity: -rank for rank, severity in enumerate(SEVERITIES)}
    return tuple(
        sorted(found.values(), key=lambda a: (order[a.severity], a.rule, a.subject, a.key))
    )

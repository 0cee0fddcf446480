"""docs/validation/watch.md: two simulated years, watched day by day.

python -m benchmarks.surveillance_replay docs/validation/watch.md [seed ...]
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from abscope import organism, tables
from abscope.knowledge import watch_rules
from abscope.outbreak.alerts import alerts
from abscope.outbreak.watching import Watch
from abscope.records import Alert, LineList, Nearby, Picture, Seen
from abscope.simulate.linked_pairs import SITES
from benchmarks.surveillance_world import (
    BEGINS,
    ENDS,
    PANEL,
    PLANTED,
    UNLINKED,
    Patient,
    World,
    days,
    world,
)

SEEDS = (1, 2, 3, 4, 5, 6)
WIDEST, CUTOFF = 25, 10
CUTOFFS = (CUTOFF, 3)
GENOMES = ("new pair", "new pair across jurisdictions", "new clone pair across jurisdictions")
SHARED = "near and the same exposure"
RULES = (
    *GENOMES,
    SHARED,
    "concentration",
    "high concentration",
    "exposure scan",
    "more cases than expected",
)
YEARS = ((ENDS - BEGINS).days + 1) / 365.25

TEXT = """\
# Watching two simulated years

    python -m benchmarks.surveillance_replay docs/validation/watch.md

Every day on which a case is reported or a genome arrives, `outbreak.alerts` looks at what is new.
{unlinked} patients who have nothing to do with each other, of three dominant clones and of none, in six
states and 120 clinics, and three planted outbreaks: of a point source, of a frozen product (both of no
clone), of a reservoir (in DCC3, where unlinked patients are close). Cases are reported 21 days (median)
after the specimen and sequenced after 60; a quarter is never sequenced, 15 % do not tell the clinic, a
fifth of exposures has no date. Backgrounds come from {panel} other patients a stratum. Distances are
those of simulated genealogies. Rules are those shipped, without a watch list; clusters are at 10 SNPs.

- **any rule**, **genomes**: the first alert that names two cases of the outbreak or more; by any rule,
  and by the rules on pairs of genomes alone.
- **10 SNPs**, **3 SNPs**: the first day a new genome is within so many SNPs of another case's.
- **no system**: the first day on which three patients who name the clinic have been reported in one
  state. That somebody notices then is a supposition.
- `>`: never; the end of the two years is taken for it.
- **false**: alerts a year that do not name two patients of one outbreak. An alert for two jurisdictions
  counts once.

## Days from the second report of an outbreak

{days}

## Days gained, and false alerts

Days by which the rules were first, outbreak by outbreak in the order above; and false alerts a year.

{gained}

## False alerts a year, by rule

{rules}

Expected by the alerts on pairs themselves (mean of what is printed with each): {claimed}.

## What it shows

In all 18 outbreaks the rules are as early as a cut-off at 10 SNPs or earlier, for about a quarter of its
false alerts, and fewer than a cut-off at 3 SNPs makes. Where genomes alone decide, nothing is to be gained
on a cut-off but quiet: an outbreak of no clone is noticed when its second close genome arrives, by any
rule. Days are gained by what cases tell before their genomes come (seed 1, the point source), and in a
dominant clone by what two patients name, where genomes alone come late or never (seeds 3 and 6). The rule
for that (near and the same exposure) was made after seed 3 was seen; seeds 4 to 6 were not. One sequenced
case (seed 2, the reservoir) is no pair to any rule. An alert watcher of a clinic whose patients all live
in one state can be a few days earlier than genomes (-3, -8, -10): `watched clinic` rules are for what is
known already, and were not used.

CPU: {cpu:.0f} s for {seeds} seeds.
"""


@dataclass(slots=True)
class Tale:
    """What each system said, day by day. first: (event, system) -> day; false: by system; claimed: rates."""

    first: dict[tuple[str, str], date] = field(default_factory=dict)
    false: Counter[str] = field(default_factory=Counter)
    claimed: list[float] = field(default_factory=list)

    def notice(self, event: str, system: str, day: date) -> None:
        """Keep the first day."""
        self.first.setdefault((event, system), day)


def replay(seed: int) -> tuple[World, Tale]:
    """Watch a world day by day."""
    made, tale, known = world(seed), Tale(), set[str]()
    told = {
        one.name: one
        for one in watch_rules.read(organism.folder_of("mycobacterium_abscessus") / "watch.toml")
    }
    how = Watch(
        [told[name] for name in RULES], backgrounds=made.backgrounds, links=made.links, seed=seed
    )
    yesterday, clusters = Picture(), dict[str, int]()
    for day in days(made.patients):
        today = _picture(made, day, clusters)
        for alert in _joined(alerts(_without_new(yesterday, today), today, day, how)):
            if alert.rule + alert.subject not in known:
                known.add(alert.rule + alert.subject)
                _judge(alert, made, tale, day=day, clusters=clusters)
        for cutoff in CUTOFFS:
            _by_distance(made, yesterday, today, tale=tale, day=day, cutoff=cutoff)
        _by_chance(made, day, tale)
        yesterday = today
    return made, tale  # fmt: skip


def _joined(found: Iterable[Alert]) -> Iterator[Alert]:
    """One alert for what several jurisdictions are told, with the cases of all."""
    same: dict[str, list[Alert]] = {}
    for one in found:
        same.setdefault(one.rule + one.subject, []).append(one)
    for told in same.values():
        named = [one.evidence.get("cases") for one in told]
        cases = [case for own in named if isinstance(own, list) for case in own]
        yield replace(told[0], evidence={**told[0].evidence, "cases": cases}) if cases else told[0]


def _without_new(yesterday: Picture, today: Picture) -> Picture:
    kept = {name: one for name, one in today.isolates.items() if name in yesterday.isolates}
    return replace(today, isolates=kept, near=())


def _picture(made: World, day: date, clusters: dict[str, int]) -> Picture:
    """All that is known by a day. clusters: by isolate, brought up to the day."""
    there = [one for one in made.patients if one.genome is not None and one.genome <= day]
    new = [one for one in there if one.genome == day]
    near = tuple(_near(made, there, new))
    _clustered(near, there, clusters)
    strata = Counter(one.sampled.stratum for one in there if one.sampled)
    lately = Counter(
        one.sampled.stratum for one in there if one.sampled and (day - one.genome).days < 365
    )
    return Picture(
        isolates={one.name: seen for one, seen in _seen(there, clusters)},
        near=near,
        totals=Counter(one.state for one in there),
        known=dict(strata),
        a_year=dict(lately),
        linelist=_linelist([one for one in made.patients if one.reported <= day]),
    )  # fmt: skip


def _clustered(near: Sequence[Nearby], there: Sequence[Patient], clusters: dict[str, int]) -> None:
    """Single linkage: new isolates begin clusters, near pairs join them."""
    for one in there:
        clusters.setdefault(one.name, len(clusters) + 1)
    for pair in (one for one in near if one.snps <= CUTOFF):
        kept, lost = sorted(clusters[n] for n in (pair.isolate_1, pair.isolate_2))
        for name in [n for n, number in clusters.items() if number == lost]:
            clusters[name] = kept


def _seen(there: Sequence[Patient], clusters: dict[str, int]) -> Iterator[tuple[Patient, Seen]]:
    ordered = sorted(there, key=lambda one: (one.genome or ENDS, one.name))
    for serial, one in enumerate(ordered, 1):
        if one.sampled is not None:
            yield one, Seen(one.name, serial, one.sampled, one.state, {CUTOFF: clusters[one.name]})


def _near(made: World, there: Sequence[Patient], new: Sequence[Patient]) -> Iterator[Nearby]:
    done: set[str] = set()
    for one in new:
        done.add(one.name)
        stratum = one.sampled.stratum if one.sampled else None
        for other in there:
            if other.name in done or other.sampled is None or other.sampled.stratum != stratum:
                continue
            snps = int(made.snps[stratum or ""][one.at, other.at])
            if snps <= WIDEST:
                yield Nearby(*sorted((one.name, other.name)), snps, SITES, "reference")


def _linelist(reported: Sequence[Patient]) -> LineList:
    rows = [
        {
            "case_id": one.name,
            "isolate_ids": [one.name] if one.sampled else [],
            "date_collection": one.collected,
            "date_report": one.reported,
            "residence_state": one.state,
        }
        for one in reported
    ]
    said = [(one.name, "clinic", one.clinic, "yes") for one in reported if one.clinic]
    return LineList(tables.CASES.frame(rows), tables.EXPOSURES.frame(said))


def _events(made: World, names: Sequence[str]) -> Counter[str]:
    event = {one.name: one.event for one in made.patients}
    return Counter(found for name in dict.fromkeys(names) if (found := event.get(name)))


def _judge(alert: Alert, made: World, tale: Tale, *, day: date, clusters: dict[str, int]) -> None:
    pairs = alert.evidence.get("pairs", [])
    cases = (
        [one["isolate"] for one in pairs] + [alert.subject]
        if alert.rule in (*GENOMES, SHARED)
        else []
    )
    named = alert.evidence.get("cases")
    cases = cases or (list(named) if isinstance(named, list) else [])
    if "cluster" in alert.evidence:
        cases = [name for name, number in clusters.items() if number == alert.evidence["cluster"]]
    events = _events(made, cases)
    true = [event for event, count in events.items() if count >= 2]
    for event in true:
        tale.notice(event, "any rule", day)
        if alert.rule in GENOMES:
            tale.notice(event, "genomes", day)
    if not true:
        tale.false[alert.rule] += 1
    if alert.false_a_year is not None and alert.rule in GENOMES:
        tale.claimed.append(alert.false_a_year)


def _by_distance(
    made: World, yesterday: Picture, today: Picture, *, tale: Tale, day: date, cutoff: int
) -> None:
    partners: dict[str, list[str]] = {}
    for near in today.near:
        if near.snps <= cutoff:
            for one, other in ((near.isolate_1, near.isolate_2), (near.isolate_2, near.isolate_1)):
                if one not in yesterday.isolates:
                    partners.setdefault(one, []).append(other)
    for one, others in partners.items():
        true = [e for e, n in _events(made, [one, *others]).items() if n >= 2]
        for event in true:
            tale.notice(event, f"{cutoff} SNPs", day)
        if not true:
            tale.false[f"{cutoff} SNPs"] += 1


def _by_chance(made: World, day: date, tale: Tale) -> None:
    told = Counter(
        (one.event, one.state) for one in made.patients if one.event and one.clinic and one.reported <= day
    )  # fmt: skip
    for (event, _), count in told.items():
        if count >= 3 and event is not None:
            tale.notice(event, "no system", day)


SYSTEMS = ("any rule", "genomes", "10 SNPs", "3 SNPs", "no system")


def main() -> None:
    """Replay every seed and write the page."""
    page = Path(sys.argv[1])
    seeds = [int(word) for word in sys.argv[2:]] or list(SEEDS)
    began = time.process_time()
    told = [(seed, *replay(seed)) for seed in seeds]
    claimed = [rate for _, _, tale in told for rate in tale.claimed]
    text = TEXT.format(
        unlinked=UNLINKED,
        panel=PANEL,
        days="\n".join(_day_table(told)),
        gained="\n".join(_gain_table(told)),
        rules="\n".join(_rule_table(told)),
        claimed=f"{sum(claimed) / len(claimed):.2f} a year" if claimed else "nothing",
        cpu=time.process_time() - began,
        seeds=len(seeds),
    )
    page.write_text(text, encoding="utf-8")


Told = list[tuple[int, World, Tale]]


def _second(made: World, event: str) -> date:
    return sorted(one.reported for one in made.patients if one.event == event)[1]


def _days(made: World, tale: Tale, event: str, system: str) -> tuple[int, bool]:
    """Days from the second report, and whether it was never noticed."""
    found = tale.first.get((event, system))
    return ((found or ENDS + timedelta(1)) - _second(made, event)).days, found is None


def _day_table(told: Told) -> Iterator[str]:
    yield "| seed | outbreak | cases (sequenced) by the end | " + " | ".join(SYSTEMS) + " |"
    yield "|---|---|---|" + "---|" * len(SYSTEMS)
    for seed, made, tale in told:
        for label, _, _ in PLANTED:
            own = [one for one in made.patients if one.event == label]
            genomes = sum(one.genome is not None and one.genome <= ENDS for one in own)
            cells = [_days(made, tale, label, system) for system in SYSTEMS]
            shown = " | ".join(f"{'> ' if never else ''}{number}" for number, never in cells)
            yield f"| {seed} | {label} | {len(own)} ({genomes}) | {shown} |"


def _gain_table(told: Told) -> Iterator[str]:
    head = ("seed", "on 10 SNPs", "on 3 SNPs", "on no system", "false a year: rules")
    yield f"| {' | '.join(head)} | 10 SNPs | 3 SNPs |"
    yield "|---|---|---|---|---|---|---|"
    for seed, made, tale in told:
        ours = [_days(made, tale, label, "any rule")[0] for label, _, _ in PLANTED]
        gains = [
            [
                _days(made, tale, label, system)[0] - own
                for own, (label, _, _) in zip(ours, PLANTED, strict=True)
            ]
            for system in ("10 SNPs", "3 SNPs", "no system")
        ]
        rates = [
            sum(tale.false[name] for name in names) / YEARS
            for names in (RULES, ("10 SNPs",), ("3 SNPs",))
        ]
        cells = [", ".join(f"{gain:+d}" if gain else "0" for gain in some) for some in gains]
        yield f"| {seed} | {' | '.join([*cells, *(f'{rate:.1f}' for rate in rates)])} |"


def _rule_table(told: Told) -> Iterator[str]:
    names = (*RULES, "10 SNPs", "3 SNPs")
    yield "| rule | " + " | ".join(f"seed {seed}" for seed, _, _ in told) + " |"
    yield "|---|" + "---|" * len(told)
    for name in names:
        yield (
            f"| {name} | "
            + " | ".join(f"{tale.false[name] / YEARS:.1f}" for *_, tale in told)
            + " |"
        )


if __name__ == "__main__":
    main()

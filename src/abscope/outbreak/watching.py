"""What a watch works with: its rules and knowledge, and what is new between yesterday and today."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from abscope.outbreak.link_settings import PRIORS, LinkSettings
from abscope.records import (
    Alert,
    Background,
    Entry,
    Nearby,
    Picture,
    Seen,
    WatchedName,
    WatchRule,
)


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """How to look. watched: clusters, by their number today, clinics, products, lots. seed: of scans."""

    rules: Sequence[WatchRule]
    watched: Sequence[WatchedName] = ()
    backgrounds: Mapping[str, Background] = field(default_factory=dict)
    links: LinkSettings = field(default_factory=lambda: LinkSettings(prior=PRIORS["surveillance"]))
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class News:
    """Yesterday's picture, today's, and how to look at them."""

    yesterday: Picture
    today: Picture
    day: date
    watch: Watch

    @property
    def isolates(self) -> tuple[Seen, ...]:
        """Isolates that are new, in the order they came."""
        new = set(self.today.isolates) - set(self.yesterday.isolates)
        return tuple(sorted((self.today.isolates[one] for one in new), key=lambda s: s.serial))

    def pairs(self) -> Iterator[tuple[Seen, Seen, Nearby]]:
        """Near pairs with a new isolate: the later, the earlier, and how near; pairs of one patient too."""
        isolates, known = self.today.isolates, self.yesterday.isolates
        for near in self.today.near:
            one, other = isolates.get(near.isolate_1), isolates.get(near.isolate_2)
            if one is None or other is None:
                continue
            if self._order(one) > self._order(other):
                one, other = other, one
            if other.isolate_id not in known:
                yield other, one, near

    def _order(self, seen: Seen) -> tuple[bool, int]:
        """Those known yesterday first; an isolate that failed at first keeps its early serial."""
        return seen.isolate_id not in self.yesterday.isolates, seen.serial

    def owners(self) -> dict[str, str]:
        """The case of each isolate that the line list names."""
        frame = self.today.linelist.cases.select("case_id", "isolate_ids").explode("isolate_ids")
        return {isolate: case for case, isolate in frame.drop_nulls().iter_rows()}

    def jurisdiction(self, case: str) -> str:
        """Whose a case is: that of its isolate, else the state the patient lives in."""
        own = [name for name, owner in self.owners().items() if owner == case]
        isolates, others = self.today.isolates, self.today.whose
        told = (isolates[n].jurisdiction if n in isolates else others.get(n) for n in own)
        if known := next((whose for whose in told if whose is not None), ""):
            return known
        frame = self.today.linelist.cases
        state = dict(frame.select("case_id", "residence_state").iter_rows()).get(case)
        return str(state or "")

    def by_jurisdiction(self, cases: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Cases by whose they are, each in its order: nobody is told of another's case by name."""
        found: dict[str, list[str]] = {}
        for case in cases:
            found.setdefault(self.jurisdiction(case), []).append(case)
        return {whose: tuple(own) for whose, own in sorted(found.items())}


def raised(
    rule: WatchRule, news: News, *, about: tuple[str, str], evidence: Mapping[str, object],
    whose: str = "", false_a_year: float | None = None,
) -> Alert:  # fmt: skip
    """An alert by a rule. about: its subject, and the reason in a sentence."""
    subject, reason = about
    return Alert(
        rule.name,
        subject,
        rule.severity,
        rule.title,
        reason,
        dict(evidence),
        news.day,
        whose,
        false_a_year,
    )


def followed(watched: Iterable[WatchedName], entries: Sequence[Entry]) -> tuple[WatchedName, ...]:
    """The watched clusters by the numbers they have now: after merging the other's, after splitting both.

    entries: the ledger, oldest first.
    """
    found: list[WatchedName] = []
    for one in watched:
        numbers = {one.value}
        for entry in entries if one.kind == "cluster" else ():
            if entry.level != one.level or entry.other is None:
                continue
            if entry.verb == "merged" and str(entry.other) in numbers:
                numbers = numbers - {str(entry.other)} | {str(entry.cluster)}
            if entry.verb == "split" and str(entry.cluster) in numbers:
                numbers.add(str(entry.other))
        found += [replace(one, value=number) for number in sorted(numbers)]
    return tuple(dict.fromkeys(found))

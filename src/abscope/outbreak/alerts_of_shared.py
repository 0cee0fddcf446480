"""Alerts on two patients who are near each other by genome and name the same place or product."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from abscope.outbreak.alerts_of_pairs import judged_pair, same_patient
from abscope.outbreak.link_odds import Odds
from abscope.outbreak.plural import plural
from abscope.outbreak.watching import News, raised
from abscope.records import Alert, Nearby, Seen, WatchRule
from abscope.records.sources import Exposure

RECALL = 0.85
"""Chance that a patient infected by a source names it (as in sources; judgement)."""

Named = Mapping[str, frozenset[Exposure]]


def shared_exposures(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A new isolate near another patient's who names the same: what neither genome nor answer says alone.

    The odds of the pair are multiplied by how much more often linked patients name the same than two
    others, over the exposures that the new case names.
    """
    named, owner = _named(rule, news), news.owners()
    for later, earlier, near in news.pairs():
        cases = [owner.get(seen.isolate_id, "") for seen in (later, earlier)]
        common = named.get(cases[0], frozenset()) & named.get(cases[1], frozenset())
        if not common or same_patient(later, earlier):
            continue
        exposure, share = _rarest(common, named, cases)
        link = judged_pair(later, earlier, near, news.watch)
        if link is None:
            continue
        chance = _together(link, RECALL / share / len(named[cases[0]]))
        if chance >= rule.number("posterior"):
            told = (exposure, share, chance)
            yield from _alerts(rule, news, (later, earlier, near), link=link, told=told)


def _named(rule: WatchRule, news: News) -> Named:
    """What each case had, of the rule's kinds."""
    said = news.today.linelist.exposures.filter(
        (pl.col("answer") == "yes")
        & pl.col("value").is_not_null()
        & pl.col("kind").is_in(list(rule.words("kinds")))
    )
    found: dict[str, set[Exposure]] = defaultdict(set)
    for case, kind, value in said.select("case_id", "kind", "value").iter_rows():
        found[case].add((kind, value))
    return {case: frozenset(own) for case, own in found.items()}


def _rarest(common: frozenset[Exposure], named: Named, cases: list[str]) -> tuple[Exposure, float]:
    """The exposure fewest other cases name, and their share."""
    others = [own for case, own in named.items() if case not in cases]

    def share(exposure: Exposure) -> float:
        return (sum(exposure in own for own in others) + 1) / (len(others) + 2)

    best = min(sorted(common), key=share)
    return best, share(best)


def _together(link: Odds, factor: float) -> float:
    """The chance of a link once the common exposure is known."""
    odds = link.linked / max(1 - link.linked, 1e-12) * factor
    return odds / (1 + odds)


def _alerts(
    rule: WatchRule, news: News, pair: tuple[Seen, Seen, Nearby], *, link: Odds,
    told: tuple[Exposure, float, float],
) -> Iterator[Alert]:  # fmt: skip
    (later, earlier, near), ((kind, value), share, chance) = pair, told
    reason = (
        f"{later.isolate_id} is {plural(near.snps, 'SNP')} from {earlier.isolate_id} and both"
        f" patients name {kind} {value}: linked with probability {chance:.2f},"
        f" {link.linked:.2f} by genomes alone."
    )
    evidence = {
        "pairs": [{"isolate": earlier.isolate_id, "snps": near.snps, "comparable": near.comparable}],
        "isolate": later.isolate_id, "kind": kind, "value": value, "share": round(share, 4),
        "linked": round(chance, 3), "linked_by_genomes": round(link.linked, 3),
    }  # fmt: skip
    stratum = later.sampled.stratum
    pairs = news.today.a_year.get(stratum, 0.0) * news.today.known.get(stratum, 0)
    for whose in sorted({later.jurisdiction, earlier.jurisdiction}):
        yield raised(
            rule,
            news,
            about=(later.isolate_id, reason),
            evidence=evidence,
            whose=whose,
            false_a_year=pairs * link.share * share,
        )

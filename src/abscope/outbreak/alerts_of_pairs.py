"""Alerts on two isolates near each other: linked, or mixed up in the laboratory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import polars as pl

from abscope.outbreak.link_odds import Odds, by_distance, odds
from abscope.outbreak.link_pairs import Pair
from abscope.outbreak.plural import plural
from abscope.outbreak.watching import News, Watch, raised
from abscope.records import Alert, Nearby, Sampled, Seen, WatchRule

NO_CLONE = "not a clone"
_NAMED = 5  # pairs told of in the evidence

Near = tuple[Seen, Nearby]


def new_pairs(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A new isolate and the patients it is linked to: one alert for it, and for each jurisdiction."""
    partners: dict[str, list[Near]] = defaultdict(list)
    for later, earlier, near in news.pairs():
        if not same_patient(later, earlier) and _wanted(rule, later, earlier):
            partners[later.isolate_id].append((earlier, near))
    for name, others in partners.items():
        yield from _linked(rule, news, news.today.isolates[name], others)


def same_patient(one: Seen, other: Seen) -> bool:
    """Whether both are known to be one patient's."""
    return one.sampled.patient is not None and one.sampled.patient == other.sampled.patient


def _wanted(rule: WatchRule, one: Seen, other: Seen) -> bool:
    if rule.on("across") == (one.jurisdiction == other.jurisdiction):
        return False
    strata = [seen.sampled.stratum for seen in (one, other)]
    of_clone = any(s is not None and not s.startswith(NO_CLONE) for s in strata)
    return {"any": True, "none": not of_clone, "only": of_clone}[str(rule.settings["clones"])]


def _linked(rule: WatchRule, news: News, seen: Seen, near: Sequence[Near]) -> Iterator[Alert]:
    judged = _judged(seen, [(other.sampled, one) for other, one in near], news.watch)
    held = [
        (judged.get(other.isolate_id), other, one)
        for other, one in near
        if _holds(rule, judged.get(other.isolate_id), one)
    ]
    held.sort(key=lambda item: (-item[0].linked if item[0] else 0.0, item[2].snps))
    if not held:
        return
    link, other, closest = held[0]
    rate = _false_a_year(rule, news, seen, other, closest) if link else None
    evidence = {
        "isolate": seen.isolate_id,
        "pairs": [_pair(one, there.isolate_id, counted) for one, there, counted in held[:_NAMED]],
        "linked_to": len(held),
        "stratum": seen.sampled.stratum,
    }
    reason = _reason(rule, seen, held, rate)
    for whose in sorted({seen.jurisdiction, *(there.jurisdiction for _, there, _ in held)}):
        yield raised(
            rule,
            news,
            about=(seen.isolate_id, reason),
            evidence=evidence,
            whose=whose,
            false_a_year=rate,
        )


def _judged(seen: Seen, others: Sequence[tuple[Sampled, Nearby]], watch: Watch) -> dict[str, Odds]:
    """How probably an isolate is linked with each of the others, for whom there is a background."""
    pairs = (_paired(seen.sampled, other, near, watch) for other, near in others)
    return {pair.other.isolate_id: one for pair, one in odds(pairs, watch.backgrounds, watch.links)}


def _paired(one: Sampled, other: Sampled, near: Nearby, watch: Watch) -> Pair:
    stratum = watch.links.shared(one.stratum, other.stratum)
    return Pair(one, other, near.snps, near.comparable, near.reference, stratum)


def judged_pair(seen: Seen, other: Seen, near: Nearby, watch: Watch) -> Odds | None:
    """How probably two isolates are linked; None without a background."""
    return _judged(seen, [(other.sampled, near)], watch).get(other.isolate_id)


def _holds(rule: WatchRule, link: Odds | None, near: Nearby) -> bool:
    """Linked by the rule's posterior; without any background, no farther than `unknown_within`."""
    if link is not None:
        return link.linked >= rule.number("posterior")
    return near.snps <= rule.number("unknown_within")


def _pair(link: Odds | None, other: str, near: Nearby) -> dict[str, object]:
    return {
        "isolate": other,
        "snps": near.snps,
        "comparable": near.comparable,
        "linked": None if link is None else round(link.linked, 3),
        "linked_low": None if link is None else round(link.low, 3),
    }


def _reason(
    rule: WatchRule, seen: Seen, held: Sequence[tuple[Odds | None, Seen, Nearby]],
    rate: float | None,
) -> str:  # fmt: skip
    link, other, near = held[0]
    of = f" of {other.jurisdiction}" if other.jurisdiction else ""
    more = f", and {len(held) - 1} more" if len(held) > 1 else ""
    apart = plural(near.snps, "SNP")
    start = f"{seen.isolate_id} is {apart} from {other.isolate_id}{of}{more}: "
    if link is None:
        limit = rule.number("unknown_within")
        return start + f"its clone is not known, and pairs within {limit:g} SNPs may be chance."
    often = "" if rate is None else f"; {rate:.2g} such alerts a year are expected by chance"
    return start + f"linked with probability {link.linked:.2f}{often}."


def _false_a_year(
    rule: WatchRule, news: News, seen: Seen, other: Seen, near: Nearby
) -> float | None:
    """New isolates a year x known patients x chance share within the largest distance that alerts."""
    stratum = seen.sampled.stratum
    background = news.watch.backgrounds.get(stratum or "")
    if background is None:
        return None
    pair = _paired(seen.sampled, other.sampled, near, news.watch)
    reach = _trigger(rule, news.watch, pair, near.snps)
    share = float(background.share[min(reach, background.limit)])
    return news.today.a_year.get(stratum, 0.0) * news.today.known.get(stratum, 0) * share


def _trigger(rule: WatchRule, watch: Watch, pair: Pair, snps: int) -> int:
    """The largest distance, SNPs, at which these two would still be linked by the rule."""
    reach = snps
    for d, link in enumerate(by_distance(pair, watch.backgrounds, watch.links)[snps:], snps):
        if link.linked < rule.number("posterior"):
            break
        reach = d
    return reach


def handled_together(rule: WatchRule, news: News) -> Iterator[Alert]:
    """Two patients' isolates next to identical, handled together, with no exposure in common."""
    for later, earlier, near in news.pairs():
        both = later.sampled.handling & earlier.sampled.handling
        if near.snps > rule.number("within") or not both or same_patient(later, earlier):
            continue
        if _shared(news, later, earlier):
            continue
        handled = ", ".join(f"{kind} {name}" for kind, name in sorted(both))
        reason = (
            f"{later.isolate_id} and {earlier.isolate_id} are {plural(near.snps, 'SNP')} apart,"
            f" share {handled} and no exposure: a mixed-up or contaminated tube is likely. Repeat one"
            " from its culture."
        )
        evidence = {"snps": near.snps, "comparable": near.comparable, "handling": sorted(both)}
        for whose in sorted({later.jurisdiction, earlier.jurisdiction}):
            yield raised(
                rule,
                news,
                about=(" ".join(sorted((later.isolate_id, earlier.isolate_id))), reason),
                evidence={**evidence, "isolates": [later.isolate_id, earlier.isolate_id]},
                whose=whose,
                false_a_year=_by_chance(rule, news, later),
            )


def _by_chance(rule: WatchRule, news: News, seen: Seen) -> float | None:
    """Isolates this near that are truly two patients', if all were handled together: an upper bound."""
    stratum = seen.sampled.stratum
    background = news.watch.backgrounds.get(stratum or "")
    if background is None:
        return None
    share = float(background.share[int(rule.number("within"))])
    return news.today.a_year.get(stratum, 0.0) * news.today.known.get(stratum, 0) * share


def _shared(news: News, one: Seen, other: Seen) -> bool:
    """Whether the line list names an exposure that both cases had, other than a country or city."""
    owner = news.owners()
    wide = pl.col("kind").is_in(["country", "city"])
    said = news.today.linelist.exposures.filter(
        (pl.col("answer") == "yes") & pl.col("value").is_not_null() & ~wide
    )
    had = [
        set(said.filter(pl.col("case_id") == owner[s.isolate_id]).select("kind", "value").rows())
        for s in (one, other)
        if s.isolate_id in owner
    ]
    return len(had) == 2 and bool(had[0] & had[1])

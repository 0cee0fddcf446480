"""Alerts on new isolates: of a watched cluster, in a concentrated one, with new resistance."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from abscope.outbreak.concentration import by_chance, ratio
from abscope.outbreak.followup import genome_changes
from abscope.outbreak.plural import plural
from abscope.outbreak.watching import News, raised
from abscope.records import Alert, Seen, WatchRule
from abscope.records.followup import LaterIsolate


def watched_clusters(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A new isolate belongs to a cluster on the watch list."""
    wanted = {(one.level, one.value) for one in news.watch.watched if one.kind == "cluster"}
    for seen in news.isolates:
        for level, cluster in sorted(seen.clusters.items()):
            if (level, str(cluster)) not in wanted:
                continue
            members = news.today.sizes[level, cluster]
            reason = (
                f"{seen.isolate_id} joined watched cluster {cluster} at {level} SNPs,"
                f" {plural(members - 1, 'isolate')} before it."
            )
            evidence = {
                "isolate": seen.isolate_id,
                "cluster": cluster,
                "level": level,
                "members": members,
                "nearest": _nearest(news, seen),
            }
            yield raised(
                rule,
                news,
                about=(f"{seen.isolate_id} in cluster {cluster} at {level} SNPs", reason),
                evidence=evidence,
                whose=seen.jurisdiction,
                false_a_year=_strays(news, seen, level, members - 1),
            )


def _members(news: News, level: int, cluster: int) -> list[Seen]:
    return [s for s in news.today.isolates.values() if s.clusters.get(level) == cluster]


def _nearest(news: News, seen: Seen) -> dict[str, object] | None:
    own = [p for p in news.today.near if seen.isolate_id in {p.isolate_1, p.isolate_2}]
    if not own:
        return None
    near = min(own, key=lambda p: p.snps)
    other = near.isolate_2 if near.isolate_1 == seen.isolate_id else near.isolate_1
    return {"isolate": other, "snps": near.snps, "comparable": near.comparable}


def _strays(news: News, seen: Seen, level: int, members: int) -> float | None:
    """Unlinked isolates a year that come within `level` of a member by chance."""
    background = news.watch.backgrounds.get(seen.sampled.stratum or "")
    if background is None:
        return None
    share = float(background.share[min(level, background.limit)])
    return news.today.a_year.get(seen.sampled.stratum, 0.0) * members * share


def concentrated(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A cluster that grew has more than its share in one jurisdiction."""
    for cluster, place, count, size in _gathered(rule, news):
        totals = {name: number for name, number in news.today.totals.items() if name}
        if len(totals) < 2:
            return
        found = ratio(count, size, totals.get(place, count), sum(totals.values()))
        if rule.number("least") <= found < rule.number("below"):
            yield _concentration(rule, news, (cluster, place), (count, size, found))


def _gathered(rule: WatchRule, news: News) -> Iterator[tuple[int, str, int, int]]:
    """Clusters that grew, with each jurisdiction of enough patients there: how many, of how many."""
    level = int(rule.number("level"))
    grown = {seen.clusters[level] for seen in news.isolates if level in seen.clusters}
    for cluster in sorted(grown):
        owners = {_who(s): s.jurisdiction for s in _members(news, level, cluster) if s.jurisdiction}
        for place, count in sorted(Counter(owners.values()).items()):
            if count >= rule.number("cases"):
                yield cluster, place, count, len(owners)


def _who(seen: Seen) -> str:
    return seen.sampled.patient or seen.isolate_id


def _concentration(
    rule: WatchRule, news: News, what: tuple[int, str], found: tuple[int, int, float]
) -> Alert:
    (cluster, place), (count, size, llr), level = what, found, int(rule.number("level"))
    totals = {name: number for name, number in news.today.totals.items() if name}
    chance = by_chance(size, totals, least=rule.number("least"), cases=int(rule.number("cases")))
    reason = (
        f"{count} of the {size} patients of cluster {cluster} at {level} SNPs are of {place}, which has"
        f" {totals.get(place, count)} of {sum(totals.values())} isolates: log-likelihood ratio {llr:.1f}."
    )
    evidence = {"cluster": cluster, "level": level, "place": place, "here": count, "patients": size,
                "ratio": round(llr, 2), "chance": chance}  # fmt: skip
    return raised(
        rule,
        news,
        about=(f"cluster {cluster} at {level} SNPs in {place}", reason),
        evidence=evidence,
        whose=place,
        false_a_year=chance * sum(news.today.a_year.values()),
    )


def new_markers(rule: WatchRule, news: News) -> Iterator[Alert]:
    """A patient's new isolate has a resistance marker that the one before did not have."""
    drugs = {drug.casefold() for drug in rule.words("drugs")}
    by_patient: dict[str, list[Seen]] = defaultdict(list)
    for seen in news.today.isolates.values():
        if seen.sampled.patient is not None:
            by_patient[seen.sampled.patient].append(seen)
    for seen in news.isolates:
        own = sorted(by_patient.get(seen.sampled.patient or "", []), key=_taken)
        if len(own) < 2 or own[0] is seen:
            continue
        later = _as_later(news, own, drugs)
        told = [
            task
            for task in genome_changes(later, same_strain=int(rule.number("within")))
            if task.concern == "resistance" and task.sentence.startswith(f"{seen.isolate_id},")
        ]
        if told:
            evidence = {"patient": seen.sampled.patient, "isolate": seen.isolate_id,
                        "before": own[0].isolate_id, "markers": sorted(_of(seen, drugs) or ())}  # fmt: skip
            reason = " ".join(task.sentence for task in told)
            yield raised(
                rule,
                news,
                about=(seen.isolate_id, reason),
                evidence=evidence,
                whose=seen.jurisdiction,
            )


def _taken(seen: Seen) -> tuple[str, int]:
    day = seen.sampled.collected
    return (day.last.isoformat() if day else "9999"), seen.serial


def _as_later(news: News, own: Sequence[Seen], drugs: set[str]) -> list[LaterIsolate]:
    """The patient's isolates in order, with their distance from the first where it is within reach."""
    first, patient = own[0].isolate_id, own[0].sampled.patient or ""
    near = {frozenset((p.isolate_1, p.isolate_2)): p.snps for p in news.today.near}
    return [
        LaterIsolate(
            patient,
            seen.isolate_id,
            seen.sampled.collected.last if seen.sampled.collected else news.day,
            0 if seen.isolate_id == first else near.get(frozenset((first, seen.isolate_id))),
            _of(seen, drugs),
        )
        for seen in own
    ]


def _of(seen: Seen, drugs: set[str]) -> frozenset[str] | None:
    if seen.markers is None:
        return None
    return frozenset(f"{drug} {m}" for drug, m in seen.markers if drug.casefold() in drugs)

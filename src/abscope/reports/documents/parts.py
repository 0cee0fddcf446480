"""Sentences and cells that several documents of an event share."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from abscope.reports.documents.event import Event, Exposure
from abscope.reports.documents.language import UNKNOWN, Language, count
from abscope.reports.documents.run import Row, Run, day, number

_DAYS = re.compile(r" on \d{4}-\d\d-\d\d((, | and )\d{4}-\d\d-\d\d)*")
MATERIALS = ("product", "supplier", "donor", "lot", "diluent", "reagent", "device")
PLACES = ("clinic", "clinician", "surgeon", "city", "country")


def exposure(one: Exposure, w: Language) -> str:
    """An exposure as one says it: product “Celuvita stem cells”."""
    kind, value = one
    return w.term(kind) if kind == "not recorded" else f"{w.term(kind)} “{w.term(value)}”"


def exposures(many: Iterable[Exposure], w: Language, most: int = 8) -> str:
    """All of them in one phrase."""
    return w.listed((exposure(one, w) for one in many), most=most)


def snps(event: Event, w: Language) -> str | None:
    """How far apart the cluster's isolates are: `2 SNPs`, `1 to 7 SNPs`; None without a pair."""
    found = event.snps()
    if found is None:
        return None
    low, high, _ = found
    if low == high:
        return w("report.snps", n=low)
    return w("report.snps_span", low=low, high=high)


def genomics(event: Event, w: Language) -> Iterator[str]:
    """How far apart the isolates are, the nearest outside, and how likely they are linked, against whom."""
    apart = event.snps()
    if apart is None:
        yield w("report.genomics_one")
        return
    key = "pair" if len(event.isolates) == 2 else "many"
    values = {"isolates": w.listed(event.isolates), "snps": snps(event, w)}
    yield w(f"report.genomics_{key}", **values, sites=count(apart[2]))
    if event.nearest is not None:
        inside, outside, far = event.nearest
        far_away = w("report.snps", n=far) if far == 1 else w("report.snps", n=count(far))
        yield w("report.genomics_nearest", outside=outside, snps=far_away, inside=inside)
    verdicts = Counter(one.verdict for one in event.pairs if one.verdict)
    if verdicts:
        told = (
            w("report.genomics_verdict", n=n, verdict=w.term(v))
            for v, n in sorted(verdicts.items())
        )
        yield w("report.genomics_verdicts", verdicts=w.listed(told))
    yield _linked(event, w)


def _linked(event: Event, w: Language) -> str:
    """The chance that pairs are linked, with the patients it is held against."""
    shares = [one.linked for one in event.pairs if one.linked is not None]
    patients = max((one.patients or 0 for one in event.pairs), default=0)
    if not shares or not patients:
        return w("report.genomics_cannot")
    low, high = w.share(min(shares)), w.share(max(shares))
    words = "report.genomics_linked" if low != high else "report.genomics_linked_alike"
    return w(words, low=low, high=high, n=count(patients))


def month_of(text: str | None) -> str:
    """A cell's date as a month, short enough for a table: 2022-10."""
    known = day(text)
    return UNKNOWN if known is None else f"{known:%Y-%m}"


def span(days: tuple[date, date], w: Language) -> str:
    """First and last month."""
    return w.span(*days)


def age_band(text: str | None) -> str:
    """An age as a band of ten years; those of 90 and more together."""
    age = number(text)
    if age is None:
        return UNKNOWN
    low = int(age // 10) * 10
    return "90+" if low >= 90 else f"{low}-{low + 9}"


def residence(row: Row, w: Language) -> str:
    """State and country, as far as they are known."""
    parts = [
        w.term(row[name]) for name in ("residence_state", "residence_country") if row.get(name)
    ]
    return ", ".join(parts) or UNKNOWN


def question(one: Mapping[str, Any], event: Event, w: Language) -> str:
    """Whom to ask what: the run's own sentence in English, without the days; a plainer one elsewhere."""
    if w.code == "en":
        return _DAYS.sub("", str(one["sentence"]))
    cases = w.listed(one["case_ids"])
    if one["kind"] == "isolate":
        return w("report.ask_laboratory", cases=cases)
    values = {"what": w.term(one["kind"]), "cases": cases, "whom": _whom(one["whom"], event, w)}
    known = one["ask"] if one["ask"] in ("facility", "patient") else "other"
    return w(f"report.ask_{known}", **values)


def _whom(said: str | None, event: Event, w: Language) -> str:
    """Several clinics joined as this language joins them; any other name as it is."""
    names = re.split(r", | and ", said or UNKNOWN)
    clinics = {one.exposure[1] for one in event.suspects if one.exposure[0] == "clinic"}
    return w.listed(names, most=len(names)) if {*names} <= clinics else said or UNKNOWN


def versions(run: Run) -> str:
    """Every program that took part, with its version."""
    return ", ".join(f"{name} {version}" for name, version in run.versions.items())


def of(yes: int, known: int, w: Language) -> str:
    """`2 of 3`; a dash where nobody answered."""
    if not known:
        return UNKNOWN
    return w("report.of", yes=count(yes), known=count(known))

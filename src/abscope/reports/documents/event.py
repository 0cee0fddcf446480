"""What a run knows of one cluster and its cases, once, for every document's tables and sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from abscope.errors import DataError, UsageError
from abscope.reports.documents.run import Row, Run, day, number

Exposure = tuple[str, str]
PROBABLY = 0.5  # a case without an isolate is told of where its posterior is at least this
TELLING = 10.0  # Bayes factor from which an exposure is named in a sentence: strong evidence
NOT_RECORDED = "not recorded"
_DAYS = ("date_exposure", "date_exposure_end")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two isolates of the cluster. linked: posterior of a common source or a chain."""

    isolates: tuple[str, str]
    snps: int | None
    comparable: int | None
    verdict: str | None
    linked: float | None
    patients: int | None


@dataclass(frozen=True, slots=True)
class Suspect:
    """One exposure: who of the cases and of the comparison has it, and how likely it is the source."""

    exposure: Exposure
    cases: tuple[str, ...]
    known: int
    comparison: tuple[int, int]
    bayes_factor: float | None
    probability: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """A cluster: its isolates, their cases, cases without an isolate that probably belong to it.

    leading: of the exposures that explain the cases best and that they cannot tell apart, those with
    strong evidence, empty where there is none; leading_share: probability of that whole group, None
    without enough comparison patients. nearest: a member, the nearest isolate outside, and SNPs.
    exposed, onset: first and last day on record.
    """

    cluster: str
    level: int
    organism: str
    isolates: tuple[str, ...]
    cases: tuple[str, ...]
    probable: tuple[str, ...]
    pairs: tuple[Pair, ...]
    nearest: tuple[str, str, int] | None
    suspects: tuple[Suspect, ...]
    leading: tuple[Exposure, ...]
    leading_share: float | None
    unrecorded: float | None
    comparison: int
    exposed: tuple[date, date] | None
    onset: tuple[date, date] | None
    questions: tuple[Mapping[str, Any], ...]

    @property
    def everybody(self) -> tuple[str, ...]:
        """All cases told of."""
        return (*self.cases, *self.probable)

    def shared(self, kind: str) -> str | None:
        """What all cases who answered had of a kind, two at least; None where it is not one thing."""
        told = [
            one.exposure[1]
            for one in self.suspects
            if one.exposure[0] == kind and len(one.cases) == one.known >= 2
        ]
        return told[0] if len(told) == 1 else None

    def of_kind(self, *kinds: str) -> tuple[Exposure, ...]:
        """Leading exposures of these kinds."""
        return tuple(one for one in self.leading if one[0] in kinds)

    def snps(self) -> tuple[int, int, int] | None:
        """Smallest and largest distance, and the fewest sites compared; None without a pair."""
        told = [p for p in self.pairs if p.snps is not None and p.comparable is not None]
        if not told:
            return None
        snps = [p.snps for p in told if p.snps is not None]
        return min(snps), max(snps), min(p.comparable for p in told if p.comparable is not None)


def event(run: Run, cluster: str | None = None) -> Event:
    """One cluster of a run: the one named, else the first for which sources were ranked.

    Raises UsageError for a name that is not there, DataError where no two isolates are joined.
    """
    name = _chosen(run, cluster)
    rows = run.rows("clusters", cluster=name)
    isolates = tuple(sorted(str(row["isolate_id"]) for row in rows))
    cases = tuple(sorted({str(row["case_id"]) for row in rows if row.get("case_id")}))
    ranking = run.sources.get(name, {})
    probable = _probable(run, ranking, cases)
    suspects = tuple(_suspects(run, ranking, (*cases, *probable)))
    leading, share = _leading(ranking, suspects)
    told = [row for row in run.rows("cases") if row["case_id"] in {*cases, *probable}]
    return Event(
        cluster=name,
        level=int(rows[0]["level"] or 0),
        organism=run.organism,
        isolates=isolates,
        cases=cases,
        probable=probable,
        pairs=tuple(_pairs(run, isolates)),
        nearest=_nearest(run, isolates),
        suspects=suspects,
        leading=leading,
        leading_share=share,
        unrecorded=_unrecorded(ranking),
        comparison=int(ranking.get("comparison", 0)),
        exposed=_days(told, _DAYS),
        onset=_days(told, ("date_onset",)),
        questions=tuple(run.questions.get(name, ())),
    )


def _chosen(run: Run, wanted: str | None) -> str:
    rows = [row for row in run.rows("clusters") if row.get("cluster")]
    known = sorted({str(row["cluster"]) for row in rows})
    if wanted is not None and wanted not in known:
        names = ", ".join(known[:10]) or "none"
        raise UsageError(f"no cluster {wanted!r}", hint=f"clusters of the run: {names}")
    if not known:
        raise DataError("no two isolates of the run are joined, so there is no cluster to tell of")
    if wanted is not None:
        return wanted
    ranked = [name for name in run.sources if name in known]
    widest = max(rows, key=lambda row: int(row["level"] or 0))["level"]
    return (ranked or sorted(str(row["cluster"]) for row in rows if row["level"] == widest))[0]


def _probable(run: Run, ranking: Mapping[str, Any], cases: tuple[str, ...]) -> tuple[str, ...]:
    alone = {row["case_id"] for row in run.rows("cases_without_isolate")}
    return tuple(
        sorted(
            one["case_id"]
            for one in ranking.get("cases", ())
            if one["case_id"] in alone
            and one["case_id"] not in cases
            and (one["posterior"] or 0) >= PROBABLY
        )
    )


def _pairs(run: Run, isolates: tuple[str, ...]) -> Iterable[Pair]:
    judged = {(row["isolate_1"], row["isolate_2"]): row for row in run.rows("links")}
    for row in run.rows("pairs"):
        names = (str(row["isolate_1"]), str(row["isolate_2"]))
        if not {*names} <= {*isolates}:
            continue
        link: Row = judged.get(names, {})
        snps, comparable = _whole(row["snps"]), _whole(row["comparable"])
        verdict, patients = link.get("verdict"), _whole(link.get("patients"))
        yield Pair(names, snps, comparable, verdict, number(link.get("linked")), patients)


def _whole(text: str | None) -> int | None:
    found = number(text)
    return None if found is None else int(found)


def _nearest(run: Run, isolates: tuple[str, ...]) -> tuple[str, str, int] | None:
    found = []
    for row in run.rows("pairs", verdict="compared"):
        one, other, snps = str(row["isolate_1"]), str(row["isolate_2"]), _whole(row["snps"])
        if snps is None or (one in isolates) == (other in isolates):
            continue
        inside, outside = (one, other) if one in isolates else (other, one)
        found.append((snps, inside, outside))
    return (min(found)[1], min(found)[2], min(found)[0]) if found else None


def _suspects(run: Run, ranking: Mapping[str, Any], cases: tuple[str, ...]) -> Iterable[Suspect]:
    said: dict[Exposure, dict[str, str]] = {}
    for row in run.rows("exposures"):
        if row["case_id"] in cases and row.get("value") and row["answer"] in ("yes", "no"):
            key = (str(row["kind"]), str(row["value"]))
            said.setdefault(key, {})[str(row["case_id"])] = str(row["answer"])
    for one in ranking.get("sources", ()):
        kind, value = one["exposure"]
        answers = said.get((kind, value), {})
        yield Suspect(
            (kind, value),
            tuple(sorted(case for case, answer in answers.items() if answer == "yes")),
            len(answers),
            (one["comparison_exposed"], one["comparison_known"]),
            one["bayes_factor"],
            one["probability"] if ranking.get("shown") else None,
        )


def _leading(
    ranking: Mapping[str, Any], suspects: tuple[Suspect, ...]
) -> tuple[tuple[Exposure, ...], float | None]:
    """The telling members of the best group, if at least two cases have one of them."""
    groups = ranking.get("groups", ())
    if not groups:
        return (), None
    best = tuple((kind, value) for kind, value in groups[0]["members"])
    telling = [
        one
        for one in suspects
        if one.exposure in best and one.cases and (one.bayes_factor or 0) >= TELLING
    ]
    if best[0][0] == NOT_RECORDED or max((len(one.cases) for one in telling), default=0) < 2:
        return (), None
    share = groups[0]["probability"] if ranking.get("shown") else None
    return tuple(one.exposure for one in telling), share


def _unrecorded(ranking: Mapping[str, Any]) -> float | None:
    shown = ranking.get("sources", ()) if ranking.get("shown") else ()
    found = (one["probability"] for one in shown if one["exposure"][0] == NOT_RECORDED)
    return next(found, None)


def _days(rows: Iterable[Row], columns: tuple[str, ...]) -> tuple[date, date] | None:
    days = [found for row in rows for name in columns if (found := day(row.get(name))) is not None]
    return (min(days), max(days)) if days else None

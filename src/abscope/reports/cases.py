"""The line list as the report shows it: everybody, sequenced or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from abscope.records import Findings
from abscope.reports.roster import Pick, Roster

DATES = (
    ("date_exposure", "Exposure"),
    ("date_onset", "Onset"),
    ("date_collection", "Specimen"),
    ("date_treatment", "Treatment"),
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case; `missing` says why there is no isolate, `dates` follow DATES.

    compatible: names of the clusters whose exposures it shares, the most telling first. until: when the
    exposure and the treatment ended; a treatment that is not in it is over on the day it began.
    """

    pick: Pick
    status: str | None
    isolates: tuple[Pick, ...]
    clusters: tuple[Pick, ...]
    compatible: tuple[str, ...]
    missing: str | None
    sex: str | None
    age: float | None
    residence: str | None
    dates: tuple[date | None, ...]
    until: Mapping[str, date | None] = field(default_factory=dict)
    death: date | None = None

    @property
    def delay(self) -> int | None:
        """Days from exposure to onset."""
        exposure, onset = self.dates[:2]
        return None if exposure is None or onset is None else (onset - exposure).days

    @property
    def dated(self) -> bool:
        """Whether any date is known, so that the timeline can draw the case."""
        return any(day is not None for day in self.dates)


def rows(findings: Findings, roster: Roster) -> tuple[CaseRow, ...]:
    """Every case: clusters first, then those compatible with one, then the others."""
    reasons = dict(findings.linked.cases_only.select("case_id", "reason").iter_rows())
    compatible = compatible_clusters(findings)
    found = [
        _row(case, roster, reasons=reasons, compatible=compatible.get(case["case_id"], ()))
        for case in findings.linelist.cases.iter_rows(named=True)
    ]
    names = [group.name for group in roster.clusters.groups]
    return tuple(sorted(found, key=lambda row: _place(row, names)))


def compatible_clusters(findings: Findings) -> dict[str, tuple[str, ...]]:
    """For each case that has nothing to compare: clusters it shares exposures with, best first."""
    found: dict[str, tuple[str, ...]] = {}
    telling = findings.compatible.sort(
        "weight", "cluster", descending=[True, False], nulls_last=True
    )
    for case, cluster in telling.select("case_id", "cluster").iter_rows():
        found[case] = (*found.get(case, ()), cluster)
    return found


def isolates_without_case(findings: Findings, roster: Roster) -> tuple[Pick, ...]:
    """Isolates that no line-list row names."""
    known = findings.linked.isolates_only["isolate_id"].to_list()
    return tuple(roster.isolate(name) for name in known if name in roster.isolates)


def _row(
    case: dict[str, object],
    roster: Roster,
    *,
    reasons: dict[str, str],
    compatible: tuple[str, ...],
) -> CaseRow:
    name = str(case["case_id"])
    places = [case["residence_state"], case["residence_country"]]
    return CaseRow(
        pick=roster.case(name),
        status=_text(case["status"]),
        isolates=tuple(roster.isolate(isolate) for isolate in roster.isolates_of.get(name, ())),
        clusters=tuple(roster.cluster(group) for group in roster.clusters_of_case(name)),
        compatible=compatible,
        missing=(reasons.get(name) or "no isolate") if roster.unsequenced(name) else None,
        sex=_text(case["sex"]),
        age=None if case["age"] is None else float(str(case["age"])),
        residence=", ".join(str(place) for place in places if place is not None) or None,
        dates=tuple(_date(case[column]) for column, _ in DATES),
        until={
            "exposure": _date(case["date_exposure_end"]) or _date(case["date_exposure"]),
            "treatment": _date(case["date_treatment_end"]),
        },
        death=_date(case["date_death"]),
    )


def _place(row: CaseRow, names: list[str]) -> tuple[int, int]:
    own = [names.index(cluster.name) for cluster in row.clusters]
    like = [names.index(name) for name in row.compatible if name in names]
    if own:
        return 0, 2 * min(own)
    return (0, 2 * like[0] + 1) if like else (1, 0)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None

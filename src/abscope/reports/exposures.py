"""Who was exposed to what: the case by exposure matrix, and what the cases of a cluster share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from abscope.records import Findings
from abscope.reports.cases import CaseRow
from abscope.reports.roster import Pick, Roster

# answer: symbol, spoken word
ANSWERS = {
    "yes": ("●", "yes"),
    "no": ("○", "no"),
    "unknown": ("?", "not known"),
    "blank": ("·", "not recorded"),
}
FEW = 5  # the smallest expected count at which a chi-squared test would be trusted (Cochran 1954)


class Likely(NamedTuple):
    """How likely an exposure is the source of a cluster.

    place: the same times the chance that two of the cluster's cases are linked at all.
    """

    place: float
    posterior: float
    cluster: str


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One exposure and the answer of every case, in the matrix's order of cases.

    likely: of which cluster it is most likely the source, None where no probability is shown.
    """

    kind: str
    value: str
    shared: tuple[str, ...]
    answers: tuple[str, ...]
    likely: Likely | None = None

    @property
    def exposed(self) -> int:
        """Cases that answered yes."""
        return self.answers.count("yes")

    @property
    def known(self) -> int:
        """Cases that answered yes or no."""
        return self.exposed + self.answers.count("no")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cases (columns) by exposures (rows), likely sources first, then what a cluster's cases share."""

    cases: tuple[CaseRow, ...]
    rows: tuple[ExposureRow, ...]


@dataclass(frozen=True, slots=True)
class SharedRow:
    """What one cluster's cases share, against the comparison cases."""

    cluster: Pick | None
    name: str
    values: Mapping[str, object]
    few: bool


def matrix(findings: Findings, cases: tuple[CaseRow, ...]) -> Matrix:
    """Every exposure named by anybody, and every case's answer to it."""
    frame = findings.linelist.exposures
    answers = {
        (case, kind, value): answer
        for case, kind, value, answer in frame.select(
            "case_id", "kind", "value", "answer"
        ).iter_rows()
    }
    named = frame.filter(pl.col("value").is_not_null()).select("kind", "value").unique()
    shared = _shared_by(findings.shared)
    likely = _likely(findings)
    rows = [
        ExposureRow(
            kind=kind,
            value=value,
            shared=tuple(name for name, _ in shared.get((kind, value), ())),
            answers=tuple(_answer(answers, case.pick.name, kind, value) for case in cases),
            likely=likely.get((kind, value)),
        )
        for kind, value in named.iter_rows()
    ]
    rows.sort(key=lambda row: _rank(row, shared))
    return Matrix(cases, tuple(rows))


def shared(findings: Findings, roster: Roster) -> tuple[SharedRow, ...]:
    """Exposures of two or more cases of a cluster, those shared by most first within each cluster."""
    groups = {group.name: group for group in roster.clusters.groups}
    order = list(groups)
    rows = [
        SharedRow(
            cluster=roster.cluster(groups[name]) if (name := values["cluster"]) in groups else None,
            name=str(name),
            values=values,
            few=_few(values),
        )
        for values in findings.shared.iter_rows(named=True)
        if (values["members_exposed"] or 0) >= 2
    ]
    return tuple(sorted(rows, key=lambda row: _shared_place(row, order)))


def _likely(findings: Findings) -> dict[tuple[str, str], Likely]:
    """For each exposure the cluster whose source it most likely is."""
    found: dict[tuple[str, str], Likely] = {}
    for cluster, ranking in findings.sources.items():
        linked = sorted(case.prior for case in ranking.cases)[-2:]
        for one in ranking.sources if ranking.shown and len(linked) == 2 else ():
            if one.probability is not None:
                here = Likely(one.probability * linked[0], one.probability, cluster)
                found[one.exposure] = max(here, found.get(one.exposure, here))
    return found


def _answer(
    answers: Mapping[tuple[str, str, str | None], str], case: str, kind: str, value: str
) -> str:
    own = answers.get((case, kind, value))
    return own or answers.get((case, kind, None)) or "blank"


def _shared_by(shared: pl.DataFrame) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """For each exposure that two or more cases of a cluster share: cluster, and how telling it is.

    The share of the cluster exposed, less p: what all share and few others have comes first.
    """
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in shared.iter_rows(named=True):
        if (row["members_exposed"] or 0) >= 2:
            portion = row["members_exposed"] / max(row["members"] or 0, row["members_exposed"])
            p = 1.0 if row["p_value"] is None else row["p_value"]
            found.setdefault((row["kind"], row["value"]), []).append((row["cluster"], portion - p))
    return found


def _rank(
    row: ExposureRow, shared: Mapping[tuple[str, str], Sequence[tuple[str, float]]]
) -> tuple[float, float, int, str, str]:
    telling = [value for _, value in shared.get((row.kind, row.value), ())]
    place = -round(row.likely.place, 4) if row.likely else 0.0
    return place, -max(telling, default=-9.0), -row.exposed, row.kind, row.value


def _few(values: Mapping[str, object]) -> bool:
    """Whether any cell of the two-by-two table would be expected to hold fewer than FEW."""
    keys = ("members_exposed", "members_known", "others_exposed", "others_known")
    exposed, known, others_exposed, others_known = (int(str(values[key] or 0)) for key in keys)
    total, yes = known + others_known, exposed + others_exposed
    if not total:
        return True
    expected = [
        side * answer / total for side in (known, others_known) for answer in (yes, total - yes)
    ]
    return min(expected) < FEW


def _shared_place(row: SharedRow, order: list[str]) -> tuple[int, float, float, str, str]:
    exposed, members = (int(str(row.values[k] or 0)) for k in ("members_exposed", "members"))
    p = row.values["p_value"]
    place = order.index(row.name) if row.name in order else len(order)
    return (
        place,
        -exposed / max(members, 1),
        1.0 if p is None else float(str(p)),
        str(row.values["kind"]),
        str(row.values["value"]),
    )

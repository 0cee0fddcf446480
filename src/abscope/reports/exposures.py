"""Who was exposed to what: the case by exposure matrix, and what the cases of a cluster share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One exposure and the answer of every case, in the matrix's order of cases.

    posterior: the highest chance with which it is the source of a cluster, None where none is shown.
    """

    kind: str
    value: str
    shared: tuple[str, ...]
    answers: tuple[str, ...]
    posterior: float | None = None

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
    likely = _posteriors(findings)
    rows = [
        ExposureRow(
            kind=kind,
            value=value,
            shared=tuple(name for name, _ in shared.get((kind, value), ())),
            answers=tuple(_answer(answers, case.pick.name, kind, value) for case in cases),
            posterior=likely.get((kind, value)),
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


def _posteriors(findings: Findings) -> dict[tuple[str, str], float]:
    """For each exposure the highest probability of being a cluster's source."""
    found: dict[tuple[str, str], float] = {}
    for ranking in findings.sources.values():
        for one in ranking.sources if ranking.shown else ():
            if one.probability is not None:
                found[one.exposure] = max(one.probability, found.get(one.exposure, 0.0))
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
    likely = -round(row.posterior or 0.0, 4)
    return likely, -max(telling, default=-9.0), -row.exposed, row.kind, row.value


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

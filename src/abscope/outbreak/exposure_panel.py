"""Every exposure beside being a case: attack rates, 2x2 tables, strata, matched sets, and all at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from abscope import tables
from abscope.outbreak import regression
from abscope.outbreak.exposure_tests import max_statistic_p
from abscope.outbreak.matched import matched
from abscope.outbreak.stratified import stratified
from abscope.outbreak.two_by_two import TwoByTwo

Exposure = tuple[str, str]  # kind, value
_IN_DEFINITION = "part of the case definition: proves nothing"


@dataclass(frozen=True)
class ExposurePanel:
    """Who is a case and who answered what. answers: people x exposures, 1, 0, or -1 not known."""

    people: tuple[str, ...]
    is_case: NDArray[np.bool_]
    exposures: tuple[Exposure, ...]
    answers: NDArray[np.int8]

    def table(self, column: int, among: NDArray[np.bool_] | None = None) -> TwoByTwo:
        """The 2x2 table of one exposure, among some people or all."""
        some = np.ones(len(self.people), bool) if among is None else among
        own = self.answers[:, column]
        counts = (
            int((some & (self.is_case == ill) & (own == answer)).sum())
            for ill in (True, False)
            for answer in (1, 0)
        )
        return TwoByTwo(*counts)

    @cached_property
    def columns(self) -> Mapping[Exposure, int]:
        """Where each exposure stands."""
        return {exposure: at for at, exposure in enumerate(self.exposures)}


def panel(cases: pl.DataFrame, exposures: pl.DataFrame) -> ExposurePanel:
    """People with a verdict, and every value that at least one of them was exposed to.

    cases: tables.CASES; people without a status take no part.
    """
    judged = cases.drop_nulls("status")
    people = judged["case_id"].to_list()
    ours = exposures.drop_nulls("value").filter(pl.col("case_id").is_in(people))
    named = (
        ours.filter(pl.col("answer") == "yes")
        .select("kind", "value")
        .unique()
        .sort("kind", "value")
    )
    found: tuple[Exposure, ...] = tuple(named.iter_rows())
    answers = np.full((len(people), len(found)), -1, np.int8)
    row, column = ({key: at for at, key in enumerate(keys)} for keys in (people, found))
    for case, kind, value, answer in ours.select("case_id", "kind", "value", "answer").iter_rows():
        if answer != "unknown" and (kind, value) in column:
            answers[row[case], column[kind, value]] = answer == "yes"
    is_case = (judged["status"] != "not a case").to_numpy()
    return ExposurePanel(tuple(people), is_case, found, answers)


def one_by_one(
    of: ExposurePanel, *, rng: np.random.Generator, defining: Collection[str] = ()
) -> pl.DataFrame:
    """tables.EXPOSURE_TESTS, the least likely by chance first.

    q_value and p_of_all allow for so many exposures being looked at. defining: kinds of exposure that
    the case definition names.
    """
    found = [of.table(column) for column in range(len(of.exposures))]
    p = [table.p_value for table in found]
    q = _false_discovery(p)
    best: Sequence[float | None] = [None] * len(found)
    if found and 0 < of.is_case.sum() < len(of.is_case):
        best = max_statistic_p(of.answers, of.is_case.astype(float), rng=rng).tolist()
    rows = [
        {
            "kind": kind,
            "value": value,
            **_row(table),
            "q_value": q[at],
            "p_of_all": best[at],
            "note": _IN_DEFINITION if kind in defining else None,
        }
        for at, ((kind, value), table) in enumerate(zip(of.exposures, found, strict=True))
    ]
    order = sorted(rows, key=lambda row: (row["p_value"] is None, row["p_value"], row["kind"]))
    return tables.EXPOSURE_TESTS.check(tables.EXPOSURE_TESTS.frame(order))


def _row(table: TwoByTwo) -> dict[str, object]:
    exposed, unexposed = table.attack_rates
    ratio, odds, mid = table.risk_ratio_interval, table.interval, table.mid_p_interval
    return {
        "cases_exposed": table.exposed,
        "cases_known": table.exposed + table.unexposed,
        "others_exposed": table.others_exposed,
        "others_known": table.others_exposed + table.others_unexposed,
        "attack_exposed": exposed,
        "attack_unexposed": unexposed,
        "risk_ratio": table.risk_ratio,
        "odds_ratio": table.odds_ratio,
        **_ends("risk_ratio", ratio),
        **_ends("odds_ratio", odds),
        **_ends("mid_p", mid),
        "p_value": table.p_value,
    }


def _ends(name: str, interval: tuple[float, float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _false_discovery(p: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg 1995, among the exposures that could be tested."""
    known = [at for at, value in enumerate(p) if value is not None]
    q: list[float | None] = [None] * len(p)
    if known:
        for at, value in zip(known, false_discovery_control([p[k] for k in known]), strict=True):
            q[at] = float(value)
    return q


def by_strata(of: ExposurePanel, strata: Mapping[str, str], by: str) -> pl.DataFrame:
    """tables.STRATIFIED: every exposure with people of one stratum compared among themselves.

    strata: person -> stratum; people without one take no part.
    """
    of_person = np.array([strata.get(person, "") for person in of.people])
    names = sorted({name for name in of_person if name})
    rows = []
    for column, (kind, value) in enumerate(of.exposures):
        pooled = stratified([of.table(column, of_person == name) for name in names])
        row = {"kind": kind, "value": value, "by": by, "strata": pooled.strata}
        row |= {"crude": of.table(column, of_person != "").odds_ratio}
        row |= {name: getattr(pooled, name) for name in ("odds_ratio", "risk_ratio", "p_value")}
        row |= _ends("odds_ratio", pooled.interval)
        rows.append({**row, "p_breslow_day": pooled.breslow_day, "p_woolf": pooled.woolf})
    return tables.STRATIFIED.check(tables.STRATIFIED.frame(rows))


def by_sets(of: ExposurePanel, sets: Mapping[str, str]) -> pl.DataFrame:
    """tables.MATCHED: every exposure within matched sets. sets: person -> set."""
    rows = []
    for column, (kind, value) in enumerate(of.exposures):
        groups: dict[str, list[tuple[bool, bool]]] = {}
        for at, person in enumerate(of.people):
            if person in sets and of.answers[at, column] >= 0:
                own = (bool(of.is_case[at]), bool(of.answers[at, column]))
                groups.setdefault(sets[person], []).append(own)
        found = matched(list(groups.values()))
        row = {"kind": kind, "value": value, "sets": found.sets, "odds_ratio": found.odds_ratio}
        rows.append({**row, **_ends("odds_ratio", found.interval), "p_value": found.p_value})
    return tables.MATCHED.check(tables.MATCHED.frame(rows))


def adjusted(of: ExposurePanel, wanted: Sequence[Exposure]) -> pl.DataFrame:
    """tables.ADJUSTED: the wanted exposures in one model, among people who answered them all.

    Raises ValueError where they cannot be told apart, or an exposure is not in the panel.
    """
    if missing := [one for one in wanted if one not in of.columns]:
        raise ValueError(f"nobody names {', '.join('='.join(one) for one in missing)}")
    columns = [of.columns[one] for one in wanted]
    complete = (of.answers[:, columns] >= 0).all(axis=1)
    exposed = of.answers[complete][:, columns].astype(float)
    ill = of.is_case[complete].astype(float)
    firth, cauchy = regression.firth(exposed, ill), regression.cauchy(exposed, ill)
    rows = [
        {
            "exposure": "=".join(one),
            "odds_ratio": float(np.exp(coefficient.estimate)),
            "odds_ratio_low": float(np.exp(coefficient.low)),
            "odds_ratio_high": float(np.exp(coefficient.high)),
            "p_value": coefficient.p_value,
            "cauchy": float(np.exp(weak)),
            "people": int(complete.sum()),
        }
        for one, coefficient, weak in zip(wanted, firth, cauchy, strict=True)
    ]
    return tables.ADJUSTED.check(tables.ADJUSTED.frame(rows))


def strata_of(cases: pl.DataFrame, column: str) -> Iterator[tuple[str, str]]:
    """Person and stratum by a column; ages in tens of years."""
    for case, value in cases.select("case_id", column).drop_nulls().iter_rows():
        ten = f"{int(value // 10) * 10}-{int(value // 10) * 10 + 9}" if column == "age" else None
        yield case, ten or str(value)

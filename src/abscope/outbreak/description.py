"""Describe the cases: how many, when, and which exposures go with being one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from abscope import tables
from abscope.outbreak import epicurve, exposure_panel
from abscope.outbreak.exposure_panel import Exposure, ExposurePanel
from abscope.outbreak.samples import sampled
from abscope.records import Description, LeftOut, LineList, Problem

NO_VERDICT = "no verdict"


@dataclass(frozen=True, slots=True)
class Choices:
    """How to describe.

    unit: of the epidemic curve. by: column of tables.CASES whose values are kept apart. adjust: exposures
    modelled together. defining: kinds of exposure the case definition names.
    """

    unit: str = "week"
    by: str | None = None
    adjust: tuple[Exposure, ...] = ()
    defining: Collection[str] = ()


def describe(
    linelist: LineList, choices: Choices, *, today: date, rng: np.random.Generator
) -> Description:
    """Everything a description says. Nobody is dropped in silence: `left_out` names them.

    Cases are those with a status other than `not a case`, and are compared with those who are not.
    Where no status is written at all, everybody in the list is a case. Raises ValueError where exposures
    to adjust for are not there or cannot be told apart.
    """
    linelist = _everybody_is_a_case(linelist)
    cases = linelist.cases
    panel = exposure_panel.panel(cases, linelist.exposures)
    compared = _compared(panel)
    sets = {case: name for case, name in cases.select("case_id", "match_set").iter_rows() if name}
    strata = dict(exposure_panel.strata_of(cases, choices.by)) if choices.by else {}
    return Description(
        counts=_counts(cases),
        curve=epicurve.curve(cases, today, choices.unit),
        events=epicurve.events(cases),
        tests=exposure_panel.one_by_one(panel, rng=rng, defining=choices.defining),
        stratified=(
            exposure_panel.by_strata(panel, strata, str(choices.by))
            if strata and compared
            else tables.STRATIFIED.frame()
        ),
        matched=exposure_panel.by_sets(panel, sets) if sets else tables.MATCHED.frame(),
        adjusted=(
            exposure_panel.adjusted(panel, choices.adjust)
            if choices.adjust and compared
            else tables.ADJUSTED.frame()
        ),
        samples=sampled(linelist.specimens),
        left_out=tuple(_left_out(cases, panel)),
        remarks=tuple(_remarks(panel, choices.adjust)),
    )


def _everybody_is_a_case(linelist: LineList) -> LineList:
    """The line list with everybody a suspect case, where it writes no status at all."""
    if linelist.cases["status"].null_count() < linelist.cases.height:
        return linelist
    return replace(linelist, cases=linelist.cases.with_columns(pl.lit("suspect").alias("status")))


def _compared(panel: ExposurePanel) -> bool:
    return bool(panel.is_case.any() and not panel.is_case.all())


def _counts(cases: pl.DataFrame) -> dict[str, int]:
    counted = dict(cases.group_by("status").len().iter_rows())
    names = (*tables.STATUSES, None)
    return {status or NO_VERDICT: counted[status] for status in names if status in counted}


def _left_out(cases: pl.DataFrame, panel: ExposurePanel) -> Iterator[LeftOut]:
    for case in epicurve.undated(cases):
        yield LeftOut(case, "no onset, so not in the epidemic curve", "ask for the first symptom")
    for case in cases.filter(pl.col("status").is_null())["case_id"]:
        if panel.people:
            hint = "give it a status, or a case definition (--definition)"
            yield LeftOut(case, "no verdict, so in no comparison", hint)


def _remarks(panel: ExposurePanel, adjust: Sequence[Exposure]) -> Iterator[Problem]:
    if not _compared(panel):
        what = "there is nobody to compare with: shares are shown, but no odds"
        yield Problem("comparison", what, "add comparison patients with status 'not a case'")
    elif len(panel.exposures) > 20 and not adjust:
        what = f"{len(panel.exposures)} exposures were looked at: read q_value and p_of_all"
        yield Problem("comparison", what, "the p of one exposure alone means little among so many")

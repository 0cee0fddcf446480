"""Which exposure infected the cases: every node of the exposure graph, and `not recorded`, ranked.

Formulas: attribution.py. What is reported as one: equivalence.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.outbreak import exposure_tests, source_words
from abscope.outbreak.attribution import Attribution, attribute
from abscope.outbreak.equivalence import equivalence_groups
from abscope.outbreak.exposure_graph import UNKNOWN, YES
from abscope.outbreak.exposures import Panel
from abscope.outbreak.source_evidence import Evidence, evidence
from abscope.records import LineList
from abscope.records.sources import (
    NOT_RECORDED,
    CaseWeight,
    Exposure,
    Source,
    SourceGroup,
    SourcePriors,
    SourceRanking,
)

Floats = NDArray[np.float64]

ENOUGH = 10
"""Comparison patients who answered, for a probability to be shown: see docs/validation/sources.md."""
_SEQUENCED = 0.98  # chance that an isolate in the cluster is of it indeed


def rank_sources(
    linelist: LineList,
    weights: Mapping[str, float],
    *,
    found_by: Collection[Exposure] = (),
    priors: SourcePriors | None = None,
    rng: np.random.Generator | None = None,
) -> SourceRanking:
    """Rank every exposure that anybody was asked about as the source of the linked cases' infection.

    weights: chance that each case is linked; below 0.05 it is a comparison patient; a case without one
    takes no part and is listed. found_by: exposures in the case definition, or by which cases were found:
    they say nothing, and neither do comparison patients who were not exposed to them. rng: for the
    permutation test, which is left out without. Raises ValueError where a weight is not a chance.
    """
    priors = priors or SourcePriors()
    said = evidence(linelist, weights, found_by=found_by)
    found = attributed(said, priors)
    linked = linked_chances(said, found)
    told = answered(said, found)
    shown = told >= ENOUGH
    sources = _sources(said, found, rng, shown=shown)
    cases = tuple(
        CaseWeight(person, float(said.weights[at]), float(linked[at]) if shown else None)
        for at, person in enumerate(said.graph.people)
        if said.is_case[at]
    )
    ranking = SourceRanking(
        sources=tuple(sorted(sources, key=_place)),
        groups=_groups(sources, found),
        cases=cases,
        comparison=said.comparison,
        shown=shown,
        summary=(),
        notes=tuple(source_words.notes(said, found_by, None if shown else told)),
        left_out=(*said.aside, *_left_out(linelist, weights)),
    )
    likely = {person for person, p in zip(said.graph.people, linked, strict=True) if p >= 0.5}
    dates = linelist.cases.filter(pl.col("case_id").is_in(list(likely)))["date_exposure"]
    words = source_words.summary(ranking, said.graph, sorted(likely), dates.to_list())
    return replace(ranking, summary=tuple(words))


def attributed(said: Evidence, priors: SourcePriors | None = None) -> Attribution:
    """The posterior over every exposure of the evidence and `not recorded`."""
    return attribute(
        said.graph.implied,
        said.weights,
        said.kinds,
        within=said.within,
        guarded=said.guarded,
        priors=priors,
    )


def linked_chances(said: Evidence, found: Attribution) -> Floats:
    """How likely each person is linked, their exposures considered."""
    linked: Floats = found.linked @ found.posterior[:-1] + said.weights * found.posterior[-1]
    return linked


def answered(said: Evidence, found: Attribution) -> int:
    """How many comparison patients answered about an exposure, on average over likely sources."""
    answers = (said.graph.implied[~said.is_case] != UNKNOWN).sum(0)
    likely = found.posterior[:-1]
    return round(float(answers @ likely / likely.sum())) if len(likely) else 0


def panel_weights(panel: Panel, linelist: LineList) -> dict[str, float]:
    """How likely each case is part of a cluster, before its exposures are looked at.

    Members 0.98; compared and outside, or ruled out by the case definition, 0; a case that nobody
    could compare: the share of members among those compared, (members + 1/2) / (compared + 1).
    """
    compared = len(panel.members) + len(panel.others)
    share = (len(panel.members) + 0.5) / (compared + 1)
    cases = linelist.cases.select("case_id", "status").iter_rows()
    return {
        case: _SEQUENCED
        if case in panel.members
        else 0.0
        if case in panel.others or status == "not a case"
        else share
        for case, status in cases
    }


def _sources(
    said: Evidence, found: Attribution, rng: np.random.Generator | None, *, shown: bool
) -> list[Source]:
    answers, cases = said.graph.implied, said.is_case
    groups = equivalence_groups(answers, said.weights * cases, found.posterior[:-1])
    group = {at: number for number, members in enumerate(groups) for at in members}
    weight = (said.weights * cases)[:, None]
    exposed, known = (weight * (answers == YES)).sum(0), (weight * (answers >= 0)).sum(0)
    p, q = _tests(said, rng)
    candidates = [
        Source(
            exposure=exposure,
            group=group[at],
            cases_exposed=float(exposed[at]),
            cases_known=float(known[at]),
            comparison_exposed=int((answers[~cases, at] == YES).sum()),
            comparison_known=int((answers[~cases, at] >= 0).sum()),
            bayes_factor=float(found.factors[at]),
            probability=float(found.posterior[at]) if shown else None,
            tipping_point=None
            if shown or np.isnan(found.tipping[at])
            else float(found.tipping[at]),
            p_value=None if p is None else float(p[at]),
            q_value=None if q is None else float(q[at]),
            guarded=bool(said.guarded[at]),
        )
        for at, exposure in enumerate(said.graph.exposures)
    ]
    unknown = float(found.posterior[-1]) if shown else None
    return [*candidates, Source(NOT_RECORDED, len(groups), 0, 0, 0, 0, 1.0, unknown)]


def _tests(said: Evidence, rng: np.random.Generator | None) -> tuple[Floats | None, Floats | None]:
    if not said.comparison or not said.graph.exposures or not said.is_case.any():
        return None, None
    q = exposure_tests.false_discovery_q(said.answers, said.weights >= 0.5)
    if rng is None:
        return None, q
    return exposure_tests.max_statistic_p(said.answers, said.weights, rng=rng), q


def _groups(sources: list[Source], found: Attribution) -> tuple[SourceGroup, ...]:
    """The groups, the most likely first; without a comparison group by Bayes factor."""
    members: dict[int, list[int]] = {}
    for at, one in enumerate(sources):
        members.setdefault(one.group, []).append(at)
    mass = {group: float(found.posterior[own].sum()) for group, own in members.items()}
    return tuple(
        SourceGroup(
            tuple(sources[at].exposure for at in sorted(members[group], key=lambda at: _place(sources[at]))),
            min(mass[group], 1.0) if sources[0].probability is not None else None,
        )
        for group in sorted(members, key=lambda group: -mass[group])
    )  # fmt: skip


def _place(one: Source) -> tuple[float, float, Exposure]:
    """Most likely first; without probabilities, by Bayes factor."""
    return -(one.probability or 0.0), -one.bayes_factor, one.exposure


def _left_out(linelist: LineList, weights: Mapping[str, float]) -> list[tuple[str, str]]:
    why = "nobody said how likely it is linked: neither case nor comparison patient"
    return [(case, why) for case in linelist.cases["case_id"] if case not in weights]

"""The evidence of every room put on one scale: links between isolates, sources, and what to ask next.

Isolates of the cases under investigation are no part of the background they are held against.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from abscope.isolate.characterised import IsolateType
from abscope.knowledge.rows import Knowledge
from abscope.outbreak.exposures import Panel, panels
from abscope.outbreak.link_settings import UNKNOWN_RATE, LinkSettings
from abscope.outbreak.links import links
from abscope.outbreak.questions import rank_questions
from abscope.outbreak.sampled import sampled_isolates
from abscope.outbreak.sources import panel_weights, rank_sources
from abscope.outbreak.star_groups import with_stars
from abscope.outbreak.traceback import back
from abscope.population.background import backgrounds
from abscope.population.pair_snps import of_comparisons
from abscope.population.pairs import pairs_table
from abscope.population.published_background import completed, published_backgrounds, stems
from abscope.records import (
    Background,
    Findings,
    Links,
    Relatedness,
    SampledIsolate,
    stratum_of,
)
from abscope.records.sources import Exposure

_CASE = ("confirmed", "probable", "suspect")


def weighed(
    found: Findings,
    relatedness: Relatedness,
    types: Sequence[IsolateType],
    knowledge: Knowledge,
    *,
    found_by: Collection[Exposure] = (),
    seed: int = 1,
) -> Findings:
    """`found` with a verdict for every pair of isolates, and for every cluster its sources and questions.

    found_by: exposures by which cases were found, or that define them: they say nothing of the source.
    """
    strata = {one.isolate_id: _stratum(one) for one in types}
    return weighed_by(found, relatedness, strata, knowledge, found_by=found_by, seed=seed)


def weighed_by(
    found: Findings,
    relatedness: Relatedness,
    strata: Mapping[str, str | None],
    knowledge: Knowledge,
    *,
    found_by: Collection[Exposure] = (),
    seed: int = 1,
) -> Findings:
    """The same, where of the types only each isolate's stratum is at hand; who has none is not known."""
    held = background(found, relatedness, strata, knowledge, seed=seed)
    judged = _links(found, relatedness, strata, held, knowledge, seed=seed)
    weighed_pairs = replace(found, links=judged, backgrounds=held)
    return _with_sources(weighed_pairs, relatedness, found_by, seed)


def background(
    found: Findings,
    relatedness: Relatedness,
    strata: Mapping[str, str | None],
    knowledge: Knowledge,
    *,
    seed: int,
) -> tuple[Background, ...]:
    """By stratum, the collection's own background or the published one, whichever has more patients.

    An isolate without a case is taken for a patient of its own.
    """
    joined = found.linked.matched.join(found.linelist.cases, on="case_id", how="left")
    rows = joined.select("isolate_id", "case_id", "patient_id", "status").rows()
    patients = {isolate: patient or case for isolate, case, patient, _ in rows}
    investigated = {isolate for isolate, *_, status in rows if status is None or status in _CASE}
    own = [
        SampledIsolate(name, patients.get(name, name), strata.get(name))
        for comparison in relatedness.comparisons
        for name in comparison.ids
        if name not in investigated
    ]
    snps = of_comparisons(relatedness.comparisons, min_comparable=relatedness.min_comparable)
    survey = backgrounds(snps, own, rng=np.random.default_rng(seed))
    return completed(survey.backgrounds, published_backgrounds(knowledge))


def _stratum(one: IsolateType) -> str | None:
    """A novel clone has no background of its own: it may be the very outbreak that is looked into."""
    named = {"clone": one.clone.clone, "none": "none", "novel clone": "none"}
    return stratum_of(named.get(one.clone.outcome), one.identity.subspecies)


def _links(
    found: Findings,
    relatedness: Relatedness,
    strata: Mapping[str, str | None],
    held: Sequence[Background],
    knowledge: Knowledge,
    *,
    seed: int,
) -> Links:
    pairs = pairs_table(relatedness.comparisons, min_comparable=relatedness.min_comparable)
    names = [name for comparison in relatedness.comparisons for name in comparison.ids]
    sampled = sampled_isolates(names, found.linelist, strata)
    settings = LinkSettings(clock=knowledge.clock or UNKNOWN_RATE, stems=stems(knowledge))
    judged = links(pairs, sampled, {one.stratum: one for one in held}, settings)
    return with_stars(judged, pairs, sampled, settings, rng=np.random.default_rng(seed))


def _with_sources(
    found: Findings, relatedness: Relatedness, found_by: Collection[Exposure], seed: int
) -> Findings:
    """Rankings and questions for every cluster with a case, by its name.

    A case weighs as much as it is likely to be linked: a cluster that chance explains has no source.
    """
    known = set(found.linelist.exposures.select("kind", "value").drop_nulls().rows())
    guarded = [one for one in found_by if one in known]
    clusters = next(one for one in relatedness.clusters if one.level == found.level)
    uncompared = {left.name for left in relatedness.left_out}
    sources, questions, reach = {}, {}, {}
    for panel in panels(found.linked, clusters, uncompared=uncompared):
        weights = panel_weights(panel, found.linelist) | _members(panel, found)
        sources[panel.cluster] = rank_sources(
            found.linelist, weights, found_by=guarded, rng=np.random.default_rng(seed)
        )
        questions[panel.cluster] = rank_questions(found.linelist, weights, found_by=guarded)
        reach[panel.cluster] = back(found.linelist, weights)
    return replace(found, sources=sources, questions=questions, reach=reach)


def _members(panel: Panel, found: Findings) -> dict[str, float]:
    """How likely a cluster's cases are linked to any other of them; a case of no judged pair is left out."""
    owner = dict(found.linked.matched.select("isolate_id", "case_id").iter_rows())
    best: dict[str, float] = {}
    for link in found.links.links if found.links else ():
        cases = {owner.get(link.isolate_1), owner.get(link.isolate_2)}
        if link.linked is not None and len(cases) == 2 and cases <= panel.members:
            for case in cases:
                best[str(case)] = max(best.get(str(case), 0.0), link.linked)
    return best

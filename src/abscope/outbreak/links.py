"""How every two isolates hang together: by a common source, a chain of patients, a mix-up, or chance.

Exposures take no part: what cases share is weighed once, by sources. Nothing that is unknown moves a
posterior, and the order of a pair does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.outbreak.link_background import at_distance, matches
from abscope.outbreak.link_hypotheses import (
    Explained,
    explained,
    handling_factor,
    linked,
    linked_between,
    posterior,
)
from abscope.outbreak.link_pairs import Pair, groups, is_near
from abscope.outbreak.link_settings import LinkSettings
from abscope.outbreak.link_words import worded
from abscope.outbreak.same_patient import judged, returning
from abscope.records import (
    HYPOTHESES,
    Background,
    Hypothesis,
    LeftOut,
    Link,
    Links,
    LinkVerdict,
    Sampled,
)

_LEAST = 40
_HARDLY = 1e-3
"""Where there is no background: how unlikely a source must make a distance to be ruled out."""


def links(
    pairs: pl.DataFrame,
    isolates: Iterable[Sampled],
    backgrounds: Mapping[str, Background],
    settings: LinkSettings | None = None,
) -> Links:
    """Judge every pair of isolates, closest first.

    pairs: tables.PAIRS. isolates: what is known of them beside the genome; an isolate nobody knows
    anything of is judged all the same. backgrounds: by stratum. Pairs more than `settings.limit` SNPs
    apart or without a common reference are counted, not listed, unless they are one patient's.
    """
    chosen = settings or LinkSettings()
    known = {one.isolate_id: one for one in isolates}
    rows = list(_pairs(pairs, known, chosen))
    near = [pair for pair in rows if is_near(pair, chosen.limit)]
    found = [link for group in groups(near) for link in _judge(group, backgrounds, chosen)]
    found += filter(None, (_unmeasured(pair, chosen) for pair in rows))
    named = {pair.one.isolate_id for pair in rows} | {pair.other.isolate_id for pair in rows}
    return Links(
        links=returning(sorted(found, key=_order), known),
        far=len(rows) - len(found),
        farther_than=chosen.limit,
        left_out=tuple(
            LeftOut(name, "is in no pair, so it has no distance to anybody")
            for name in sorted(set(known) - named)
        ),
    )


def _order(link: Link) -> tuple[float, float, tuple[str, str]]:
    far = float("inf")
    return (far if link.snps is None else link.snps, -(link.linked or 0.0), link.pair)


def _pairs(
    frame: pl.DataFrame, known: Mapping[str, Sampled], settings: LinkSettings
) -> Iterator[Pair]:
    columns = frame.select("isolate_1", "isolate_2", "snps", "comparable", "reference")
    for first, second, snps, comparable, reference in columns.iter_rows():
        one, other = (known.get(name, Sampled(name)) for name in sorted((first, second)))
        stratum = settings.shared(one.stratum, other.stratum)
        yield Pair(one, other, snps, comparable, reference, stratum)


def _judge(
    group: Sequence[Pair], backgrounds: Mapping[str, Background], settings: LinkSettings
) -> Iterator[Link]:
    stratum = group[0].stratum
    limit = max(_LEAST, *(pair.snps or 0 for pair in group))
    sites = np.array([pair.comparable for pair in group], dtype=np.int64)
    both = [(pair.one, pair.other) for pair in group]
    lasting = any(pair.same_patient for pair in group)
    chances = explained(both, sites, stratum, settings, limit, lasting=lasting)
    held = (name for name in settings.lineage(stratum) if name in backgrounds)
    background = next((backgrounds[name] for name in held), None)
    for row, pair in enumerate(group):
        yield _link(pair, row, chances, background, settings)


def _link(
    pair: Pair, row: int, chances: Explained, background: Background | None, settings: LinkSettings
) -> Link:
    if pair.same_patient and chances.lasting is not None:
        return judged(pair.one, pair.other, _counts(pair), chances.lasting[row], background)
    prior = settings.prior.of(handling_factor(pair.one, pair.other, settings))
    if background is None:
        return _without_background(pair, chances.common_source[row], prior, settings)
    return _weighed(pair, row, chances, background, prior=prior, settings=settings)


def _weighed(
    pair: Pair,
    row: int,
    chances: Explained,
    background: Background,
    *,
    prior: dict[Hypothesis, float],
    settings: LinkSettings,
) -> Link:
    snps, comparable = _counts(pair)
    chance = at_distance(background, snps)
    likelihood: dict[Hypothesis, float] = {
        "common source": float(chances.common_source[row, snps]),
        "person to person": float(chances.person_to_person[row, snps]),
        "laboratory": float(chances.laboratory[row, snps]),
        "chance": chance.expected,
    }
    given = posterior(prior, likelihood)
    low, high = linked_between(prior, likelihood, chance)
    link = Link(
        pair.one.isolate_id,
        pair.other.isolate_id,
        snps,
        comparable,
        verdict=_verdict(given, low, settings),
        most_likely=_most_likely(given),
        reason="",
        prior=prior,
        likelihood=likelihood,
        posterior=given,
        linked=linked(given),
        linked_low=low,
        linked_high=high,
        bayes_factor=likelihood["common source"] / chance.expected,
        source_within=_within(chances.common_source[row]),
        chance=matches(background, snps, settings.compared),
        cutoffs={level: snps <= level for level in settings.cutoffs},
    )
    return worded(link, pair.one, pair.other, background, settings)


def _most_likely(given: Mapping[Hypothesis, float]) -> Hypothesis:
    """The first of the most probable."""
    best = max(given.values())
    return next(name for name in HYPOTHESES if given[name] == best)


def _verdict(given: Mapping[Hypothesis, float], low: float, settings: LinkSettings) -> LinkVerdict:
    if given["laboratory"] >= settings.laboratory:
        return "laboratory mix-up"
    if linked(given) >= settings.sure and low >= 0.5:
        return "linked"
    if given["chance"] >= settings.sure:
        return "not linked"
    return "cannot tell"


def _without_background(
    pair: Pair, source: NDArray[np.float64], prior: dict[Hypothesis, float],
    settings: LinkSettings,
) -> Link:  # fmt: skip
    """A pair without a background: a distance can still be more than any source explains."""
    snps, comparable = _counts(pair)
    too_far = 1 - float(source[:snps].sum()) < _HARDLY
    link = Link(
        pair.one.isolate_id,
        pair.other.isolate_id,
        snps,
        comparable,
        verdict="not linked" if too_far else "cannot tell",
        most_likely="chance" if too_far else None,
        reason="",
        prior=prior,
        source_within=_within(source),
        cutoffs={level: snps <= level for level in settings.cutoffs},
    )
    return worded(link, pair.one, pair.other, None, settings)


def _unmeasured(pair: Pair, settings: LinkSettings) -> Link | None:
    """A pair with too few comparable sites; or one patient's that is far apart or of two subspecies."""
    if is_near(pair, settings.limit):
        return None
    if pair.same_patient:
        return judged(pair.one, pair.other, (pair.snps, pair.comparable), None, None)
    if pair.snps is not None or pair.reference is None:
        return None
    link = Link(
        pair.one.isolate_id,
        pair.other.isolate_id,
        None,
        pair.comparable,
        verdict="cannot tell",
        most_likely=None,
        reason="",
        prior=settings.prior.of(handling_factor(pair.one, pair.other, settings)),
    )
    return worded(link, pair.one, pair.other, None, settings)


def _counts(pair: Pair) -> tuple[int, int]:
    if pair.snps is None or pair.comparable is None:
        raise ValueError(f"{pair.one.isolate_id}, {pair.other.isolate_id}: not compared")
    return pair.snps, pair.comparable


def _within(source: NDArray[np.float64]) -> int | None:
    """SNPs that 95 of 100 pairs of one source stay within; None where that is beyond those asked about."""
    enough = np.cumsum(source) >= 0.95
    return int(enough.argmax()) if enough.any() else None

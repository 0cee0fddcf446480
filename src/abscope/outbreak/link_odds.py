"""How probable it is that pairs are linked, and no more: what a watch asks of thousands of pairs at once.

The numbers are those of links.links (tests hold the two together), without verdicts, words, and
explanations that only one patient's isolates have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.link_background import at_distance
from abscope.outbreak.link_hypotheses import explained, handling_factor
from abscope.outbreak.link_pairs import Pair, groups, is_near
from abscope.outbreak.link_settings import LinkSettings
from abscope.records import HYPOTHESES, Background, Hypothesis, Sampled

Values = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Odds:
    """linked: the chance that both come of one source or chain. low: with the background at its upper bound.

    share: of pairs of unlinked patients that are as near.
    """

    linked: float
    low: float
    share: float


def odds(
    pairs: Iterable[Pair], backgrounds: Mapping[str, Background], settings: LinkSettings
) -> Iterator[tuple[Pair, Odds]]:
    """Of pairs of two patients within `settings.limit` SNPs whose stratum has a background; of no others."""
    near = (pair for pair in pairs if is_near(pair, settings.limit))
    for group in groups(near):
        background = _background(group[0], backgrounds, settings)
        if background is not None:
            snps = np.array([pair.snps for pair in group])
            yield from zip(group, _weighed(group, snps, background, settings), strict=True)


def by_distance(
    pair: Pair, backgrounds: Mapping[str, Background], settings: LinkSettings
) -> list[Odds]:
    """What they would be at 0, 1, ... `settings.limit` SNPs; none without a background."""
    background = _background(pair, backgrounds, settings)
    if background is None:
        return []
    return list(_weighed([pair], np.arange(settings.limit + 1), background, settings))


def _background(
    pair: Pair, backgrounds: Mapping[str, Background], settings: LinkSettings
) -> Background | None:
    held = (name for name in settings.lineage(pair.stratum) if name in backgrounds)
    return next((backgrounds[name] for name in held), None)


def _weighed(
    group: Sequence[Pair], snps: Counts, background: Background, settings: LinkSettings
) -> Iterator[Odds]:
    """At a distance for each pair; or at many for the only one."""
    sites = np.array([pair.comparable for pair in group], dtype=np.int64)
    both, stratum = [(pair.one, pair.other) for pair in group], group[0].stratum
    chances = explained(both, sites, stratum, settings, int(snps.max()), lasting=False)
    prior, row = _priors(both, settings), np.arange(len(group))
    source = prior["common source"] * chances.common_source[row, snps]
    chain = prior["person to person"] * chances.person_to_person[row, snps]
    laboratory = prior["laboratory"] * chances.laboratory[row, snps]
    apart, at = np.unique(snps, return_inverse=True)
    chance = [at_distance(background, int(d)) for d in apart]
    expected, high = (prior["chance"] * np.array([getattr(one, name) for one in chance])[at]
                      for name in ("expected", "high"))  # fmt: skip
    linked, low = (_linked(source, chain, laboratory, by_chance) for by_chance in (expected, high))
    share = background.share[np.minimum(snps, background.limit)]
    return map(Odds, linked.tolist(), low.tolist(), share.tolist())


def _priors(
    both: Sequence[tuple[Sampled, Sampled]], settings: LinkSettings
) -> dict[Hypothesis, Values]:
    """Of each pair, by what is known of how its isolates were handled."""
    factors = [handling_factor(one, other, settings) for one, other in both]
    of = {factor: settings.prior.of(factor) for factor in set(factors)}
    return {name: np.array([of[factor][name] for factor in factors]) for name in HYPOTHESES}


def _linked(source: Values, chain: Values, laboratory: Values, chance: Values) -> Values:
    """Bayes' rule, from prior times likelihood of the four."""
    total = source + chain + laboratory + chance
    found: Values = source / total + chain / total
    return found

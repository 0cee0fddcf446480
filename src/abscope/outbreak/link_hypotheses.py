"""Four ways in which two isolates come to be alike, weighed against each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.link_background import ChanceLikelihood
from abscope.outbreak.link_likelihood import Clockwork, Growth, likelihoods, rate_nodes
from abscope.outbreak.link_paths import paths
from abscope.outbreak.link_settings import LinkSettings
from abscope.records import HYPOTHESES, Hypothesis, Sampled

Values = NDArray[np.float64]
Likelihood = Mapping[Hypothesis, float]

BENCH_YEARS = 0.05
"""Growth in culture between two tubes that hold one patient's germ, years."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """P(0..limit SNPs) of each pair under what would explain them, float64 (pairs, limit + 1).

    lasting: one patient's infection that went on between two specimens; None where nobody asked.
    """

    common_source: Values
    person_to_person: Values
    laboratory: Values
    lasting: Values | None


def explained(
    pairs: Sequence[tuple[Sampled, Sampled]],
    sites: NDArray[np.int64],
    stratum: str | None,
    settings: LinkSettings,
    limit: int,
    *,
    lasting: bool = True,
) -> Explained:
    """The chance of each number of SNPs, for pairs of one stratum, whatever was seen.

    lasting: whether any pair is one patient's.
    """
    years = paths(pairs, settings)
    clockwork = Clockwork(
        *rate_nodes(*settings.rate(stratum)),
        sites=sites.astype(np.float64),
        errors=np.array([_errors(pair, settings) for pair in pairs]),
    )
    source = settings.source
    shared = Growth(
        source.activity, source.activity_weight, source.diversity, source.diversity_weight
    )
    none = np.zeros_like(years.gap)
    bench = Growth(np.ones(1), np.ones(1), np.zeros(1), np.ones(1))
    chances = partial(likelihoods, limit, clockwork=clockwork)
    return Explained(
        chances(years.host, years.gap, growth=shared),
        chances(years.chain, none, growth=_awake(settings.chain)),
        chances(none[:, :1] + BENCH_YEARS, none[:, :1], growth=bench),
        chances(years.apart, none, growth=_awake(settings.lasting)) if lasting else None,
    )


def _awake(diversity: Sequence[tuple[float, float]]) -> Growth:
    """Growth in patients, who never rest."""
    theta, weight = np.array(diversity).T
    return Growth(np.ones(1), np.ones(1), theta, weight, resting=False)


def _errors(pair: tuple[Sampled, Sampled], settings: LinkSettings) -> float:
    return sum(settings.errors if one.errors is None else one.errors for one in pair)


def handling_factor(one: Sampled, other: Sampled, settings: LinkSettings) -> float:
    """By how much the laboratory's prior is multiplied, from what is known of both isolates."""
    if one.handling & other.handling:
        return settings.prior.same_handling
    both = {kind for kind, _ in one.handling} & {kind for kind, _ in other.handling}
    return settings.prior.other_handling if both else 1.0


def posterior(prior: Likelihood, likelihood: Likelihood) -> dict[Hypothesis, float]:
    """Bayes' rule over the four. Raises ValueError where none of them can be."""
    joint = {name: prior[name] * likelihood[name] for name in HYPOTHESES}
    total = sum(joint.values())
    if not total > 0:
        raise ValueError("no hypothesis allows this distance")
    return {name: value / total for name, value in joint.items()}


def linked(given: Mapping[Hypothesis, float]) -> float:
    """The chance that both come of one source or one chain."""
    return given["common source"] + given["person to person"]


def linked_between(
    prior: Likelihood, likelihood: Likelihood, chance: ChanceLikelihood
) -> tuple[float, float]:
    """The same with the background at its upper and at its lower bound."""
    bounds = ({**likelihood, "chance": at} for at in (chance.high, chance.low))
    low, high = (linked(posterior(prior, bound)) for bound in bounds)
    return low, high

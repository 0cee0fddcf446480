"""Mixture: whether an isolate's reads are of one strain or of two.

Two strains differ at many positions, all at one share, on both strands, anywhere in the genome. Errors
are rarer; damaged DNA, a mutator's offspring and misplaced reads give second bases at many shares, or
crowded in a few places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom, poisson

from abscope.isolate.mixture_limits import limits
from abscope.isolate.mixture_model import (
    WAVE,
    Fit,
    Floats,
    Looked,
    Scatter,
    Sites,
    chances,
    error_rates,
    fit,
    looked_at,
    power,
    scatter,
    sites_of,
)
from abscope.records import MinorSites, MinorStrain, Mixture, MixtureVerdict
from abscope.records.mixtures import Relation

DIFFERENCES = (5, 50, 500, 5_000)
"""For strains this many positions apart the limit of detection is given."""
BAR = float(np.log(1000))
"""Natural logarithm of the likelihood ratio from which two strains are called."""
DOUBT = float(np.log(20))
LEAST_SITES, LEAST_PART = 4, 0.6
TIGHT = -1.0
"""Loosely gathered shares have more freedom: one unit of log-likelihood is theirs by chance."""
LEAST_DEPTH, LEAST_LOOKED = 10, 0.3
DEPTHS = (0.4, 1.75)
"""Positions are judged at this range of the median depth: beyond it lie repeats the reference lacks."""
WINDOW = 5_000
CLOSE, OTHER = 25, 0.01
"""Up to so many differences may be one strain's own diversity; beyond this share, another subspecies."""
COARSE = np.geomspace(0.01, 0.5, 48)
MOST_FITTED = 4_000
_STRANDS_AGREE = 0.001
MANY = 20
DAMAGED, DAMAGE_RATE = 4.0, 3e-4
_LETTERS = np.frombuffer(b"ACGT", dtype=np.uint8)
_LIKELIHOOD_95 = 1.92


@dataclass(frozen=True, slots=True, eq=False)
class _Evidence:
    """The sites, where each comes from in the list of second bases, and what was looked at.

    thinned: one in so many sites is here.
    """

    sites: Sites
    rows: NDArray[np.int64]
    looked: Looked
    scattered: Scatter
    thinned: int


@dataclass(frozen=True, slots=True, eq=False)
class _Peak:
    """The best common share, its interval and the fit.

    ratio: its log-likelihood over scattered shares; tight: over shares gathered loosely around
    any number of shares.
    """

    share: float
    interval: tuple[float, float]
    best: Fit
    ratio: float
    tight: float
    power: float


def mixture(minor: MinorSites) -> Mixture:
    """Judge one isolate's second bases."""
    depths = minor.looked.sum(axis=0)
    median = _median(depths)
    low, high = max(4, int(DEPTHS[0] * median)), int(DEPTHS[1] * median) + 1
    covered = float(depths[low:high].sum()) / minor.length if high > low else 0.0
    if median < LEAST_DEPTH or covered < LEAST_LOOKED:
        return _unknown(minor, median, covered)
    evidence = _evidence(minor, low, high)
    least = limits(evidence.looked, DIFFERENCES, covered=covered, bar=BAR, least=LEAST_SITES)
    peak = _peak(evidence)
    return _judged(minor, (median, covered), (evidence, peak), least)


def _median(depths: NDArray[np.int64]) -> float:
    deep = depths[1:]
    if not deep.any():
        return 0.0
    return float(np.searchsorted(np.cumsum(deep), (deep.sum() + 1) // 2) + 1)


def _unknown(minor: MinorSites, median: float, covered: float) -> Mixture:
    reason = (
        f"depth too low: {median:.0f} reads at the middle position, {LEAST_DEPTH} are needed"
        if median < LEAST_DEPTH
        else f"only {covered:.0%} of the reference is covered evenly enough to look at"
    )
    none = tuple((number, None) for number in DIFFERENCES)
    looked = round(covered * minor.length)
    return Mixture("cannot tell", reason, median, looked, 0.0, 0, 0, none)


def _evidence(minor: MinorSites, low: int, high: int) -> _Evidence:
    looked = looked_at(minor, low, high)
    counts = minor.counts.astype(np.int64)
    depth, seen = counts.sum(axis=1), counts[:, 2:].sum(axis=1)
    kinds = np.searchsorted(_LETTERS, np.stack([minor.major, minor.minor], axis=1))
    inside = (depth >= low) & (depth < high)
    capped = np.minimum(depth, high - 1)
    beyond = inside & (seen >= looked.least[kinds[:, 0], kinds[:, 1], capped])
    rows = np.flatnonzero(beyond & _strands_agree(counts))
    step = max(1, -(-len(rows) // MOST_FITTED))
    rows = rows[::step]
    table = np.column_stack([kinds, depth, seen])[rows]
    sites = sites_of(looked, table, crowding(minor.positions[rows], minor.length))
    return _Evidence(sites, rows, looked, scatter(sites, looked), step * minor.thinned)


def _strands_agree(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the second base shows on either strand as the first one does."""
    depth, forward = counts.sum(axis=1), counts[:, 0] + counts[:, 2]
    seen, here = counts[:, 2] + counts[:, 3], counts[:, 2]
    fewer = hypergeom.cdf(here, depth, forward, seen)
    more = hypergeom.sf(here - 1, depth, forward, seen)
    return np.asarray(np.minimum(fewer, more) >= _STRANDS_AGREE)


def crowding(positions: NDArray[np.int64], length: int) -> Floats:
    """Weight of each site: less than 1 where a window of 5 kb holds more than chance would put there.

    So that a duplicated gene, or a stretch taken over from another strain, counts as a few sites.
    """
    window = positions // WINDOW
    held = np.bincount(window, minlength=-(-length // WINDOW))
    most = 1.0
    while True:
        allowed = max(1.0, float(poisson.ppf(0.999, np.minimum(held, most).mean())))
        if allowed <= most:
            return np.asarray(np.minimum(1.0, most / held[window]))
        most = allowed


def _peak(evidence: _Evidence) -> _Peak:
    """The share that explains the sites best, on a coarse and then on a fine grid."""
    scattered = evidence.scattered
    null = fit(evidence.sites, scattered, evidence.looked, None).log_likelihood
    heaped = (scattered.heaped, scattered.heaped_power)
    heaps = fit(evidence.sites, scattered, evidence.looked, heaped).log_likelihood
    coarse, _, _ = _profile(evidence, COARSE)
    at = int(np.argmax(coarse))
    step = COARSE[1] / COARSE[0]
    fine = np.geomspace(COARSE[at] / step**2, min(0.5, COARSE[at] * step**2), 41)
    heights, fits, seen = _profile(evidence, fine)
    best = int(np.argmax(heights))
    inside = fine[heights >= heights[best] - _LIKELIHOOD_95]
    around = COARSE[coarse >= heights[best] - _LIKELIHOOD_95]
    ends = np.concatenate([inside, around])
    interval = _widened(float(ends.min()), float(ends.max()), evidence)
    top = float(heights[best])
    tight = top - heaps
    return _Peak(float(fine[best]), interval, fits[best], top - null, tight, float(seen[best]))


def _profile(evidence: _Evidence, shares: Floats) -> tuple[Floats, list[Fit], Floats]:
    """Log-likelihood of each common share, its fit, and how many differences show at it."""
    sites, looked = evidence.sites, evidence.looked
    densities, seen = chances(sites.depth, sites.seen, shares), power(looked, shares)
    fits = [
        fit(sites, evidence.scattered, looked, (column, float(part)))
        for column, part in zip(densities.T, seen, strict=True)
    ]
    return np.array([one.log_likelihood for one in fits]), fits, seen


def _widened(low: float, high: float, evidence: _Evidence) -> tuple[float, float]:
    """Allow for the wave of depth, which neighbouring sites share: some 20 kb move together."""
    weights = evidence.sites.weights.sum()
    apart = 1.96 * WAVE / np.sqrt(max(1.0, min(float(weights), evidence.looked.total / 20_000)))
    return _moved(low, -apart), min(0.5, _moved(high, apart))


def _moved(share: float, logits: float) -> float:
    odds = share / (1 - share) * float(np.exp(logits))
    return odds / (1 + odds)


def _judged(
    minor: MinorSites,
    size: tuple[float, float],
    found: tuple[_Evidence, _Peak],
    least: tuple[tuple[int, float | None], ...],
) -> Mixture:
    """The verdict. size: median depth, share of the reference looked at."""
    (median, covered), (evidence, peak) = size, found
    weights = evidence.sites.weights
    fitting = float(weights @ peak.best.belongs)
    part = fitting / max(fitting + peak.best.scattered, 1e-9)
    common = part >= LEAST_PART and peak.tight >= TIGHT
    common &= fitting >= LEAST_SITES and _places(minor, evidence, peak) >= LEAST_SITES
    mixed = common and peak.ratio >= BAR
    doubt = common and peak.ratio >= DOUBT
    many = float(weights.sum()) >= MANY
    shared = Mixture(
        "pure",
        "",
        median,
        round(covered * minor.length),
        peak.ratio / float(np.log(10)),
        len(evidence.rows) * evidence.thinned,
        round(float(peak.best.belongs.sum())) * evidence.thinned,
        least,
        damage=damage(minor),
    )
    if mixed:
        return _mixed(shared, minor, evidence, peak)
    verdict: MixtureVerdict = "cannot tell" if doubt or many else "pure"
    return replace(shared, verdict=verdict, reason=_why(shared, doubt=doubt, many=many))


def _places(minor: MinorSites, evidence: _Evidence, peak: _Peak) -> int:
    """How many windows hold a site of the common share."""
    rows = evidence.rows[peak.best.belongs >= 0.5]
    return len(np.unique(minor.positions[rows] // WINDOW))


def _mixed(shared: Mixture, minor: MinorSites, evidence: _Evidence, peak: _Peak) -> Mixture:
    total = float(peak.best.belongs.sum()) * evidence.thinned
    differences = round(total / max(peak.power, 1e-9))
    relation = _relation(differences, shared.looked)
    rows = evidence.rows[peak.best.belongs >= 0.5]
    strain = MinorStrain(
        minor.positions[rows], minor.major[rows], minor.minor[rows], peak.power, evidence.thinned
    )
    others = (
        "" if shared.fitting >= 0.7 * shared.sites else "; other second bases have other shares"
    )
    reason = (
        f"{shared.fitting:,} second bases share one frequency, {peak.share:.0%} of the reads"
        f"{_RELATIONS[relation]}{others}"
    )
    return replace(
        shared,
        verdict="mixed",
        reason=reason,
        share=peak.share,
        interval=peak.interval,
        differences=differences,
        relation=relation,
        strain=strain,
    )


_RELATIONS: Mapping[Relation, str] = {
    "close variant": ": two close strains, or the diversity of one",
    "same subspecies": ": another strain",
    "other subspecies or species": ": a strain of another subspecies or species",
}


def _relation(differences: int, looked: int) -> Relation:
    if differences <= CLOSE:
        return "close variant"
    return "other subspecies or species" if differences > OTHER * looked else "same subspecies"


def _why(shared: Mixture, *, doubt: bool, many: bool) -> str:
    """Why a second strain is not called."""
    if doubt:
        return f"{shared.sites:,} second bases, too few to be sure of a second strain"
    if many:
        return (
            f"{shared.sites:,} second bases at many shares: a mutator's offspring, several strains, "
            "damaged DNA or a distant contaminant"
        )
    if shared.sites >= MANY:
        return f"{shared.sites:,} second bases, crowded in few places: misplaced reads"
    few = f"; {shared.sites} second bases, too few for one" if shared.sites else ""
    return f"no second strain is seen{few}"


def damage(minor: MinorSites) -> str | None:
    """The kind of DNA damage whose substitutions stand out among the reads' errors, if any.

    Oxidised guanine is read as T, deaminated cytosine as T (Costello et al. 2013, NAR 41:e67; Briggs et
    al. 2007, PNAS 104:14616).
    """
    rates = error_rates(minor)
    for name, pairs in _DAMAGE.items():
        own = float(np.mean([rates[pair] for pair in pairs]))
        rest = [rates[a, b] for a in range(4) for b in range(4) if a != b and (a, b) not in pairs]
        usual = float(np.median(rest))
        if own >= DAMAGED * usual and own >= DAMAGE_RATE:
            return f"{name}: {own:.1e} of bases, {own / usual:.0f} times the other substitutions"
    return None


_DAMAGE = {
    "oxidised DNA (G>T, C>A)": ((1, 0), (2, 3)),
    "deaminated DNA (C>T, G>A)": ((1, 3), (2, 0)),
}

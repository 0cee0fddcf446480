"""How well each exposure explains who was infected: Bayes factors with every doubt integrated.

Person i is linked with chance w_i (a comparison patient has w_i = 0). If exposure k is the source, a
linked person has it on record with chance s, and not less than others have; anybody else, and everybody
if k is not the source, with the background's q_k. A missing answer says nothing. So, with x_ik = 1 for yes
and 0 for no,

    f1 = w_i s^x (1-s)^(1-x) + (1-w_i) q^x (1-q)^(1-x)        f0 = q^x (1-q)^(1-x)
    BF_k = E[prod f1] / E[prod f0],     P(k) = pi_k BF_k / (pi_0 + sum_j pi_j BF_j).

A lot lies within a product. Its background share is counted among those who may have had the product, its
own factor multiplies the product's, and w_i is then the chance of a link given the answer about the
product: so who does not know the lot still counts for it by the product, and two users of a product
with one lot are no great coincidence. Every user has some lot, so that one case names one says nothing
for it: the prior of a lot is its share of the product's users, E[q prod f1] / E[prod f0].

What was part of one event goes together: beside a source there are companions (the clinic's staff, the
needles used that day) that linked persons have as often as the source. Nothing tells them from it, and a
model without them would be sure of whichever has one answer more. So with chance t each other exposure j
is a companion with chance r, and its f0 gives way to f1:

    BF'_k = (1-t) BF_k + t BF_k prod_j (1 - r + r BF_j),   j not k nor what k lies within,

which changes nothing to speak of where one exposure alone stands out.

s has a prior of two Betas, for records that are good and for poor ones, integrated by Gauss-Jacobi
quadrature. With a small chance many cases only look linked, as by a contamination in the laboratory: every
w_i is then less. (Doubt about pi_0 changes nothing: of one outbreak only its mean counts.)
q_k ~ Beta(m v, (1-m) v), where the mean m and the concentration v of a sort of exposure are
unknown too and learned from all answers about it: a wrong guess of how common clinics or lots are is
mended by the comparison patients. q is summed over cells of equal width in arcsin(sqrt(q)).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from abscope.records.sources import SourcePriors

Floats = NDArray[np.float64]
Answers = NDArray[np.int8]

_CELLS = 128
_QUADRATURE = 6
_MEANS = np.array([0.01, 0.025, 0.05, 0.1, 0.17, 0.27, 0.4, 0.55, 0.7, 0.85, 0.95])
_CONCENTRATIONS = np.array([1.0, 3.0, 8.0, 20.0, 60.0])
TIPPING_FACTOR = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """What the answers say of every exposure.

    factors: Bayes factors. posterior: of every exposure and, last, of `not recorded`. log_evidence: of
    every one of these, log(prior x likelihood), on a common scale for any answers of the same people.
    tipping: largest background share with a Bayes factor above 10; nan where none is. linked: chance
    that each person is linked if each exposure is the source (people x exposures; q and s at their means).
    """

    factors: Floats
    posterior: Floats
    log_evidence: Floats
    tipping: Floats
    linked: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """q: cells' midpoints. hyper: prior share of each cell (hypers x cells).

    log_prior: of hypers, for exposures within none and for those within a wider one (2 x hypers);
    recall, true (share of who look linked that are) and their joint weight likewise (2 x quadrature).
    """

    q: Floats
    hyper: Floats
    log_prior: Floats
    recall: Floats
    true: Floats
    weight: Floats


@lru_cache(maxsize=8)
def _grid(priors: SourcePriors) -> _Grid:
    edges = np.sin(np.linspace(0, np.pi / 2, _CELLS + 1)) ** 2
    middle = np.sin((np.arange(_CELLS) + 0.5) * np.pi / 2 / _CELLS) ** 2
    mean, mass = (a.ravel() for a in np.meshgrid(_MEANS, _CONCENTRATIONS))
    cdf = special.betainc((mean * mass)[:, None], ((1 - mean) * mass)[:, None], edges)
    centre, spread = np.array(priors.prevalence), np.array(priors.spread)
    off = (special.logit(mean) - special.logit(centre)[:, None]) / spread[:, None]
    narrow = (priors.precision, priors.precision)
    nodes, good, poor = np.stack(
        [_recalls(priors.recall, priors.poor_recall), _recalls(*narrow)], 1
    )
    weight = (1 - priors.poor) * good + priors.poor * poor
    log_prior = special.log_softmax(-0.5 * off**2, axis=1)
    seldom, share = priors.mistaken
    true = np.repeat([1.0, 1 - share], nodes.shape[1])
    return _Grid(
        middle,
        np.diff(cdf),
        log_prior,
        np.tile(nodes, 2),
        np.stack([true, true]),
        np.hstack([(1 - seldom) * weight, seldom * weight]),
    )


def _recalls(good: tuple[float, float], poor: tuple[float, float]) -> Floats:
    """Nodes of two Beta variables together, and their weights in the first and in the second."""
    first, second = _beta_quadrature(*good), _beta_quadrature(*poor)
    none = np.zeros(_QUADRATURE)
    nodes = np.append(first[0], second[0])
    return np.stack([nodes, np.append(first[1], none), np.append(none, second[1])])


def _beta_quadrature(a: float, b: float) -> Floats:
    """Nodes and weights of a Beta(a, b) variable: sums of them are its means, for degrees up to 11."""
    nodes, weights = special.roots_jacobi(_QUADRATURE, b - 1, a - 1)
    return np.stack([(nodes + 1) / 2, weights / weights.sum()])


@dataclass(slots=True, eq=False)
class _Likelihoods:
    """Log likelihoods at every q (exposures x cells), without and with the exposure as the source."""

    null: Floats
    source: Floats
    linked: Floats


def attribute(
    answers: Answers,
    weights: Floats,
    kinds: NDArray[np.intp],
    *,
    within: NDArray[np.intp] | None = None,
    guarded: NDArray[np.bool_] | None = None,
    priors: SourcePriors | None = None,
) -> Attribution:
    """Weigh every exposure against every other and against `not recorded`.

    answers: people x exposures, 1, 0 or -1. weights: of people. kinds: each exposure's kind, from 0;
    the prior is shared out evenly over kinds, then over the exposures of a kind; what lies within another
    has its prior. within: column of the exposure that each lies within, -1 for none. guarded: exposures
    that say nothing of the source.
    """
    priors = priors or SourcePriors()
    grid = _grid(priors)
    above = np.full(len(kinds), -1, np.intp) if within is None else within
    mute = np.zeros(len(kinds), np.bool_) if guarded is None else guarded
    found = _likelihoods(answers, weights, above, mute, priors)
    own, log_null = _own_factors(found, kinds, above, grid)
    factors, together = _with_companions(np.where(mute, 0.0, own), above, mute, priors.companions)
    prior = _prior(kinds, above, priors)
    joint = np.append(np.log(prior) + together, np.log(priors.not_recorded))
    return Attribution(
        np.exp(factors),
        special.softmax(joint),
        joint + log_null,
        _tipping(found.source - found.null, grid),
        found.linked,
    )


def _with_companions(
    own: Floats, above: NDArray[np.intp], mute: NDArray[np.bool_], companions: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Log factors along what each exposure lies within, without and with companions of the source.

    own: log factors of each exposure given the one it lies within.
    """
    chance, share = companions
    beside = np.logaddexp(np.log1p(-share), np.log(share) + own)
    factors, left = own.copy(), beside.copy()
    for columns in _by_depth(above)[1:]:
        heard = ~mute[columns]
        factors[columns] += heard * factors[above[columns]]
        left[columns] += heard * left[above[columns]]
    some = np.log(chance) + factors + beside.sum() - left
    together: Floats = np.logaddexp(np.log1p(-chance) + factors, some)
    return factors, together


def _by_depth(above: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Columns of exposures within none, then of those within these, and so on."""
    depth = np.zeros(len(above), np.intp)
    at = above.copy()
    while (at >= 0).any():
        depth += at >= 0
        at = np.where(at >= 0, above[at], -1)
    return [np.flatnonzero(depth == level) for level in range(int(depth.max(initial=0)) + 1)]


def _likelihoods(
    answers: Answers,
    weights: Floats,
    above: NDArray[np.intp],
    mute: NDArray[np.bool_],
    priors: SourcePriors,
) -> _Likelihoods:
    """Widest exposures first: an answer about one changes who may be linked by those within it."""
    grid, people = _grid(priors), len(weights)
    blank = np.zeros((len(above), _CELLS))
    found = _Likelihoods(blank, blank.copy(), np.tile(weights[:, None], (1, len(above))))
    for columns in _by_depth(above):
        for wider in np.unique(above[columns]):
            these = columns[(above[columns] == wider) & ~mute[columns]]
            inherited = weights if wider < 0 else found.linked[:, wider]
            found.linked[:, columns[above[columns] == wider]] = inherited[:, None]
            may_have = np.ones(people, np.bool_) if wider < 0 else answers[:, wider] != 0
            asked = np.where(may_have[:, None], answers[:, these], np.int8(-1))
            level = int(wider >= 0)
            null, source = _at_every_q(asked, inherited, grid, level)
            found.null[these] = null
            found.source[these] = source + level * np.log(grid.q)
            recall = float(grid.recall[level] @ grid.weight[level])
            found.linked[:, these] = _linked(asked, inherited, recall, priors.prevalence[level])
    return found


def _at_every_q(
    answers: Answers, weights: Floats, grid: _Grid, level: int
) -> tuple[Floats, Floats]:
    """Log likelihood at every q, without and with the exposure as the source (recall integrated)."""
    log_q, log_not = np.log(grid.q), np.log1p(-grid.q)
    yes, no = (answers == 1).astype(np.float64), (answers == 0).astype(np.float64)
    null = np.outer(yes.sum(0), log_q) + np.outer(no.sum(0), log_not)
    recall = np.maximum(grid.recall[level][:, None], grid.q)
    true = grid.true[level][:, None]
    counts, ratios = [], []
    for weight in np.unique(weights[(weights > 0) & (answers >= 0).any(1)]):
        who = weights == weight
        told = grid.q + weight * true * (recall - grid.q)
        counts += [yes[who].sum(0), no[who].sum(0)]
        ratios += [(np.log(told) - log_q).ravel(), (np.log1p(-told) - log_not).ravel()]
    if not counts:
        return null, null
    patterns, which = np.unique(np.stack(counts, 1), axis=0, return_inverse=True)
    ratio = (patterns @ np.stack(ratios)).reshape(-1, len(recall), _CELLS)
    highest = ratio.max(1)
    weighted = np.einsum("s,ksq->kq", grid.weight[level], np.exp(ratio - highest[:, None]))
    return null, null + (highest + np.log(weighted))[which]


def _linked(answers: Answers, weights: Floats, recall: float, prevalence: float) -> Floats:
    """How likely each person is linked if each exposure is the source, given the answer about it."""
    yes, known = answers == 1, answers >= 0
    light = (1 - weights)[:, None]
    q = ((light * yes).sum(0) + 0.5) / ((light * known).sum(0) + 0.5 / prevalence)
    s = np.maximum(recall, q)
    told = np.where(yes, s / q, (1 - s) / (1 - q))
    odds = weights[:, None] * np.where(known, told, 1.0)
    chance: Floats = odds / (odds + light)
    return chance


def _own_factors(
    found: _Likelihoods, kinds: NDArray[np.intp], above: NDArray[np.intp], grid: _Grid
) -> tuple[Floats, float]:
    """Each exposure's log factor given the one it lies within; the log evidence without a source."""
    scale = np.maximum(found.null.max(1, initial=-np.inf), found.source.max(1, initial=-np.inf))
    below = np.exp(found.null - scale[:, None]) @ grid.hyper.T
    below = np.maximum(below, np.finfo(np.float64).tiny)  # thousands of cases may leave nothing
    with_source = np.exp(found.source - scale[:, None]) @ grid.hyper.T
    nested = (above >= 0).astype(np.intp)
    sort = kinds * 2 + nested
    belief = np.tile(grid.log_prior, (int(kinds.max(initial=-1)) + 1, 1))
    np.add.at(belief, sort, np.log(below) + scale[:, None])
    share = special.softmax(belief, axis=1)[sort]
    factors: Floats = np.log((share * with_source / below).sum(1))
    return factors, float(special.logsumexp(belief, axis=1).sum())


def _prior(kinds: NDArray[np.intp], above: NDArray[np.intp], priors: SourcePriors) -> Floats:
    """Prior of every exposure: evenly by kind, then evenly within it; what lies within as the wider.

    Of what lies within one exposure, the share of its users counts, which the likelihoods hold.
    """
    widest = above < 0
    sizes = np.bincount(kinds[widest], minlength=int(kinds.max(initial=0)) + 1)
    shares = 1 / np.maximum(sizes[kinds], 1)
    for columns in _by_depth(above)[1:]:
        shares[columns] = shares[above[columns]]
    scaled: Floats = (1 - priors.not_recorded) * shares / shares.sum()
    return scaled


def _tipping(log_ratio: Floats, grid: _Grid) -> Floats:
    """The largest share in the background up to which the Bayes factor stays above 10."""
    enough = log_ratio > np.log(TIPPING_FACTOR)
    run = np.logical_and.accumulate(enough, axis=1).sum(1)
    return np.where(run > 0, grid.q[np.maximum(run - 1, 0)], np.nan)

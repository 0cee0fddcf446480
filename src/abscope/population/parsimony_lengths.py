"""How many substitutions each branch of a tree bears, where gaps leave open on which of some they are.

A site at which the two sides of a branch have no base in common may have changed there. Gaps make such
branches more than the changes a site needs; which one it was is as likely as that branch is long, and
that is found by turns (expectation and maximisation, Dempster et al. 1977). A branch for which nothing speaks
that others cannot explain goes to nought.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.population.phylogeny import Phylogeny
from abscope.population.placement import PlacedOn, ready
from abscope.population.sites import Sites

Reals = NDArray[np.float64]

_TURNS = 50
_SATURATED = 0.7  # share of sites changed on a branch beyond which its length is without bound


def measured(tree: Phylogeny, sites: Sites) -> Phylogeny:
    """The tree with substitutions per genome as lengths, repeated hits allowed for.

    What cannot be seen of a branch, because one side of it has no base, is taken to be as the rest of it.
    """
    fitted = ready(tree, dict(zip(sites.ids, sites.letters, strict=True)))
    node, site = np.nonzero((fitted.below[1:] & fitted.beyond[1:]) == 0)
    needed, visible = _needed(fitted), _visible(tree, sites)
    lengths = np.bincount(node, minlength=len(visible)) / visible
    for _ in range(_TURNS):
        whole = np.bincount(site, lengths[node], minlength=len(needed))
        share = np.minimum(needed[site] * lengths[node] / whole[site], 1.0)
        lengths = np.bincount(node, share, minlength=len(visible)) / visible
    apart = np.minimum(lengths / max(sites.length, 1), _SATURATED)
    told = -0.75 * np.log1p(apart / -0.75) * sites.length
    return Phylogeny(tree.parents, tree.names, (0.0, *told.tolist()), tree.support)


def _needed(fitted: PlacedOn) -> Reals:
    """Changes that each site needs on the whole tree."""
    changes = np.zeros(fitted.below.shape[1])
    for kids in fitted.tree.children:
        known = fitted.below[kids[0]] if kids else None
        for kid in kids[1:]:
            both = known & fitted.below[kid]
            changes += both == 0
            known = np.where(both, both, known | fitted.below[kid])
    return changes


def _visible(tree: Phylogeny, sites: Sites) -> Reals:
    """Of each branch but the root's, the share of the genome with a base on both of its sides."""
    read = sites.sample
    if sites.variable_only:  # few, and no fair sample of the genome
        read = np.hstack([sites.letters, sites.sample])
    counts = np.zeros((len(tree.parents), read.shape[1]), np.int32)
    for row, name in enumerate(sites.ids):
        counts[tree.leaves[name]] = read[row] != ord("N")
    for node in range(len(counts) - 1, 0, -1):
        counts[tree.parents[node]] += counts[node]
    seen: Reals = ((counts[1:] > 0) & (counts[1:] < counts[0])).mean(axis=1)
    return seen.clip(1 / max(sites.columns, 1))

"""How often the splits of a tree come back when its sites are drawn anew (Felsenstein 1985).

Every draw starts from the tree itself and is mended by parsimony; a split for which no drawn site
speaks is not counted, though nothing speaks against it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from abscope.population.parsimony import mended, work
from abscope.population.parsimony_lengths import measured
from abscope.population.phylogeny import Phylogeny, collapsed, scaled
from abscope.population.sites import Sites

REPLICATES = 100
_MOST_WORK = 500_000_000_000  # as parsimony counts it; three minutes
_ROUNDS = 2  # that a draw takes
_SHORTEST = 0.25  # substitutions on a branch below which none is shown


def affordable(sites: Sites) -> bool:
    """Whether support can be had in minutes: of some 1,200 isolates at 7,000 variable sites."""
    return REPLICATES * _ROUNDS * work(*sites.letters.shape) <= _MOST_WORK


def supported(
    tree: Phylogeny,
    sites: Sites,
    *,
    rng: np.random.Generator,
    hear: Callable[[str], None] | None = None,
) -> Phylogeny:
    """The tree with the percentage of draws that have a split as the support of its branch.

    tree: as `parsimony.mended` gives it. hear: is told which draw is next.
    """
    found: Counter[frozenset[str]] = Counter()
    for number in range(1, REPLICATES + 1):
        if hear is not None:
            hear(f"draw {number} of {REPLICATES}")
        drawn = rng.integers(0, len(sites.positions), len(sites.positions))
        again = replace(sites, positions=sites.positions[drawn], letters=sites.letters[:, drawn])
        other = measured(mended(tree, again.ids, again.letters), again)
        found.update(collapsed(scaled(other, 1.0, shortest=_SHORTEST)).clades)
    support = (
        100 * found[clade] / REPLICATES if name is None and parent >= 0 else None
        for clade, name, parent in zip(tree.clades, tree.names, tree.parents, strict=True)
    )
    return Phylogeny(tree.parents, tree.names, tree.lengths, tuple(support))

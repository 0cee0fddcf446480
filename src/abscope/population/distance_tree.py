"""A tree from distances alone: what can be drawn at once, where letters are not at hand."""

import numpy as np

from abscope.population import newick
from abscope.population.phylogeny import Phylogeny, collapsed, rooted_at_midpoint, scaled
from abscope.population.tree import joined
from abscope.records import Distances, Tree

_SHORTEST = 0.25  # a branch of less than a quarter of a substitution shows none


def distance_tree(distances: Distances, *, least: int) -> Tree | None:
    """Isolates joined by SNPs per comparable site, rooted at the midpoint, without support.

    Isolates with fewer than `least` comparable sites of their own are not placed. None of fewer than two.
    """
    own = np.diagonal(distances.comparable)
    kept = np.flatnonzero(own >= least)
    if len(kept) < 2:
        return None
    pick = np.ix_(kept, kept)
    chosen = Distances(
        tuple(distances.ids[k] for k in kept), distances.snps[pick], distances.comparable[pick]
    )
    drawn = _two(chosen) if len(kept) == 2 else joined(chosen).phylogeny
    short = collapsed(scaled(drawn, 1.0, shortest=_SHORTEST))
    left = [name for name, sites in zip(distances.ids, own.tolist(), strict=True) if sites < least]
    notes = (f"not placed, too few sites are called: {', '.join(left)}",) if left else ()
    return Tree(
        newick.text(rooted_at_midpoint(short)),
        "neighbour joining of SNP distances",
        "midpoint",
        notes=notes,
    )


def _two(distances: Distances) -> Phylogeny:
    half = float(distances.snps[0, 1]) / 2
    return Phylogeny((-1, 0, 0), (None, *distances.ids), (0.0, half, half), (None,) * 3)

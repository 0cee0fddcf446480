"""Recombination in one clone: which stretches came in, on which branch, and distances without them.

Substitutions are placed on the branches of a guide tree by parsimony, each branch is scanned for
stretches where they are too dense for descent, and the tree is built again from distances without
those, until nothing changes (the idea of Gubbins, Croucher et al. 2015, written anew from its paper).
The result is a function of the set of genomes alone, not of their order nor of how they came.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.population import newick, path_masks
from abscope.population.branch_blocks import RULES, BranchBlock, ScanRules, branch_blocks
from abscope.population.clone_sites import CloneSites, clone_sites, of_isolates
from abscope.population.guide_tree import GuideTree, guide_tree, same_branches
from abscope.records import Calls, Distances, LeftOut, Mask, Recombination, RecombinationBlock

METHOD = "abscope, substitution density by branch"
_PLACED = 0.5  # above this share of called sites any two isolates have sites in common
_ONE_SUBSPECIES = 0.015  # subspecies differ at 2.2-3 % of sites, strains of one at well under 1 %
_ALL_VARIABLE = 0.2  # share of columns that vary beyond which constant ones must have been left out


def recombination(
    calls: Mapping[str, Calls], mask: Mask, *, rules: ScanRules = RULES
) -> Recombination:
    """Find recombination among the isolates of one clone, called against one reference.

    Raises DataError where references differ, where isolates are too far apart to be of one subspecies,
    where constant columns were left out, or where fewer than two isolates can be placed.
    """
    return detected(clone_sites(calls, mask), rules=rules)


def detected(sites: CloneSites, *, rules: ScanRules = RULES) -> Recombination:
    """Find recombination from what is kept of the genomes; raises DataError as `recombination`."""
    sites, left_out = _placed(sites)
    _check(sites)
    apart = _apart(sites.raw, (), sites.length)
    tree, stable, done = guide_tree(sites.ids, apart, sites.bits), False, 0
    while not stable and done < rules.rounds:
        scanned, done = tree, done + 1
        found = branch_blocks(sites, scanned, rules)
        stretches = [(block.start, block.end, scanned.below[block.node]) for block in found]
        distances = path_masks.masked(sites, stretches)
        before, apart = apart, _apart(distances, stretches, sites.length)
        if not np.array_equal(before, apart):
            tree = guide_tree(sites.ids, apart, sites.bits)
        stable = same_branches(tree, scanned)
    return Recombination(
        METHOD,
        sites.mask.reference,
        sites.length,
        tuple(_record(scanned, sites.ids, block) for block in found),
        sites.raw,
        distances,
        newick.text((tree if stable else scanned).phylogeny),
        done,
        stable,
        left_out,
    )


def _placed(sites: CloneSites) -> tuple[CloneSites, tuple[LeftOut, ...]]:
    """Leave out isolates called at half of the unmasked sites or fewer, whoever else is there."""
    needed = _PLACED * (sites.length - int(sites.mask.hidden().sum()))
    called = sites.raw.comparable.diagonal()
    left_out = tuple(
        LeftOut(
            name, f"called at {count} sites, more than {needed:.0f} are needed", "sequence deeper"
        )
        for name, count in zip(sites.ids, called.tolist(), strict=True)
        if count <= needed
    )
    return (of_isolates(sites, np.flatnonzero(called > needed)) if left_out else sites), left_out


def _check(sites: CloneSites) -> None:
    """Refuse what recombination cannot be found in."""
    if len(sites.ids) < 2:
        raise DataError(
            f"{len(sites.ids)} isolates can be placed, recombination needs two",
            hint="give isolates of one clone, each called at more than half of the reference",
        )
    if len(sites.positions) > _ALL_VARIABLE * int((sites.seen > 0).sum()):
        raise DataError(
            f"{len(sites.positions)} of {sites.length} columns vary: constant ones were left out",
            hint="give the whole alignment (snippy-core's .full.aln): density needs every position",
        )
    share = sites.raw.snps / np.maximum(sites.raw.comparable, 1)
    one, other = np.unravel_index(int(share.argmax()), share.shape)
    if share[one, other] > _ONE_SUBSPECIES:
        raise DataError(
            f"{sites.ids[one]} and {sites.ids[other]} differ at {share[one, other]:.1%} of sites: "
            "they are not of one subspecies",
            hint="look for recombination in one clone at a time",
        )


def _apart(
    distances: Distances, blocks: Sequence[path_masks.Stretch], length: int
) -> NDArray[np.float64]:
    """What the tree is built from: SNPs outside blocks, scaled to the genome, and one a block.

    An import is one event: counted as none, a clade that nothing else holds together would fall apart.
    One stretch on two branches, gained and then lost, is one event of those who have it.
    """
    apart = distances.snps / np.maximum(distances.comparable, 1) * length
    events: dict[tuple[int, int], NDArray[np.bool_]] = {}
    for start, end, below in blocks:
        events[start, end] = events.get((start, end), np.zeros_like(below)) ^ below
    for side in events.values():
        one, other = np.flatnonzero(side), np.flatnonzero(~side)
        apart[np.ix_(one, other)] += 1
        apart[np.ix_(other, one)] += 1
    return apart


def _record(tree: GuideTree, ids: tuple[str, ...], block: BranchBlock) -> RecombinationBlock:
    return RecombinationBlock(
        tree.phylogeny.names[block.node] or "",
        block.start,
        block.end,
        block.snps,
        block.expected,
        block.p_value,
        tuple(name for name, below in zip(ids, tree.below[block.node], strict=True) if below),
    )

"""Recombination in one clone: which stretches came in, on which branch, and distances without them.

Substitutions are placed on the branches of a guide tree by parsimony, each branch is scanned for
stretches where they are too dense for descent, and the tree is built again from distances without
those, until nothing changes (the idea of Gubbins, Croucher et al. 2015, written anew from its paper).
The result is a function of the set of genomes alone, not of their order nor of how they came.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.kernels import kernel
from abscope.population import newick, path_masks
from abscope.population.branch_blocks import (
    RULES,
    BranchBlock,
    Key,
    ScanRules,
    Scans,
    Stretches,
    branch_blocks,
)
from abscope.population.clone_sites import CloneSites, clone_sites, of_isolates, with_isolate
from abscope.population.density_scan import Reals
from abscope.population.gaps import Longs
from abscope.population.guide_tree import GuideTree, guide_tree, same_branches
from abscope.population.path_masks import Removed
from abscope.records import Calls, LeftOut, Mask, Recombination, RecombinationBlock

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


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """A clone searched, with what of it a search for one isolate more need not do again.

    scans: stretches by what they were found from. removed: what each round took from every pair.
    """

    sites: CloneSites
    found: Recombination
    rules: ScanRules
    scans: Mapping[Key, Stretches]
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """A tree, its blocks and what they take from each pair, and the tree of the distances that leaves."""

    tree: GuideTree
    blocks: tuple[BranchBlock, ...]
    removed: Removed
    next: GuideTree


def detected(sites: CloneSites, *, rules: ScanRules = RULES) -> Recombination:
    """Find recombination from what is kept of the genomes; raises DataError as `recombination`."""
    return searched(sites, rules=rules).found


def searched(sites: CloneSites, *, rules: ScanRules = RULES) -> Search:
    """Find recombination, and keep what a search for one isolate more can use; raises as `detected`."""
    return _search(sites, rules, {}, ())


def one_more(search: Search, name: str, calls: Calls) -> Search:
    """Add an isolate, and search again; the result is that of a first search of all, value for value.

    Branches that changed where they did before are not scanned again, and pairs that lost the same
    segments before are not counted again. Raises as `detected` and clone_sites.with_isolate.
    """
    sites = with_isolate(search.sites, name, calls)
    return _search(sites, search.rules, search.scans, search.removed)


def _search(
    sites: CloneSites,
    rules: ScanRules,
    before: Mapping[Key, Stretches],
    removed: tuple[Removed, ...],
) -> Search:
    placed, left_out = _placed(sites)
    _check(placed)
    scans = Scans(before)
    rounds = list(_rounds(placed, rules, scans, removed))
    last = rounds[-1]
    stable = same_branches(last.next, last.tree)
    found = Recombination(
        METHOD,
        placed.mask.reference,
        placed.length,
        tuple(_record(last.tree, placed.ids, block) for block in last.blocks),
        placed.raw,
        path_masks.without(placed, last.removed),
        newick.text((last.next if stable else last.tree).phylogeny),
        len(rounds),
        stable,
        left_out,
    )
    return Search(sites, found, rules, scans.used, tuple(one.removed for one in rounds))


def _rounds(
    sites: CloneSites, rules: ScanRules, scans: Scans, before: tuple[Removed, ...]
) -> Iterator[_Round]:
    """Scan, and build the tree again without what was found, until it stays or rounds are used up."""
    apart = _apart(sites.raw.snps, sites.raw.comparable, (), sites.length)
    tree, known = guide_tree(sites.ids, apart, sites.bits), None
    for done in range(rules.rounds):
        blocks = tuple(branch_blocks(sites, tree, rules, scans))
        stretches = [(block.start, block.end, tree.below[block.node]) for block in blocks]
        known = before[done] if done < len(before) else known
        known = path_masks.removed(sites, stretches, known)
        left = sites.raw.snps - known.counts[0], sites.raw.comparable - known.counts[1]
        earlier, apart = apart, _apart(*left, stretches, sites.length)
        same = np.array_equal(earlier, apart)
        following = tree if same else guide_tree(sites.ids, apart, sites.bits)
        yield _Round(tree, blocks, known, following)
        if same or same_branches(following, tree):
            return
        tree = following


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
    snps: Longs, comparable: Longs, blocks: Sequence[path_masks.Stretch], length: int
) -> Reals:
    """What the tree is built from: SNPs outside blocks, scaled to the genome, and one a block.

    An import is one event: counted as none, a clade that nothing else holds together would fall apart.
    One stretch on two branches, gained and then lost, is one event of those who have it.
    """
    apart: Reals = snps / np.maximum(comparable, 1) * length
    events: dict[tuple[int, int], NDArray[np.bool_]] = {}
    for start, end, below in blocks:
        events[start, end] = events.get((start, end), np.zeros_like(below)) ^ below
    for side in events.values():
        _add_one(apart, np.flatnonzero(side), np.flatnonzero(~side))
    return apart


@kernel
def _add_one(apart: Reals, one: Longs, other: Longs) -> None:
    for i in one:
        for j in other:
            apart[i, j] += 1
            apart[j, i] += 1


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

"""From variable sites to a tree that can be shown: who goes in, and how what comes back is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abscope.population import newick
from abscope.population.phylogeny import (
    Phylogeny,
    collapsed,
    grafted,
    rooted_at_midpoint,
    rooted_by,
    scaled,
)
from abscope.population.sites import Sites
from abscope.records import Tree

PLACED = 0.5  # above this share of called sites any two isolates have sites in common
_SHORTEST = 0.25  # a branch of less than a quarter of a substitution shows none


@dataclass(frozen=True, slots=True, eq=False)
class Taxa:
    """The isolates of a tree: one of every kind of sequence, its twins, and those not placed.

    distinct: sites of one isolate per sequence. twins: all isolates that have it, by that isolate.
    """

    distinct: Sites
    twins: Mapping[str, tuple[str, ...]]
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inferred:
    """An unrooted tree in substitutions per genome, and how it was found."""

    phylogeny: Phylogeny
    method: str
    support: str | None = None
    notes: tuple[str, ...] = ()


def taxa(sites: Sites) -> Taxa:
    """Choose who is placed: isolates with a base at more than half of the unmasked sites."""
    placed = [name for name, share in zip(sites.ids, sites.called, strict=True) if share > PLACED]
    chosen = sites.of(placed)
    groups: dict[bytes, list[str]] = {}
    for name, row in zip(chosen.ids, chosen.letters, strict=True):
        groups.setdefault(row.tobytes(), []).append(name)
    twins = {members[0]: tuple(members) for members in groups.values()}
    unplaced = tuple(name for name in sites.ids if name not in set(placed))
    return Taxa(chosen.of(twins), twins, unplaced)


def counted(sites: Sites) -> Inferred:
    """The tree of one or two distinct sequences, which needs no inference: SNPs on one branch."""
    one, *other = sites.ids
    if not other:
        return Inferred(
            Phylogeny((-1, 0), (None, one), (0.0, 0.0), (None, None)), "no variable site"
        )
    known = (sites.letters != ord("N")).all(axis=0)
    snps = float((known & (sites.letters[0] != sites.letters[1])).sum())
    leaves = Phylogeny((-1, 0, 0), (None, one, *other), (0.0, snps / 2, snps / 2), (None,) * 3)
    return Inferred(leaves, "SNPs between two distinct sequences, counted")


def finished(inferred: Inferred, chosen: Taxa, *, outgroup: str | None = None) -> Tree:
    """Collapse what shows no substitution, put twins back, root, and write with fixed order."""
    short = scaled(inferred.phylogeny, 1.0, shortest=_SHORTEST)
    whole = collapsed(grafted(short, chosen.twins))
    notes = [*inferred.notes, *_unplaced(chosen.unplaced)]
    if outgroup is not None and outgroup in whole.leaves:
        whole, rooting = rooted_by(whole, outgroup), f"outgroup {outgroup}"
    else:
        whole, rooting = rooted_at_midpoint(whole), "midpoint"
        if outgroup is not None:
            notes.append(f"the outgroup {outgroup} is not in this tree")
    return Tree(newick.text(whole), inferred.method, rooting, inferred.support, tuple(notes))


def _unplaced(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"not placed, half of the sites or fewer are called: {', '.join(names)}"]


def constant_columns(sites: Sites, *, at_least: int = 100_000, per_site: int = 20) -> list[int]:
    """How many constant columns of A, C, G and T stand for the genome's, in its proportions.

    Enough that lengths and topology do not feel the difference (a column is rarely hit twice), and
    no more: `per_site` for every variable site, but `at_least` so many, where the genome has them.
    """
    whole = sum(sites.constant)
    most = max(at_least, per_site * len(sites.positions))
    share = min(1.0, most / whole) if whole else 0.0
    return [int(np.ceil(count * share)) for count in sites.constant]

"""From variable sites to a tree that can be shown: who goes in, and how what comes back is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abscope.population import newick
from abscope.population.neighbour_joining import neighbour_joining
from abscope.population.parsimony import mended
from abscope.population.parsimony_lengths import measured
from abscope.population.phylogeny import (
    Phylogeny,
    collapsed,
    grafted,
    rooted_at_midpoint,
    rooted_by,
    scaled,
)
from abscope.population.root_to_tip import Span, rooted_by_dates
from abscope.population.sites import Sites
from abscope.records import Distances, Letters, Tree

PLACED = 0.5  # above this share of called sites any two isolates have sites in common
_SHORTEST = 0.25  # a branch of less than a quarter of a substitution shows none
_SATURATED = 0.7  # share of differing sites beyond which a distance is without bound
_FEWEST_COLUMNS = 100_000
_MOST_LETTERS = 100_000_000  # of an alignment held in memory


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


def joined(distances: Distances, sites: Sites | None = None) -> Inferred:
    """Join neighbours by SNPs per comparable site, as substitutions per genome of the `sites` compared.

    Without them, per genome of the best comparable two.

    Repeated hits at one site are allowed for (Jukes and Cantor 1969): distances must add up along
    branches, and 100,000 SNPs between subclades hide some 1,300 more.
    """
    length = (sites and sites.length) or int(distances.comparable.max())
    compared = distances.comparable * (length / sites.columns if sites and sites.columns else 1.0)
    share = distances.snps / np.maximum(compared, 1)
    apart = -0.75 * np.log1p(np.minimum(share, _SATURATED) / -0.75)
    found = neighbour_joining(distances.ids, apart * length)
    note = f"{len(distances.ids)} distinct sequences: joined by distance, without support"
    return Inferred(found, "neighbour joining of SNP distances", notes=(note,))


def parsimonious(sites: Sites, distances: Distances) -> Inferred:
    """Join neighbours, move what asks for fewer substitutions elsewhere, and count them by branch."""
    start = joined(distances, sites)
    found = measured(mended(start.phylogeny, sites.ids, sites.letters), sites)
    return Inferred(found, "parsimony, from a neighbour-joining tree")


def finished(
    inferred: Inferred,
    chosen: Taxa,
    *,
    outgroup: str | None = None,
    dates: Mapping[str, Span] | None = None,
) -> Tree:
    """Collapse what shows no substitution, put twins back, root, and write with fixed order.

    The outgroup roots it where it is in the tree; else dates, of three isolates or more; else the
    midpoint.
    """
    short = scaled(inferred.phylogeny, 1.0, shortest=_SHORTEST)
    whole = collapsed(grafted(short, chosen.twins))
    notes = [*inferred.notes, *_unplaced(chosen.unplaced)]
    if outgroup is not None and outgroup not in whole.leaves:
        notes.append(f"the outgroup {outgroup} is not in this tree")
    rooted, rooting = rooted_somehow(whole, outgroup, dates or {})
    return Tree(newick.text(rooted), inferred.method, rooting, inferred.support, tuple(notes))


def rooted_somehow(
    tree: Phylogeny, outgroup: str | None, dates: Mapping[str, Span]
) -> tuple[Phylogeny, str]:
    """Root by the outgroup, else by dates, else at the midpoint; and say which."""
    if outgroup is not None and outgroup in tree.leaves:
        return rooted_by(tree, outgroup), f"outgroup {outgroup}"
    known = {name: dates[name] for name in tree.leaves if name in dates}
    if len(known) >= 3 and len(set(known.values())) > 1:
        return rooted_by_dates(tree, known), "temporal fit"
    return rooted_at_midpoint(tree), "midpoint"


def _unplaced(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"not placed, half of the sites or fewer are called: {', '.join(names)}"]


def constant_columns(sites: Sites) -> Letters:
    """Constant columns that stand for the genome's, uint8 (n, k), with gaps as they are among those.

    Twenty for each variable site, 100,000 at least: enough that a column is rarely hit twice, so that
    lengths and topology do not feel what is left out. A large tree makes do with fewer. They repeat a
    sample: an isolate read at nine tenths of the genome has a base in nine tenths of them, or else its
    branch would be a tenth too short. Where the alignment holds variable sites only, the genome's others
    are taken to be of their composition, and called.
    """
    wanted = max(_FEWEST_COLUMNS, min(20 * len(sites.positions), _MOST_LETTERS // len(sites.ids)))
    if sites.variable_only:
        seen = np.array([int((sites.letters == letter).sum()) for letter in b"ACGT"])
        counts = np.ceil(wanted * seen / max(seen.sum(), 1)).astype(np.int64)
        column = np.repeat(np.frombuffer(b"ACGT", dtype=np.uint8), counts)
        return np.tile(column, (len(sites.ids), 1))
    repeats = -(-min(wanted, sum(sites.constant)) // sites.sample.shape[1])
    return np.tile(sites.sample, (1, repeats))

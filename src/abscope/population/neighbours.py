"""Who is near a new isolate, among very many, exactly, without looking closely at those who are far.

An isolate m is kept as what differs from a representative r of its clone. r has a base at *every*
position; m has its `deltas` (positions with another base than r) and its `runs` (positions without a
base). For a new isolate q, let D be the number of q's called positions at which q differs from r. Then

    SNPs(q, m) = D - (differences of q and r within m's runs)
                   + sum over m's deltas of [q called] * ([q differs from m] - [q differs from r])

which takes two look-ups in running totals a run, and one a delta. Comparable positions are counted alike.
All distances are found so; they are those that counting every position gives.

**The filter loses nobody.** Let K be the positions called in both q and m. At each position of K, q
and m differ wherever q differs from r and m does not. So

    SNPs(q, m) >= |{K: q differs from r}| - |{K: m differs from r}| >= D - missing(m) - deltas(m),

since K lacks at most missing(m) of the positions counted in D. Whoever has
D > k + missing(m) + deltas(m) is therefore further than k, and a clone whose every member has so is
passed over as soon as D is seen to exceed k + the largest missing + deltas in it. SNP distances
with missing data do not keep the triangle inequality (two isolates with no position in common are 0
SNPs apart, and may be far from a third); this bound never uses it for three isolates: r lacks no
position, and what m lacks is taken off. An isolate with few bases is near everybody by this
count, is never passed over, and is reported with its few comparable sites.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from abscope.population import neighbour_kernels as kernels
from abscope.population.neighbour_kernels import FAR, Asked, Counts, Members
from abscope.population.packing import Words, words_for
from abscope.records.genotypes import MEMBER, Addition, Genotypes

Encoded = tuple[NDArray[np.uint16], NDArray[np.uint16], int]

_SHARE, _LEAST = 256, 64
"""Who differs from every representative at more than one in 256 positions (and 64) begins a clone.

A representative takes as much room as `length / 8` deltas, so that more clones would make the store
larger; fewer would make deltas many, and the filter blunt.
"""
_PARTS = 8  # shares of the work a thread, so that none waits long for another


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The isolates within k SNPs, nearest first: index among the genotypes, SNPs, comparable sites."""

    index: Counts
    snps: Counts
    comparable: Counts


def empty(length: int) -> Genotypes:
    """Nobody yet, of a reference of `length` positions."""
    return Genotypes(
        length,
        np.zeros((0, 2, words_for(length)), np.uint64),
        np.zeros(0, MEMBER),
        np.zeros(0, np.uint16),
        np.zeros(0, np.uint16),
    )


def addition(known: Genotypes, planes: Words) -> Addition:
    """What the isolates `planes` (n, 3, words) put at the ends of the arrays of the `known`.

    Each joins the representative it is most like, or becomes one.
    """
    fresh = np.zeros((len(planes), *known.representatives.shape[1:]), np.uint64)
    order, founded = _by_size(known), 0
    clones: list[int] = []
    found: list[Encoded] = []
    for row in planes:
        clone, apart = _most_like(row, (known.representatives, fresh[:founded]), order)
        if apart > max(_LEAST, known.length // _SHARE):
            kernels.complete(row, _at(known, fresh, clone), fresh[founded])
            clone, founded = len(known.representatives) + founded, founded + 1
        clones.append(clone)
        found.append(kernels.encode(row, _at(known, fresh, clone), known.length))
    deltas, runs = (
        np.concatenate([np.zeros(0, np.uint16), *(one[kind] for one in found)]) for kind in (0, 1)
    )
    return Addition(fresh[:founded], _members(known, clones, found), deltas, runs)


def joined(known: Genotypes, added: Addition) -> Genotypes:
    """The known isolates and the added ones."""
    parts = (
        np.concatenate([getattr(known, one.name), getattr(added, one.name)])
        for one in fields(Addition)
    )
    return Genotypes(known.length, *parts)


def since(known: Genotypes, start: int) -> Genotypes:
    """The isolates from the one at `start` on, as if they had come alone."""
    deltas, runs = (0, 0) if not start else known.members[["deltas", "runs"]][start - 1].tolist()
    members = known.members[start:].copy()
    members["deltas"] -= deltas
    members["runs"] -= runs
    return Genotypes(
        known.length, known.representatives, members, known.deltas[deltas:], known.runs[runs:]
    )


def _by_size(known: Genotypes) -> Counts:
    """Clones, those of most isolates first: a new isolate is most often one of theirs."""
    sizes = np.bincount(known.members["clone"], minlength=len(known.representatives))
    return np.argsort(-sizes, kind="stable")


def _most_like(row: Words, sets: tuple[Words, Words], order: Counts) -> tuple[int, int]:
    """The representative with the fewest differences, and how many; old ones before new ones."""
    clone, apart = kernels.nearest(sets[0], order, row, kernels.NOBODY)
    younger, nearer = kernels.nearest(sets[1], np.arange(len(sets[1])), row, apart)
    return (clone, apart) if younger == FAR else (len(sets[0]) + younger, nearer)


def _at(known: Genotypes, fresh: Words, clone: int) -> Words:
    """A representative, old or new; all A where there is none (FAR)."""
    if clone == FAR:
        return np.zeros(fresh.shape[1:], np.uint64)
    old = len(known.representatives)
    row: Words = known.representatives[clone] if clone < old else fresh[clone - old]
    return row


def _members(known: Genotypes, clones: Sequence[int], found: Sequence[Encoded]) -> NDArray[np.void]:
    members = np.zeros(len(found), MEMBER)
    members["clone"] = clones
    members["missing"] = [missing for _, _, missing in found]
    members["deltas"] = len(known.deltas) + np.cumsum([len(deltas) for deltas, _, _ in found])
    members["runs"] = len(known.runs) + np.cumsum([len(runs) for _, runs, _ in found])
    return members


def index(genotypes: Genotypes) -> Members:
    """Genotypes made ready to be asked many times: copied, isolates of one clone side by side."""
    clones = len(genotypes.representatives)
    clone = genotypes.members["clone"].astype(np.min_scalar_type(clones))
    order = np.argsort(clone, kind="stable")
    deltas, delta_ends = _gathered(genotypes.deltas, genotypes.members["deltas"], order)
    runs, run_ends = _gathered(genotypes.runs, genotypes.members["runs"], order)
    reach = np.diff(delta_ends) + genotypes.members["missing"][order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(clone, minlength=clones))])
    furthest = np.zeros(clones, np.int64)
    np.maximum.at(furthest, clone[order], reach)
    places = order, starts, delta_ends, run_ends
    return Members(genotypes.representatives, deltas, runs, *places, reach, furthest)


def _gathered(
    steps: NDArray[np.uint16], ends: NDArray[np.uint64], order: Counts
) -> tuple[NDArray[np.uint16], Counts]:
    from_start = np.concatenate([np.zeros(1, np.int64), ends.astype(np.int64)])
    return kernels.gather(steps, from_start, order)


def distances(known: Members, row: Words, *, threads: int = 1) -> tuple[Counts, Counts]:
    """SNPs and comparable sites between an isolate (3, words) and everybody known, int64 (n,) each.

    Hide positions of the new isolate (packing.hide) for masked distances.
    """
    return _asked(known, row, kernels.NOBODY, threads)


def within(known: Members, row: Words, k: int, *, threads: int = 1) -> Near:
    """Everybody at most k SNPs from an isolate (3, words), nearest first; nobody is lost (see above).

    Those with few comparable sites are among them: whether they are near is not known.
    """
    snps, comparable = _asked(known, row, k, threads)
    found = np.flatnonzero((snps != FAR) & (snps <= k))
    found = found[np.lexsort((found, -comparable[found], snps[found]))]
    return Near(found, snps[found], comparable[found])


def _asked(known: Members, row: Words, k: int, threads: int) -> tuple[Counts, Counts]:
    new, size = kernels.query(row), len(known.order)
    snps, comparable = np.full(size, FAR, np.int64), np.zeros(size, np.int64)

    def ask(part: tuple[int, int]) -> None:
        kernels.ask(known, new, Asked(*part, k), snps, comparable)

    parts = _parts(known.starts, threads)
    if len(parts) == 1:
        ask(parts[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(ask, parts))
    return snps, comparable


def _parts(starts: Counts, threads: int) -> list[tuple[int, int]]:
    """Clones cut into shares of about the same work: one unit a clone, one an isolate."""
    clones = len(starts) - 1
    shares = 1 if threads < 2 else threads * _PARTS
    work = starts + np.arange(clones + 1)
    cuts = np.searchsorted(work, np.linspace(0, work[-1], shares + 1))
    cuts[0], cuts[-1] = 0, clones
    return [(int(a), int(b)) for a, b in pairwise(cuts) if b > a] or [(0, 0)]

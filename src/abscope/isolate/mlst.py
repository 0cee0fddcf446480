"""Multilocus sequence typing from any sequence of an isolate: exact alleles, and what is not exact.

A locus is exact, novel (in full, but no known allele), partial (cut by a contig's end, or with unread
letters), multiple (different alleles in one sequence), or missing. A sequence type needs exact alleles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import Codes, encode
from abscope.isolate.mlst_search import AlleleSeeds, Place, edits, kmers, places, seeds_of
from abscope.records import Letters

Status = Literal["exact", "novel", "partial", "multiple", "missing"]
CLOSEST = 5
MOST_UNLIKE = 0.05
_RANK: dict[Status, int] = {"exact": 0, "novel": 1, "partial": 2}
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")


@dataclass(frozen=True, slots=True)
class Profile:
    """A sequence type and its alleles, in the order of the scheme's loci. complex: where one is given."""

    st: str
    alleles: tuple[str, ...]
    complex: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A typing scheme. alleles: per locus, names and letters in the order of the file."""

    name: str
    loci: tuple[str, ...]
    alleles: tuple[tuple[tuple[str, Letters], ...], ...]
    profiles: tuple[Profile, ...]
    seeds: AlleleSeeds


def scheme(
    name: str,
    loci: Sequence[str],
    alleles: Sequence[Sequence[tuple[str, Letters]]],
    profiles: Sequence[Profile],
) -> Scheme:
    """A scheme, with the index of its alleles. Raises ValueError where a locus has no allele."""
    if not loci or len(loci) != len(alleles) or not all(alleles):
        raise ValueError(f"{name}: every locus needs at least one allele")
    seeds = seeds_of([[letters for _, letters in one] for one in alleles])
    held = tuple(tuple(one) for one in alleles)
    return Scheme(name, tuple(loci), held, tuple(profiles), seeds)


@dataclass(frozen=True, slots=True)
class LocusCall:
    """What an isolate holds at one locus.

    allele: its name if exact. nearest: the closest known alleles where it is not; differences: bases by
    which they differ, over the `covered` bases that could be compared. contig, start, end: where, 0-based
    half-open; turned: on the other strand. copies: places of the genome that hold the locus.
    """

    locus: str
    status: Status
    allele: str | None = None
    nearest: tuple[str, ...] = ()
    differences: int | None = None
    covered: int = 0
    length: int | None = None
    contig: str | None = None
    start: int | None = None
    end: int | None = None
    turned: bool = False
    copies: int = 0


@dataclass(frozen=True, slots=True)
class TypeCall:
    """A sequence type, or why there is none.

    status: `known`; `new combination` (every allele known, no such profile); `novel allele`; `incomplete`
    (a locus partial, missing or multiple). near: the profiles that agree at most loci, and the loci at
    which they do not; loci without a single allele count as differing.
    """

    scheme: str
    st: str | None
    complex: str | None
    status: Literal["known", "new combination", "novel allele", "incomplete"]
    loci: tuple[LocusCall, ...]
    near: tuple[tuple[str, tuple[str, ...]], ...] = ()


def call(contigs: Sequence[tuple[str, Letters]], scheme: Scheme) -> TypeCall:
    """Type an assembly's contigs, or an isolate's consensus: other letters than ACGT are unread."""
    found: list[list[LocusCall]] = [[] for _ in scheme.loci]
    for name, letters in contigs:
        for place in places(encode(letters), scheme.seeds):
            found[place.locus].append(_read(name, letters, place, scheme))
    calls = tuple(_best(locus, ones) for locus, ones in zip(scheme.loci, found, strict=True))
    return _typed(scheme, calls)


def _read(contig: str, letters: Letters, place: Place, scheme: Scheme) -> LocusCall:
    """The locus at one place: an allele it holds whole, else the nearest."""
    locus, known = scheme.loci[place.locus], scheme.alleles[place.locus]
    reach = max(len(allele) for _, allele in known)
    low, high = (
        max(0, place.end - reach - reach // 4),
        min(len(letters), place.start + reach + reach // 4),
    )
    part = letters[low:high]
    part = _COMPLEMENT[part[::-1]] if place.turned else part
    text = part.tobytes()
    holds = [(name, allele) for name, allele in known if allele.tobytes() in text]
    if holds:
        name, allele = max(holds, key=lambda one: len(one[1]))
        at = text.index(allele.tobytes())
        size = len(allele)
        start = high - at - size if place.turned else low + at
        return LocusCall(
            locus, "exact", name, (), 0, size, size, contig, start, start + size, place.turned, 1
        )
    return _nearest(locus, known, part, (contig, low, high, place.turned))


def _nearest(
    locus: str,
    known: Sequence[tuple[str, Letters]],
    part: Letters,
    where: tuple[str, int, int, bool],
) -> LocusCall:
    observed = encode(part)
    keys = kmers(observed)
    likely = sorted(known, key=lambda one: -int(np.isin(kmers(encode(one[1])), keys).sum()))
    fits = [(name, len(a), *_fit(encode(a), observed)) for name, a in likely[:CLOSEST]]
    least = min((unlike, -covered) for _, _, unlike, covered, _ in fits)
    closest = [fit for fit in fits if (fit[2], -fit[3]) == least]
    _, length, unlike, covered, (first, last) = closest[0]
    contig, low, high, turned = where
    start, end = (high - last, high - first) if turned else (low + first, low + last)
    status: Status = "novel" if covered >= length else "partial"
    names = tuple(name for name, *_ in closest)
    return LocusCall(
        locus, status, None, names, unlike, covered, length, contig, start, end, turned, 1
    )


def _fit(allele: Codes, observed: Codes) -> tuple[int, int, tuple[int, int]]:
    """Differences, allele bases covered, and the stretch of `observed` an allele is held against.

    Shared 19-mers say where the allele begins and ends; between, a gapped alignment is made only where
    bases alone would not do. Letters that were not read are neither alike nor different.
    """
    begin, end = _ends(allele, observed)
    first, last = max(0, begin), min(len(observed), end)
    cut_before, cut_after = first - begin, end - last
    expected = allele[cut_before : len(allele) - cut_after]
    window = observed[first:last]
    if len(window) == len(expected):
        read = window < 4
        unlike = int((window != expected)[read].sum())
        if unlike <= 0.05 * len(expected):
            return unlike, int(read.sum()), (first, last)
    return edits(expected, window), len(expected) - int((window > 3).sum()), (first, last)


def _ends(allele: Codes, observed: Codes) -> tuple[int, int]:
    """Where on `observed` the allele would begin and end, by its first and last 19-mer found there."""
    mine, theirs = kmers(allele), kmers(observed)
    common, at, there = np.intersect1d(mine, theirs, return_indices=True)
    good = common != ~np.uint64(0)
    at, there = at[good], there[good]
    if not len(at):
        return 0, len(observed)
    low, high = int(at.argmin()), int(at.argmax())
    return int(there[low] - at[low]), int(there[high] + len(allele) - at[high])


def _best(locus: str, found: Sequence[LocusCall]) -> LocusCall:
    """One call from all places of a locus; two different whole alleles contradict each other."""
    likely = [one for one in found if _likely(one)]
    if not likely:
        return LocusCall(locus, "missing")
    whole = [one for one in likely if one.status != "partial"]
    chosen = min(
        whole or likely, key=lambda one: (_RANK[one.status], one.differences, -one.covered)
    )
    names = {(one.allele, one.nearest, one.differences) for one in whole}
    copies = max(len(whole), 1)
    if len(names) > 1:
        alleles = tuple(one.allele or f"~{one.nearest[0]}" for one in whole)
        return LocusCall(locus, "multiple", nearest=alleles, copies=copies)
    return replace(chosen, copies=copies)


def _likely(one: LocusCall) -> bool:
    """Whether a place is the locus rather than a relative: one base in twenty may differ."""
    return one.differences is not None and one.differences <= MOST_UNLIKE * max(one.covered, 1)


def _typed(scheme: Scheme, calls: tuple[LocusCall, ...]) -> TypeCall:
    alleles = tuple(one.allele for one in calls)
    exact = next((one for one in scheme.profiles if one.alleles == alleles), None)
    if exact is not None:
        return TypeCall(scheme.name, exact.st, exact.complex, "known", calls)
    near = tuple(_near(scheme, alleles))
    statuses = {one.status for one in calls}
    if statuses == {"exact"}:
        return TypeCall(scheme.name, None, None, "new combination", calls, near)
    if statuses <= {"exact", "novel"}:
        return TypeCall(scheme.name, None, None, "novel allele", calls, near)
    return TypeCall(scheme.name, None, None, "incomplete", calls, near)


def _near(scheme: Scheme, alleles: tuple[str | None, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The profiles that agree at most loci, if at any."""
    if not scheme.profiles:
        return
    held = np.array([profile.alleles for profile in scheme.profiles], dtype=object)
    agree: NDArray[np.bool_] = held == np.array(alleles, dtype=object)
    most = int(agree.sum(axis=1).max())
    if most == 0:
        return
    for row in np.flatnonzero(agree.sum(axis=1) == most):
        differing = tuple(
            locus for locus, same in zip(scheme.loci, agree[row], strict=True) if not same
        )
        yield scheme.profiles[row].st, differing

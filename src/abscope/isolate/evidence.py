"""What one isolate shows at the key sites of its organism, with the reads behind it.

Sites keep the gene's own numbering (1-based) beside their place on the reference (0-based). Depth is
None where only a sequence is known: an assembly, or a consensus made elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.panel import FLANK, Panel
from abscope.isolate.panel_counts import GONE, PanelCounts
from abscope.knowledge.rows import Knowledge, Site
from abscope.records import MIXED, NO_COVERAGE, Letters

LONG = 20
MARGIN = 20
_ORDER = b"ACGT"


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """Reads at one base of a key site.

    number: the gene's own. position: on the reference the panel was cut from. counts: reads with A, C,
    G, T and reads that lack the base; None: only `letter` is known (`-` none, `N` few, `n` mixed).
    """

    locus: str
    number: int
    position: int
    counts: tuple[int, int, int, int, int] | None = None
    letter: str | None = None

    @property
    def depth(self) -> int | None:
        """Reads at the base, deleted or not."""
        return None if self.counts is None else sum(self.counts)

    @property
    def deleted(self) -> float | None:
        """Share of the reads that lack the base, None without reads."""
        return self.counts[GONE] / self.depth if self.counts and self.depth else None


@dataclass(frozen=True, slots=True)
class StretchEvidence:
    """Reads at a stretch that may be deleted, by the gene's numbering (1-based, both ends included).

    inside, beside: mean depth in the stretch and in the 300 bases on either side; for a sequence, the
    share of bases that are there. joined: reads across the joint the deletion makes; crossing: reads
    across an end of the stretch, mean of both; None where reads were not looked at. gap: share of reads
    that lack all of a short stretch.
    """

    locus: str
    first: int
    last: int
    reads: bool
    inside: float
    beside: float
    joined: int | None = None
    crossing: float | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything seen at the key sites. sites: `codon` sites give three bases."""

    sites: tuple[SiteEvidence, ...] = ()
    stretches: tuple[StretchEvidence, ...] = ()

    def at(self, locus: str, number: int) -> SiteEvidence | None:
        """The base of a gene, None if it was not looked at."""
        found = (one for one in self.sites if (one.locus, one.number) == (locus, number))
        return next(found, None)

    def over(self, locus: str, first: int) -> StretchEvidence | None:
        """The stretch of a gene that begins at `first`, None if it was not looked at."""
        found = (one for one in self.stretches if (one.locus, one.first) == (locus, first))
        return next(found, None)


def long_stretches(panel: Panel, knowledge: Knowledge) -> NDArray[np.int64]:
    """Where on the panel the deletions lie whose joint is looked for, shape (m, 2)."""
    spans = [panel.span(site) for site in _long(panel, knowledge)]
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _long(panel: Panel, knowledge: Knowledge) -> list[Site]:
    deletions = _deletions(panel, knowledge)
    return [site for site in deletions if site.span[1] - site.span[0] >= LONG]


def from_counts(panel: Panel, knowledge: Knowledge, seen: PanelCounts) -> Evidence:
    """Evidence from reads, or from the pieces of an assembly."""
    if not seen.reads:
        known = from_letters(panel, knowledge, _letters(seen))
        joined = [_with_joint(one, panel, knowledge, seen) for one in known.stretches]
        return Evidence(known.sites, tuple(joined))
    sites = tuple(
        SiteEvidence(site.locus, number, panel.origin(at), _five(seen.counts[at]))
        for site, number, at in _bases(panel, knowledge)
    )
    depth = seen.counts.sum(axis=1).astype(np.float64)
    there = seen.counts[:, :GONE].sum(axis=1).astype(np.float64)
    stretches = []
    for site in _deletions(panel, knowledge):
        long = site.span[1] - site.span[0] >= LONG
        inside, beside = _depths(panel, site, there if long else depth)
        gap = None if long else _gap(panel, site, seen.counts)
        first, last = site.span[0] + 1, site.span[1]
        found = StretchEvidence(site.locus, first, last, True, inside, beside, gap=gap)
        stretches.append(_with_joint(found, panel, knowledge, seen))
    return Evidence(sites, tuple(stretches))


def _five(row: NDArray[np.int32]) -> tuple[int, int, int, int, int]:
    a, c, g, t, gone = map(int, row)
    return a, c, g, t, gone


def _with_joint(
    one: StretchEvidence, panel: Panel, knowledge: Knowledge, seen: PanelCounts
) -> StretchEvidence:
    names = [(site.locus, site.span[0] + 1) for site in _long(panel, knowledge)]
    if (one.locus, one.first) not in names:
        return one
    joined, start, end = seen.joints[names.index((one.locus, one.first))]
    return replace(one, joined=int(joined), crossing=float(start + end) / 2)


def from_letters(panel: Panel, knowledge: Knowledge, letters: Letters) -> Evidence:
    """Evidence from letters along the panel (`Panel.letters` cuts them from a consensus)."""
    sites = tuple(
        SiteEvidence(site.locus, number, panel.origin(at), letter=chr(letters[at]))
        for site, number, at in _bases(panel, knowledge)
    )
    there = np.isin(letters, list(_ORDER)).astype(np.float64)
    stretches = []
    for site in _deletions(panel, knowledge):
        first, last = site.span[0] + 1, site.span[1]
        inside, beside = _depths(panel, site, there)
        gap = _letter_gap(panel, site, letters) if last - first + 1 < LONG else None
        stretches.append(StretchEvidence(site.locus, first, last, False, inside, beside, gap=gap))
    return Evidence(sites, tuple(stretches))


def _deletions(panel: Panel, knowledge: Knowledge) -> list[Site]:
    known = [site for site in knowledge.sites if site.locus in panel.starts]
    return [site for site in known if site.kind == "deletion"]


def _bases(panel: Panel, knowledge: Knowledge) -> Iterator[tuple[Site, int, int]]:
    """Site, gene number and panel position of every base looked at."""
    for site in knowledge.sites:
        if site.kind != "deletion" and site.locus in panel.starts:
            start, end = panel.span(site)
            for offset in range(end - start):
                yield site, site.span[0] + offset + 1, start + offset


def _depths(panel: Panel, site: Site, depth: NDArray[np.float64]) -> tuple[float, float]:
    """Mean depth inside a stretch, and in up to 300 bases on either side, its ends left out."""
    start, end = panel.span(site)
    margin = MARGIN if end - start >= LONG else 0
    contig = next(one for one in panel.genome.contigs if one.start <= start < one.end)
    left = depth[max(contig.start, start - FLANK) : max(contig.start, start - MARGIN)]
    right = depth[min(contig.end, end + MARGIN) : min(contig.end, end + FLANK)]
    inside = depth[start + margin : end - margin]
    beside = np.concatenate([left, right])
    return float(inside.mean()), float(beside.mean()) if len(beside) else 0.0


def _gap(panel: Panel, site: Site, counts: NDArray[np.int32]) -> float | None:
    """Share of reads that lack a short stretch, at whichever of its equal places they show it."""
    start, end = panel.span(site)
    shares = []
    for shift in _equal_places(panel, start, end):
        there = counts[start + shift : end + shift]
        depth = there.sum(axis=1)
        if depth.min() > 0:
            shares.append(float((there[:, GONE] / depth).min()))
    return max(shares, default=None)


def _letter_gap(panel: Panel, site: Site, letters: Letters) -> float | None:
    """1 where a sequence lacks a short stretch at one of its equal places, 0 where it has it all."""
    start, end = panel.span(site)
    shifts = _equal_places(panel, start, end)
    if any((letters[start + s : end + s] == NO_COVERAGE).all() for s in shifts):
        return 1.0
    around = letters[start + min(shifts) : end + max(shifts)]
    return 0.0 if np.isin(around, list(_ORDER)).all() else None


def _equal_places(panel: Panel, start: int, end: int) -> list[int]:
    """Shifts of a deletion that leave the same sequence: in a repeat they cannot be told apart."""
    sequence = panel.genome.sequence
    shifts, at = [0], 0
    while sequence[start + at - 1] == sequence[end + at - 1]:
        at -= 1
        shifts.append(at)
    at = 0
    while sequence[start + at] == sequence[end + at]:
        at += 1
        shifts.append(at)
    return shifts


def _letters(seen: PanelCounts) -> Letters:
    """One letter per position of an assembly: `n` where its pieces differ, `-` where there is none."""
    bases = seen.counts[:, :GONE]
    letters = np.frombuffer(_ORDER, dtype=np.uint8)[bases.argmax(axis=1)]
    kinds = (bases > 0).sum(axis=1)
    letters = np.where(kinds > 1, MIXED, letters)
    letters = np.where((kinds > 0) & (seen.counts[:, GONE] > 0), MIXED, letters)
    return np.where(kinds == 0, NO_COVERAGE, letters).astype(np.uint8)

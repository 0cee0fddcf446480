"""The organism's key genes, cut from the reference that has them, as a small genome of its own.

Whatever reference an isolate is called against, its resistance is read on this panel: the genes that
have key sites, each on its own strand with 300 bases beside it, so that position and gene numbering
differ by a constant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from abscope.knowledge.rows import Knowledge, Locus, Site
from abscope.records import Contig, Letters, Reference

FLANK = 300
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """genome: one contig per gene. starts: where on it each gene's first base lies.

    cuts: what was taken of `source`, as (first base, base after the last, turned), gene by gene.
    """

    genome: Reference
    starts: Mapping[str, int]
    source: Reference
    cuts: tuple[tuple[int, int, bool], ...]

    def span(self, site: Site) -> tuple[int, int]:
        """The stretch of the panel a site covers, 0-based half-open."""
        first, end = site.span
        return self.starts[site.locus] + first, self.starts[site.locus] + end

    def origin(self, position: int) -> int:
        """A panel position's place on the source reference's contigs laid end to end."""
        for contig, (start, end, turned) in zip(self.genome.contigs, self.cuts, strict=True):
            if contig.start <= position < contig.end:
                inside = position - contig.start
                return end - 1 - inside if turned else start + inside
        raise ValueError(f"{position} lies outside the panel")

    def letters(self, bases: Letters) -> Letters:
        """The panel's part of letters along the source reference, each gene on its own strand.

        Raises ValueError where `bases` is not as long as the source reference.
        """
        if len(bases) != len(self.source.sequence):
            raise ValueError(f"{len(bases)} letters for {len(self.source.sequence)} positions")
        parts = (_turned(bases[start:end], turned) for start, end, turned in self.cuts)
        return np.concatenate(list(parts))


def panel(reference: Reference, knowledge: Knowledge) -> Panel | None:
    """The panel cut from `reference`; None where the organism's key genes are not placed on it."""
    genes = sorted(_genes(reference, knowledge), key=lambda locus: locus.locus)
    if not genes:
        return None
    cuts, contigs, starts, at = [], [], {}, 0
    for gene in genes:
        start, end, lead = _cut(reference, gene)
        cuts.append((start, end, gene.strand == "-"))
        contigs.append(Contig(gene.locus, at, at + end - start))
        starts[gene.locus] = at + lead
        at += end - start
    sequence = np.concatenate([_turned(reference.sequence[s:e], t) for s, e, t in cuts])
    genome = Reference(f"{reference.name} key genes", tuple(contigs), sequence)
    return Panel(genome, starts, reference, tuple(cuts))


def _genes(reference: Reference, knowledge: Knowledge) -> Iterator[Locus]:
    wanted = {site.locus for site in knowledge.sites}
    contigs = {contig.name for contig in reference.contigs}
    for locus in knowledge.loci:
        placed = locus.reference == reference.name and locus.contig in contigs
        if placed and locus.locus in wanted:
            yield locus


def _cut(reference: Reference, gene: Locus) -> tuple[int, int, int]:
    """First base and end of what is taken, and how much of it comes before the gene."""
    contig = next(one for one in reference.contigs if one.name == gene.contig)
    first, last = contig.start + gene.start, contig.start + gene.end
    start, end = max(contig.start, first - FLANK), min(contig.end, last + FLANK)
    return start, end, (end - last if gene.strand == "-" else first - start)


def _turned(letters: Letters, turned: bool) -> Letters:
    return _COMPLEMENT[letters[::-1]] if turned else letters

"""Loci of the built-in ancestral genome: where they lie, and the letters that decide resistance.

Coordinates are those of ATCC 19977 (CU458896.1), turned to 0-based half-open; the sequences are
generated (ancestor.py), none is real. Key residues: ntm-db variants.csv; erm(41) deletions of
massiliense: Kim et al. 2010, nucleotides 64-65 and 159-432.
"""

from dataclasses import dataclass

import numpy as np

from abscope.simulate.genomes import Genome, Positions, without


@dataclass(frozen=True, slots=True)
class Locus:
    """A gene on the ancestral genome; `mlst` is the 0-based stretch of the typing fragment."""

    name: str
    start: int
    end: int
    reverse: bool = False
    coding: bool = True
    mlst: tuple[int, int] | None = None

    def columns(self, first: int, last: int) -> Positions:
        """Return the columns of gene positions `first` to `last`, 1-based, in gene order."""
        steps = np.arange(first - 1, last)
        return self.end - 1 - steps if self.reverse else self.start + steps


LOCI = (
    Locus("gyrB", 6_248, 8_276),
    Locus("gyrA", 18_388, 20_908),
    Locus("cya", 487_967, 489_527, reverse=True, mlst=(487_967, 488_507)),
    Locus("purH", 1_073_938, 1_075_519, mlst=(1_074_531, 1_075_028)),
    Locus("rrs", 1_462_397, 1_463_901, coding=False),
    Locus("rrl", 1_464_207, 1_467_319, coding=False),
    Locus("murC", 2_007_074, 2_008_547, mlst=(2_007_668, 2_008_113)),
    Locus("erm(41)", 2_345_954, 2_346_476),
    Locus("argH", 2_398_009, 2_399_431, mlst=(2_398_009, 2_398_519)),
    Locus("gnd", 2_473_090, 2_474_545, reverse=True, mlst=(2_473_090, 2_473_596)),
    Locus("rpoB", 3_915_754, 3_919_270, reverse=True, mlst=(3_916_289, 3_916_792)),
    Locus("pta", 4_294_450, 4_296_532, reverse=True, mlst=(4_295_243, 4_295_763)),
)

KEY_LETTERS = {
    "rrs": {1373: "T", 1375: "A", 1376: "C", 1458: "G"},
    "rrl": {2269: "A", 2270: "A", 2271: "A", 2281: "G", 2293: "A"},
    # GTG start; codon 7 CGA (C19T makes it a stop); codon 10 TGG; the GCGC repeat at 62-65.
    "erm(41)": {1: "GTG", 19: "CGA", 28: "TGG", 61: "CGCGCC"},
    "gyrA": {286: "GAC"},
}
"""Letters fixed by position in the gene, 1-based, on the coding strand."""

MASSILIENSE_ERM41 = ((64, 65), (159, 432))
"""What massiliense has lost of erm(41): 522 nucleotides become 246, still an open frame."""


def locus(name: str) -> Locus:
    """Return the locus of that name."""
    return next(one for one in LOCI if one.name == name)


def with_massiliense_erm41(genome: Genome) -> Genome:
    """Return the genome without the two stretches of erm(41) that massiliense has lost."""
    gene = locus("erm(41)")
    lost = np.concatenate([gene.columns(first, last) for first, last in MASSILIENSE_ERM41])
    return without(genome, lost)

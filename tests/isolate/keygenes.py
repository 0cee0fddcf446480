"""A small genome that carries the organism's key genes, and reads of strains made from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from abscope import organism
from abscope.formats import fastq
from abscope.formats.fastq_writer import write_pair
from abscope.isolate.panel import Panel, panel
from abscope.knowledge.rows import Knowledge
from abscope.records import Block, Contig, Letters, Reference
from abscope.simulate.genomes import Genome, from_reference, without
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads

NAME = "small"
GAP = 1500
# Letters of the repeat in which massiliense lacks two bases, and of the codons the rules look at.
FIXED = {
    "erm(41)": {1: "GTG", 19: "CGA", 28: "TGG", 57: "GGCGGCGCGGATC"},
    "gyrA": {286: "GAC"},
}


def knowledge() -> Knowledge:
    """The built-in organism's rules, with its key genes one after another on a genome of 18 kb."""
    known = organism.read().knowledge()
    wanted = {site.locus for site in known.sites}
    loci, at = [], GAP
    for index, locus in enumerate(one for one in known.loci if one.locus in wanted):
        length = locus.end - locus.start
        strand = "-" if index % 2 else "+"
        loci.append(
            replace(locus, reference=NAME, contig="c1", start=at, end=at + length, strand=strand)
        )
        at += length + GAP
    return replace(known, loci=tuple(loci))


def reference(known: Knowledge, seed: int = 1) -> Reference:
    """Random letters, with the wild type at every key site."""
    rng = np.random.default_rng(seed)
    size = max(locus.end for locus in known.loci) + GAP
    letters = rng.choice(np.frombuffer(b"ACGT", dtype=np.uint8), size)
    for locus in known.loci:
        gene = rng.choice(np.frombuffer(b"ACGT", dtype=np.uint8), locus.end - locus.start)
        for number, word in FIXED.get(locus.locus, {}).items():
            gene[number - 1 : number - 1 + len(word)] = list(word.encode())
        for site in known.sites:
            if site.locus == locus.locus and site.kind == "base":
                gene[site.span[0]] = ord(site.wild)
        letters[locus.start : locus.end] = gene if locus.strand == "+" else turned(gene)
    return Reference(NAME, (Contig("c1", 0, size),), letters)


def reference_of(letters: Letters) -> Reference:
    """Any letters as a genome of one contig."""
    return Reference("made", (Contig("c1", 0, len(letters)),), letters)


def turned(letters: Letters) -> Letters:
    """The other strand."""
    pairs = np.arange(256, dtype=np.uint8)
    pairs[list(b"ACGT")] = list(b"TGCA")
    return pairs[letters[::-1]]


def columns(known: Knowledge, gene: str, first: int, last: int) -> np.ndarray:
    """Genome positions of a gene's bases `first` to `last` (1-based, both included)."""
    locus = next(one for one in known.loci if one.locus == gene)
    steps = np.arange(first - 1, last)
    return locus.end - 1 - steps if locus.strand == "-" else locus.start + steps


def strain(
    ancestor: Reference,
    known: Knowledge,
    letters: dict[tuple[str, int], str] | None = None,
    lost: Sequence[tuple[str, int, int]] = (),
) -> Genome:
    """The reference with letters of genes changed (gene, 1-based number), then stretches lost."""
    changed = ancestor.sequence.copy()
    for (gene, number), letter in (letters or {}).items():
        (at,) = columns(known, gene, number, number)
        locus = next(one for one in known.loci if one.locus == gene)
        letter_there = np.frombuffer(letter.encode(), dtype=np.uint8)
        changed[at] = (turned(letter_there) if locus.strand == "-" else letter_there)[0]
    genome = from_reference(ancestor).with_letters(changed)
    gone = [columns(known, *stretch) for stretch in lost]
    return without(genome, np.sort(np.concatenate(gone))) if gone else genome


TRUNCATED = (("erm(41)", 64, 65), ("erm(41)", 159, 432))


def batches(
    folder: Path, sources: Sequence[tuple[Genome, float]], *, depth: float, seed: int
) -> Iterator[tuple[Block, Block | None]]:
    """Paired reads of a tube, as they come from files."""
    rng = np.random.default_rng(seed)
    tube = [Source(genome, share) for genome, share in sources]
    files = (folder / f"{seed}_1.fastq.gz", folder / f"{seed}_2.fastq.gz")
    write_pair(*files, paired_reads(tube, Sequencing(depth=depth), rng=rng))
    return fastq.batches(*files)


def small_panel(known: Knowledge, ancestor: Reference) -> Panel:
    """The panel of the small genome."""
    found = panel(ancestor, known)
    assert found is not None
    return found

"""The shell recipes of other programs: whether they can run, and what they say."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import polars as pl
import pysam

from abscope.records import LOW, MIXED, NO_COVERAGE, Letters, Reference, Sample
from abscope.tools import samtools
from benchmarks.haplotypes import deleted, substitutions

FOLDER = Path(__file__).parent / "recipes"
NEEDS = {
    "snippy": ("bwa", "samclip", "samtools", "freebayes", "bcftools"),
    "minimap2": ("minimap2", "samtools", "bcftools"),
}
MINCOV, MINQUAL = 10, 100


def missing(recipe: str) -> list[str]:
    """The programs a recipe needs that are not installed."""
    return [program for program in NEEDS[recipe] if shutil.which(program) is None]


def command(recipe: str, sample: Sample, genome: Path, out: Path, threads: int) -> list[str]:
    """The command that runs a recipe."""
    parts = (FOLDER / f"{recipe}.sh", genome, sample.reads1, sample.reads2, out, threads)
    return ["bash", *map(str, parts)]


def snippy_letters(
    sample: Sample, reference: Reference, genome: Path, *, out: Path, threads: int
) -> Letters:
    """Run the snippy-style recipe; haplotypes are taken apart.

    Letters are as in snippy's aligned consensus: depth by reads of mapping quality 60.
    """
    with (out.parent / "recipe.log").open("w") as log:
        subprocess.run(
            command("snippy", sample, genome, out, threads), check=True, stdout=log, stderr=log
        )
    found = _covered(out / "depth.tsv", reference)
    starts = {contig.name: contig.start for contig in reference.contigs}
    _doubtful(found, out / "snps.raw.vcf", starts)
    _sure(found, out / "snps.filt.vcf", starts)
    return found


def _covered(table: Path, reference: Reference) -> Letters:
    depth = samtools.read_table(table, ("contig", "position", "depth"), reference)
    at = samtools.positions(depth, reference)
    reads = np.zeros(len(reference.sequence), dtype=np.int64)
    reads[at] = depth["depth"].fill_null(0).cast(pl.Int64).to_numpy()
    found = reference.sequence.copy()
    found[reads < MINCOV] = LOW
    found[reads == 0] = NO_COVERAGE
    return found


def _doubtful(found: Letters, path: Path, starts: dict[str, int]) -> None:
    """Heterozygous or poor sites are `n`."""
    with pysam.VariantFile(str(path)) as file:
        for record in file:
            genotype = set(record.samples[0]["GT"]) - {None}
            if genotype <= {0} or (len(genotype) == 1 and record.qual >= MINQUAL):
                continue
            start = starts[record.chrom] + record.start
            found[start : start + len(record.ref)] = MIXED


def _sure(found: Letters, path: Path, starts: dict[str, int]) -> None:
    with pysam.VariantFile(str(path)) as file:
        for record in file:
            alt = record.alleles[record.samples[0]["GT"][0]]
            start = starts[record.chrom] + record.start
            for place in deleted(start, record.ref, alt):
                found[place] = NO_COVERAGE
            for place, letter in substitutions(start, record.ref, alt):
                found[place] = ord(letter)

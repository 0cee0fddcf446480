"""The trusted caller: minimap2 and bcftools, the field's standard parts, in this process.

Slower than the fast caller and held against it; `--caller bcftools` chooses it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from abscope.errors import SampleError
from abscope.formats import fasta, fastq
from abscope.isolate.summary import depth_of, read_stats
from abscope.records import Called, Calls, ReadStats, Reference, Sample
from abscope.settings import CallRules
from abscope.tools import contigs, minimap2, pileup, samtools
from abscope.tools.tally import ReadTally, strong


def call_reads(
    sample: Sample, reference: Reference, *, rules: CallRules, threads: int = 1, folder: Path
) -> Called:
    """Map reads with minimap2, count and call with bcftools, and judge every position by `rules`.

    Scratch files live in `folder` while this runs. Raises FormatError where the reads are broken,
    ToolError where minimap2's library is missing or a step fails.
    """
    tally = ReadTally()
    batches = tally.watch(_batches(sample))
    with _scratch(folder, reference) as (scratch, genome):
        bam = scratch / "reads.bam"
        placed = minimap2.write_bam(bam, batches, genome, reference=reference, threads=threads)
        bam = samtools.sorted_unique(bam, scratch, paired=sample.kind == "paired", threads=threads)
        copies = samtools.copies(bam)
        seen = pileup.pile_up(bam, genome, reference=reference, rules=rules, folder=scratch)
    return Called(
        Calls(reference.name, pileup.letters(seen, reference, rules)),
        seen.variants,
        depth_of(seen.covering, mincov=rules.mincov),
        read_stats(
            tally.totals(placed.reads),
            tally.reads,
            copies=copies,
            inserts=placed.templates if sample.kind == "paired" else None,
        ),
    )


def call_assembly(
    sample: Sample, reference: Reference, *, rules: CallRules, threads: int = 1, folder: Path
) -> Called:
    """Align an assembly's contigs with minimap2 and read its letters from the alignments.

    `threads` is accepted for symmetry; one assembly takes a second. Raises FormatError where the
    FASTA is broken, ToolError where minimap2's library is missing.
    """
    del threads
    if sample.assembly is None:
        raise SampleError(f"{sample.name}: no assembly is named", hint="fill the assembly column")
    pieces = [letters for _, letters in fasta.read(sample.assembly)]
    with _scratch(folder, reference) as (_, genome):
        placed = list(contigs.place(pieces, genome, reference=reference, mapqual=rules.mapqual))
    reading = contigs.read(placed, reference)
    whole = np.concatenate(pieces)
    stats = ReadStats(
        reads=len(pieces),
        bases=len(whole),
        mean_length=len(whole) / len(pieces),
        gc=strong(np.bincount(whole, minlength=256)) / len(whole),
        mapped=contigs.placed_fraction(placed, len(whole)),
    )
    return Called(
        Calls(reference.name, reading.letters),
        reading.variants,
        depth_of(reading.covering, mincov=1),
        stats,
    )


def _batches(sample: Sample) -> Iterator[minimap2.Batch]:
    if sample.reads1 is None:
        raise SampleError(f"{sample.name}: no reads are named", hint="fill the reads columns")
    if sample.reads2 is None:
        return fastq.single(sample.reads1)
    return fastq.pairs(sample.reads1, sample.reads2)


@contextmanager
def _scratch(folder: Path, reference: Reference) -> Iterator[tuple[Path, Path]]:
    """Make a folder that goes away, and the reference as FASTA inside it."""
    with TemporaryDirectory(prefix="bcftools-", dir=folder) as name:
        genome = Path(name) / "reference.fa"
        fasta.write(
            genome, ((c.name, reference.sequence[c.start : c.end]) for c in reference.contigs)
        )
        yield Path(name), genome

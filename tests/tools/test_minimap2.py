"""Reads in a BAM file, as minimap2 places them."""

import numpy as np
import pysam
import pytest

pytest.importorskip("mappy", reason="the trusted caller needs the extra abscope[bcftools]")

from abscope.errors import ToolError
from abscope.formats import fasta, fastq
from abscope.tools import minimap2, samtools


@pytest.fixture(scope="module")
def mapped(world, tmp_path_factory):
    """The records after mates were told of each other, in reading order, and minimap2's count."""
    folder = tmp_path_factory.mktemp("bam")
    genome = folder / "toy.fa"
    contigs = world.reference.contigs
    fasta.write(genome, ((c.name, world.reference.sequence[c.start : c.end]) for c in contigs))
    reads = fastq.pairs(world.sample.reads1, world.sample.reads2)
    placed = minimap2.write_bam(folder / "a.bam", reads, genome, reference=world.reference)
    samtools.samtools("fixmate", "-m", folder / "a.bam", folder / "b.bam")
    with pysam.AlignmentFile(str(folder / "b.bam")) as bam:
        return list(bam), placed


def test_every_read_is_there_once_with_the_letters_and_qualities_it_came_with(world, mapped):
    records, _ = mapped
    for number, path in ((1, world.sample.reads1), (2, world.sample.reads2)):
        mine = [r for r in records if (r.is_read1 if number == 1 else r.is_read2)]
        with pysam.FastxFile(str(path)) as reads:
            expected = [(read.name, read.sequence, read.quality) for read in reads]
        assert [
            (r.query_name, r.get_forward_sequence(), _phred(r.get_forward_qualities()))
            for r in mine
        ] == expected


def _phred(qualities):
    return "".join(chr(quality + 33) for quality in qualities)


def test_a_placed_reads_letters_match_the_reference_under_it(world, mapped):
    starts = {contig.name: contig.start for contig in world.reference.contigs}
    same = total = 0
    for record in (r for r in mapped[0] if not r.is_unmapped):
        letters = np.frombuffer(record.query_sequence.encode(), dtype=np.uint8)
        pairs = np.array(record.get_aligned_pairs(matches_only=True))
        there = world.reference.sequence[starts[record.reference_name] + pairs[:, 1]]
        same += int((letters[pairs[:, 0]] == there).sum())
        total += len(pairs)
    assert same / total > 0.98


def test_mates_face_each_other_and_agree_on_their_template(mapped):
    records, placed = mapped
    proper = [r for r in records if r.is_proper_pair]
    assert len(proper) > 0.98 * len(records)
    for first, second in zip(proper[::2], proper[1::2], strict=True):
        assert first.query_name == second.query_name
        assert (first.is_read1, second.is_read2) == (True, True)
        assert first.is_reverse != second.is_reverse
        assert first.template_length == -second.template_length != 0
        assert (first.next_reference_start, second.next_reference_start) == (
            second.reference_start,
            first.reference_start,
        )
    sizes = [r.template_length for r in proper if r.template_length > 0]
    assert np.repeat(np.arange(len(placed.templates)), placed.templates).tolist() == sorted(sizes)
    assert placed.reads == sum(not r.is_unmapped for r in records)


def test_reads_that_fit_nowhere_stay_as_unmapped_records(world, tmp_path):
    reads = tmp_path / "odd.fastq"
    reads.write_text("@odd/1 extra\n" + "AC" * 40 + "\n+\n" + "I" * 80 + "\n")
    genome = tmp_path / "toy.fa"
    fasta.write(genome, [("chromosome", world.reference.sequence)])
    placed = minimap2.write_bam(
        tmp_path / "a.bam", fastq.single(reads), genome, reference=world.reference
    )
    with pysam.AlignmentFile(str(tmp_path / "a.bam"), check_sq=False) as bam:
        (record,) = list(bam)
    assert (record.query_name, record.is_unmapped, record.is_paired) == ("odd", True, False)
    assert (placed.reads, placed.templates.sum()) == (0, 0)


def test_reads_far_from_the_reference_keep_a_mapping_quality_that_counts(make_world, tmp_path):
    far = make_world(tmp_path, 7, divergence=0.03, depth=10)
    genome = tmp_path / "toy.fa"
    contigs = far.reference.contigs
    fasta.write(genome, ((c.name, far.reference.sequence[c.start : c.end]) for c in contigs))
    reads = fastq.pairs(far.sample.reads1, far.sample.reads2)
    minimap2.write_bam(tmp_path / "a.bam", reads, genome, reference=far.reference)
    with pysam.AlignmentFile(str(tmp_path / "a.bam")) as bam:
        sure = np.array([r.mapping_quality >= minimap2.read_quality(60) for r in bam])
    repeated = 2 * 1500 / len(far.reference.sequence)
    assert sure.mean() > 0.98 - repeated


def test_a_reference_that_is_not_there_is_an_explained_error(tmp_path):
    with pytest.raises(ToolError, match=r"cannot index none\.fa"):
        minimap2.index(tmp_path / "none.fa", "sr")

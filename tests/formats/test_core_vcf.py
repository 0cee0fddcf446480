"""VCFs of other pipelines say what each isolate has at the sites they list, and nothing more."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError, UsageError
from abscope.formats import called_genomes, core_vcf

HEAD = """\
##fileformat=VCFv4.2
##contig=<ID=chr,length=100>
##contig=<ID=plasmid,length=50>
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
"""
COLUMNS = "#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT"


def vcf(path: Path, *rows: str, names: str = "a b c", head: str = HEAD) -> Path:
    lines = [f"{COLUMNS} {names}", *rows]
    text = head + "".join("\t".join(line.split()) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def letters(found: core_vcf.CoreVcf) -> dict[str, str]:
    return {name: one.bases.tobytes().decode() for name, one in found.calls.items()}


@pytest.mark.parametrize("name", ["core.vcf", "core.vcf.gz"])
def test_genotypes_become_bases_at_the_sites_listed(tmp_path: Path, name: str) -> None:
    found = core_vcf.read(
        vcf(
            tmp_path / name,
            "plasmid 3 . G A . PASS . GT 1 0 .",
            "chr 10 . C T,G . . . GT 2 1 0",
            "chr 12 . a c . PASS . GT:DP 1/1:9 0/1:9 0|0:9",
        )
    )
    assert letters(found) == {"a": "GCA", "b": "TnG", "c": "CAN"}
    assert found.sites.tolist() == [9, 11, 102]
    assert found.passed_over == {}


def test_what_is_no_single_base_is_not_called_or_passed_over_and_counted(tmp_path: Path) -> None:
    path = vcf(
        tmp_path / "core.vcf",
        "chr 10 . C T,*,N . PASS . GT 1 2 3",
        "chr 20 . C CT . PASS . GT 1 0 0",
        "chr 30 . C T . weak . GT 1 0 0",
        "chr 40 . C <DEL> . PASS . GT 1 0 0",
        "chr 50 . AC GT,A . PASS . GT 1 0 2",
        "chr 60 . A C . PASS . GT:FT 1:PASS 1:low 0:.",
    )
    found = core_vcf.read(path)
    assert letters(found) == {"a": "TGTC", "b": "NACN", "c": "NNNA"}
    assert found.sites.tolist() == [9, 49, 50, 59]
    assert found.passed_over == {"insertion, deletion or symbol": 2, "failed a filter": 1}


def test_a_site_on_two_lines_gives_each_isolate_its_changed_base(tmp_path: Path) -> None:
    path = vcf(
        tmp_path / "core.vcf",
        "chr 10 . C T . PASS . GT 1 0 .",
        "chr 10 . C G . PASS . GT 0 1 0",
        "chr 11 . C T . PASS . GT 1 0 0",
        "chr 11 . C G . PASS . GT 1 0 0",
    )
    assert letters(core_vcf.read(path)) == {"a": "Tn", "b": "GC", "c": "CC"}


def test_a_header_without_lengths_keeps_contigs_apart_and_takes_no_mask(tmp_path: Path) -> None:
    rows = ["one 5 . A C . PASS . GT 1 0 0", "two 5 . A C . PASS . GT 0 1 0"]
    path = vcf(tmp_path / "core.vcf", *rows, head="##fileformat=VCFv4.2\n##contig=<ID=one>\n")
    found = called_genomes.read([path])
    assert found.planes.length == 2
    assert found.contigs == ()
    (tmp_path / "mask.bed").write_text("one\t0\t10\n")
    with pytest.raises(UsageError, match="lengths of its contigs"):
        called_genomes.without(found, tmp_path / "mask.bed")


def test_a_mask_takes_the_sites_it_covers_out(tmp_path: Path) -> None:
    rows = [f"{contig} 5 . A C . PASS . GT 1 0 0" for contig in ("chr", "plasmid")]
    found = called_genomes.read([vcf(tmp_path / "core.vcf", *rows)])
    (tmp_path / "mask.bed").write_text("plasmid\t4\t5\twhy\nelsewhere\t0\t9\n")
    masked = called_genomes.without(found, tmp_path / "mask.bed")
    assert masked.mask.hidden().tolist() == [False, True]
    assert np.bitwise_count(masked.planes.words[:3, 2]).sum(axis=1).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("rows", "names", "says"),
    [
        (["chr 1 . A C . PASS . GT 1"], "a", "1 isolates in the file"),
        (["chr 1 . A C . PASS . GT 1 1"], "a a", "1 names"),
        (["chr 1 . A C . PASS . GT 1"], "a b", "line 6.*1 genotypes of 2"),
        (["chr 1 . A C . PASS . GT 1 5"], "a b", "line 6: not a VCF record"),
        (["other 1 . A C . PASS . GT 1 0"], "a b", "line 6: .*no contig other, but chr, plasmid"),
        (["chr 101 . A C . PASS . GT 1 0"], "a b", "line 6: .*position 101 of chr, which has 100"),
        (["chr 1 . A C . PASS . DP 1 0"], "a b", "line 6: .*no genotypes, GT"),
        (["chr 1 . A C"], "a b", "line 6: .*5 columns"),
        ([], "a b", "not one site"),
    ],
    ids=[
        "alone",
        "twice",
        "short",
        "no such allele",
        "no such contig",
        "beyond",
        "no genotype",
        "cut",
        "empty",
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, rows: list[str], names: str, says: str
) -> None:
    with pytest.raises(FormatError, match=rf"(?s)core\.vcf.*{says}"):
        core_vcf.read(vcf(tmp_path / "core.vcf", *rows, names=names))


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = vcf(tmp_path / "core.vcf", "chr 10 . C T . PASS . GT 1 0 .", "", "")
    assert letters(core_vcf.read(path)) == {"a": "T", "b": "C", "c": "N"}


def test_another_file_is_not_taken_for_a_vcf(tmp_path: Path) -> None:
    (tmp_path / "core.vcf").write_text(">a\nACGT\n")
    with pytest.raises(FormatError, match="line 1"):
        core_vcf.read(tmp_path / "core.vcf")


def test_files_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2 files"):
        called_genomes.read([tmp_path / "a.fa", tmp_path / "b.fa"])

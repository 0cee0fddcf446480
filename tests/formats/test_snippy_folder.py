"""Folders of snippy give each isolate's letters, whichever snippy wrote them."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError
from abscope.formats import called_genomes, fasta, snippy_folder

HEAD = """\
##fileformat=VCFv4.2
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tname
"""


def snippy(folder: Path, sequence: str, *rows: str) -> Path:
    folder.mkdir()
    lines = ("\t".join(row.split()) + "\n" for row in rows)
    (folder / "snps.vcf").write_text(HEAD + "".join(lines))
    halves = [np.frombuffer(part.encode(), np.uint8) for part in (sequence[:4], sequence[4:])]
    fasta.write(folder / "snps.aligned.fa", list(zip(("chr", "plasmid"), halves, strict=True)))
    return folder


def test_snippys_folders_give_the_letters_of_the_aligned_genomes(tmp_path: Path) -> None:
    folders = [snippy(tmp_path / "one", "ACGTAC"), snippy(tmp_path / "two", "AC-NnT")]
    for paths in (folders, [folder / "snps.vcf" for folder in folders]):
        found = called_genomes.read(paths).planes
        assert (found.ids, found.length) == (("one", "two"), 6)
        assert np.bitwise_count(found.words[:, 2]).sum(axis=1).tolist() == [6, 3]


def test_a_vcf_of_one_isolate_without_its_letters_is_refused(tmp_path: Path) -> None:
    folders = [snippy(tmp_path / "one", "ACGTAC"), snippy(tmp_path / "two", "ACGTAC")]
    (folders[1] / "snps.aligned.fa").unlink()
    with pytest.raises(FormatError, match="where an isolate was read"):
        called_genomes.read(folders)


def test_isolates_of_different_references_are_refused_by_name(tmp_path: Path) -> None:
    folders = [snippy(tmp_path / "one", "ACGTAC"), snippy(tmp_path / "two", "ACGTACGT")]
    with pytest.raises(FormatError, match=r"two: chr\+plasmid, 8 bases"):
        called_genomes.read(folders)


CHANGES = (
    "chr 2 . C T 200 . TYPE=snp;DP=30 GT:DP 1/1:30",
    "chr 3 . GT CA 200 PASS TYPE=mnp GT 1/1",
    "plasmid 1 . A G 200 . TYPE=snp GT 1/1",
    "plasmid 2 . CC GG 200 . TYPE=complex GT 1/1",
    "plasmid 4 . T TA 200 . TYPE=ins GT 1/1",
)


@pytest.mark.parametrize(
    "aligned", ["ACGTACCT", "ATCAGCCT"], ids=["snippy 3: without", "snippy 4: with"]
)
def test_letters_bear_the_substitutions_whether_snippy_had_put_them_in_or_not(
    tmp_path: Path, aligned: str
) -> None:
    found = snippy_folder.read([snippy(tmp_path / "one", aligned, *CHANGES)])
    assert found["one"].bases.tobytes() == b"ATCAGCCT"


def test_a_change_where_nothing_was_read_stays_unread_and_two_bases_are_none(
    tmp_path: Path,
) -> None:
    rows = ("chr 2 . C T 200 . TYPE=snp GT 1/1", "chr 4 . T G 200 . TYPE=snp GT 0/1")
    found = snippy_folder.read([snippy(tmp_path / "one", "A-GTAC", *rows)])
    assert found["one"].bases.tobytes() == b"ANGNAC"


def test_gzipped_files_of_a_folder_are_read(tmp_path: Path) -> None:
    folder = snippy(tmp_path / "one", "ACGTAC", CHANGES[0])
    for name in ("snps.vcf", "snps.aligned.fa"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    assert snippy_folder.read([folder])["one"].bases.tobytes() == b"ATGTAC"


def test_changes_of_another_reference_are_refused_with_file_and_line(tmp_path: Path) -> None:
    folder = snippy(tmp_path / "one", "ACGTAC", "elsewhere 2 . C T 200 . TYPE=snp GT 1/1")
    with pytest.raises(FormatError, match=r"snps\.vcf: line 3: .*no contig elsewhere"):
        snippy_folder.read([folder])
    far = snippy(tmp_path / "two", "ACGTAC", "chr 5 . A T 200 . TYPE=snp GT 1/1")
    with pytest.raises(FormatError, match="position 5 of chr, which has 4"):
        snippy_folder.read([far])


def test_a_mask_names_the_contig_it_means_where_there_are_several(tmp_path: Path) -> None:
    folders = [snippy(tmp_path / name, "ACGTACGT") for name in ("one", "two")]
    (tmp_path / "mask.bed").write_text("plasmid\t0\t3\nelsewhere\t0\t9\n")
    found = called_genomes.masked(called_genomes.letters(folders), tmp_path / "mask.bed")
    assert np.flatnonzero(found.mask.hidden()).tolist() == [4, 5, 6]

"""VCF out and in."""

from pathlib import Path

import numpy as np
import polars as pl
import pysam
import pysam.bcftools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import FormatError
from abscope.formats import vcf
from abscope.records import Contig, Reference
from abscope.tables import VARIANTS

REFERENCE = Reference(
    "toy",
    (Contig("chromosome", 0, 12), Contig("plasmid", 12, 20)),
    np.frombuffer(b"ACGTACGTACGTGGCCTTAA", dtype=np.uint8),
)
ROWS = [
    (1, "C", "T", "snp", 225.417, 40, 21, 19, "PASS"),
    (3, "TA", "T", "deletion", 99.5, 12, 6, 5, "low_quality"),
    (6, "G", "GAC", "insertion", None, None, None, None, "PASS"),
    (12, "G", "A", "snp", 30.0, 4, 2, 2, "low_depth"),
    (14, "CC", "AT", "mnp", 150.0, 20, 10, 10, None),
]
TABLE = VARIANTS.frame(ROWS)


def written(folder: Path, table: pl.DataFrame, name: str = "a.vcf") -> Path:
    text = vcf.encode(table, sample="isolate 1", reference=REFERENCE)
    path = folder / name
    with pysam.BGZFile(str(path), "wb") if path.suffix == ".gz" else path.open("wb") as file:
        file.write(text)
    return path


@pytest.mark.parametrize("name", ["a.vcf", "a.vcf.gz"])
def test_what_was_written_is_read_back(tmp_path, name):
    assert vcf.read(written(tmp_path, TABLE, name)).equals(TABLE)


def test_positions_count_from_one_within_each_contig(tmp_path):
    with pysam.VariantFile(str(written(tmp_path, TABLE))) as file:
        assert [(r.chrom, r.pos) for r in file] == [
            ("chromosome", 2),
            ("chromosome", 4),
            ("chromosome", 7),
            ("plasmid", 1),
            ("plasmid", 3),
        ]


def test_bcftools_reads_it_without_complaint_and_finds_the_reference_as_stated(tmp_path):
    genome = tmp_path / "toy.fa"
    genome.write_text(">chromosome\nACGTACGTACGT\n>plasmid\nGGCCTTAA\n")
    path = written(tmp_path, TABLE, "a.vcf.gz")
    # `-c e` stops at the first row whose REF is not what the reference holds.
    text = pysam.bcftools.norm("-c", "e", "-f", str(genome), str(path))
    assert sum(line[0] != "#" for line in text.splitlines()) == len(TABLE)
    assert text.partition("\nchromosome")[0].endswith("FORMAT\tisolate 1")
    assert "warn" not in pysam.bcftools.norm.get_messages().lower()


def test_the_header_is_version_4_3_and_declares_every_filter_and_field(tmp_path):
    odd = TABLE.with_columns(filter=pl.lit("low_quality;smudged"))
    path = written(tmp_path, odd)
    assert path.read_text().startswith("##fileformat=VCFv4.3\n")
    with pysam.VariantFile(str(path)) as file:
        assert {"PASS", "low_quality", "low_depth", "smudged"} <= set(file.header.filters)
        assert set(file.header.info) == {"TYPE", "DP", "SAF", "SAR"}


@pytest.mark.parametrize("name", ["a.vcf", "a.vcf.gz"])
def test_the_same_rows_in_any_order_give_the_same_bytes(tmp_path, name):
    first = written(tmp_path, TABLE, name).read_bytes()
    assert written(tmp_path, TABLE.reverse(), f"b{name}").read_bytes() == first


def test_a_bare_insertion_or_deletion_gets_the_base_before_it(tmp_path):
    bare = VARIANTS.frame([(4, "", "TT", "insertion", *[None] * 4, "PASS"),
                           (8, "AC", "", "deletion", *[None] * 4, "PASS")])  # fmt: skip
    back = vcf.read(written(tmp_path, bare))
    assert back.select("position", "ref", "alt", "kind").rows() == [
        (3, "T", "TTT", "insertion"),
        (7, "TAC", "T", "deletion"),
    ]


def test_a_bare_deletion_at_a_contigs_start_gets_the_base_after_it(tmp_path):
    bare = VARIANTS.frame([(12, "GG", "", "deletion", *[None] * 4, "PASS")])
    back = vcf.read(written(tmp_path, bare))
    assert back.select("position", "ref", "alt", "kind").rows() == [(12, "GGC", "C", "deletion")]


def test_a_row_that_does_not_fit_the_reference_is_refused_with_its_place(tmp_path):
    wrong = VARIANTS.frame([(13, "T", "A", "snp", *[None] * 4, "PASS")])
    with pytest.raises(FormatError, match=r"plasmid position 2: .* replaces 'T', toy has 'G'"):
        written(tmp_path, wrong)


def test_a_change_may_not_run_from_one_contig_into_the_next(tmp_path):
    wrong = VARIANTS.frame([(11, "TG", "T", "deletion", *[None] * 4, "PASS")])
    with pytest.raises(FormatError, match="chromosome position 12"):
        written(tmp_path, wrong)


def test_an_isolate_without_changes_is_a_header_alone(tmp_path):
    assert vcf.read(written(tmp_path, VARIANTS.frame())).equals(VARIANTS.frame())


def test_a_name_that_would_break_the_columns_is_refused():
    with pytest.raises(FormatError, match="cannot be a sample's name"):
        vcf.encode(TABLE, sample="a\tb", reference=REFERENCE)


@pytest.mark.parametrize("content", [b"", b">not\nACGT\n", b"##fileformat=VCFv4.3\n"])
def test_what_is_not_vcf_is_refused_by_name_and_nothing_is_printed(tmp_path, content, capfd):
    (tmp_path / "x.vcf").write_bytes(content)
    with pytest.raises(FormatError, match=r"x\.vcf"):
        vcf.read(tmp_path / "x.vcf")
    assert capfd.readouterr() == ("", "")


def test_a_file_cut_short_is_refused(tmp_path):
    rows = [
        (p % 12, REFERENCE.sequence[p % 12 : p % 12 + 1].tobytes().decode(), "N")
        for p in range(9000)
    ]
    many = VARIANTS.frame([(*row, "snp", float(n), n, n, 0, "PASS") for n, row in enumerate(rows)])
    path = written(tmp_path, many, "a.vcf.gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FormatError, match="not readable as VCF"):
        vcf.read(path)


def test_a_foreign_file_without_contig_lengths_is_refused(tmp_path):
    path = tmp_path / "x.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=c>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    )
    with pytest.raises(FormatError, match="how long contig c is"):
        vcf.read(path)


def test_several_alternative_alleles_become_rows_of_their_own(tmp_path):
    path = tmp_path / "x.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=c,length=9>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nc\t3\t.\tA\tC,AT\t50\t.\t.\n"
    )
    assert vcf.read(path).select("position", "alt", "kind", "filter").rows() == [
        (2, "C", "snp", None),
        (2, "AT", "insertion", None),
    ]


@given(st.data())
def test_any_table_of_snps_survives_the_journey(tmp_path_factory, data):
    places = data.draw(st.lists(st.integers(0, 19), unique=True).map(sorted))
    counts = st.none() | st.integers(0, 10**6)
    quality = st.none() | st.integers(0, 30_000).map(lambda q: q / 8)
    rows = [
        (
            place,
            chr(REFERENCE.sequence[place]),
            data.draw(st.sampled_from("ACGT".replace(chr(REFERENCE.sequence[place]), ""))),
            "snp",
            data.draw(quality),
            *(data.draw(counts) for _ in range(3)),
            data.draw(st.sampled_from(["PASS", "low_quality", "low_depth;mixed", None])),
        )
        for place in places
    ]
    table = VARIANTS.frame(rows)
    assert vcf.read(written(tmp_path_factory.mktemp("vcf"), table)).equals(table)


def test_an_info_with_fewer_values_than_alleles_is_not_known_for_the_others(tmp_path):
    written(tmp_path, TABLE)
    text = (tmp_path / "a.vcf").read_text().replace("\tC\tT\t", "\tC\tT,A\t")
    (tmp_path / "a.vcf").write_text(text)
    found = vcf.read(tmp_path / "a.vcf").filter(pl.col("position") == 1)
    assert found["alt_forward"].to_list() == [21, None]

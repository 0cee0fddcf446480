"""abscope distances on files of other pipelines; equal to snp-dists' letter-by-letter count on real ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from abscope.formats import called_genomes, distance_table, fasta
from abscope.population import bitplanes
from worlds import abscope

ALIGNMENT = ">one\nACGTACGTAC\n>two\nACGAACGNNN\n>three\nACGTACGTAT\n>four\nNNNNNNNNAC\n"


@pytest.fixture
def alignment(tmp_path: Path) -> Path:
    path = tmp_path / "core.full.aln"
    path.write_text(ALIGNMENT)
    return path


def test_distances_are_printed_as_snp_dists_does(alignment: Path) -> None:
    done = abscope("distances", str(alignment))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "abscope\tone\ttwo\tthree\tfour",
        "one\t0\t1\t1\tNA",
        "two\t1\t0\t1\tNA",
        "three\t1\t1\t0\tNA",
        "four\tNA\tNA\tNA\t0",
    ]
    free = abscope("distances", str(alignment), "--min-comparable", "0.1").stdout.splitlines()
    assert free[1].split("\t")[1:] == ["0", "1", "1", "0"]
    assert free[2].split("\t")[4] == "NA"


def test_each_pair_is_a_line_with_the_sites_it_was_counted_at(alignment: Path) -> None:
    lines = abscope("distances", str(alignment), "--long").stdout.splitlines()
    assert lines[:4] == [
        "isolate_1\tisolate_2\tsnps\tcomparable", "one\ttwo\t1\t7", "one\tthree\t1\t10",
        "one\tfour\tNA\t2",
    ]  # fmt: skip
    assert len(lines) == 1 + 6
    pairs = json.loads(abscope("distances", str(alignment), "--json").stdout)
    assert pairs[2] == {"isolate_1": "one", "isolate_2": "four", "snps": None, "comparable": 2}
    assert len(pairs) == 6


@pytest.mark.parametrize("shape", [(), ("--long",), ("--json",)])
def test_a_device_prints_the_same_distances(alignment: Path, shape: tuple[str, ...]) -> None:
    pytest.importorskip("torch", reason="A DEVICE WAS NOT TESTED: PyTorch is not installed")
    usual = abscope("distances", alignment, *shape)
    assert abscope("distances", alignment, *shape, "--device", "cpu").stdout == usual.stdout


def test_masked_stretches_do_not_count(alignment: Path) -> None:
    mask = alignment.with_name("mask.bed")
    mask.write_text("chromosome\t9\t10\trepeat\n")
    done = abscope("distances", str(alignment), "--mask", str(mask), "--long")
    assert "1 of 10 sites masked" in done.stderr
    assert "one\tthree\t0\t9" in done.stdout


def test_a_file_that_is_no_alignment_is_explained(alignment: Path) -> None:
    alignment.write_text(">one\nACGT\n>two\nACG\n")
    done = abscope("distances", str(alignment))
    assert (done.returncode, done.stdout) == (1, "")
    assert "two: 3 columns" in done.stderr
    assert "hint:" in done.stderr


def letter_by_letter(letters: list[np.ndarray]) -> np.ndarray:
    """What snp-dists counts: letters that differ, both of them A, C, G or T."""
    rows = np.array(letters)
    called = np.isin(rows, list(b"ACGT"))
    return np.array([((rows != row) & called & np.isin(row, list(b"ACGT"))).sum(1) for row in rows])


REAL = (
    "mabs_population/zhu2026/Mab_DCC4.filtered_polymorphic_sites.fasta.gz",
    "mabs_population/ruis2021/abscessus_14.fasta.gz",
    "mabs_population/ruis2021/massiliense_DCC3.fasta.gz",
    "benchmark_gubbins_ST239/ST239.filtered_polymorphic_sites.fasta",
)


@pytest.mark.parametrize("name", REAL)
def test_distances_of_real_alignments_are_those_of_comparing_letter_by_letter(
    shared_data: Path, name: str
) -> None:
    path = shared_data / name
    planes = called_genomes.read([path]).planes
    snps, _ = bitplanes.count(planes.words, isolates=len(planes.ids), threads=2)
    entries = fasta.read(path)[:60]
    assert planes.ids[:60] == tuple(name for name, _ in entries)
    expected = letter_by_letter([letters for _, letters in entries])
    assert (snps[:60, :60] == expected).all()


@pytest.mark.parametrize("which", ["", "_preserved"])
def test_the_published_matrices_of_the_lambda_samples_are_counted_from_their_alignments(
    shared_data: Path, which: str
) -> None:
    folder = shared_data / "benchmark_lambda" / "expected"
    planes = called_genomes.read([folder / f"snpma{which}.fasta"]).planes
    snps, _ = bitplanes.count(planes.words, isolates=4)
    published = distance_table.read(folder / f"snp_distance_matrix{which}.tsv")
    for (one, other), distance in published.items():
        assert snps[planes.ids.index(one), planes.ids.index(other)] == distance


def test_a_vcf_of_an_outbreak_gives_small_distances_within_its_published_groups(
    shared_data: Path,
) -> None:
    folder = shared_data / "benchmark_tb_nunavik"
    planes = called_genomes.read([folder / "lee_2015.vcf.gz"]).planes
    snps, comparable = bitplanes.count(planes.words, isolates=150, threads=2)
    lines = [line.split("\t") for line in (folder / "meta.tsv").read_text().splitlines()]
    group = dict(zip(*(column(lines, name) for name in ("strain", "cluster")), strict=True))
    groups = np.array([group.get(name, "") for name in planes.ids])
    same = (groups[:, None] == groups) & (groups != "") & ~np.eye(150, dtype=bool)
    other = (groups[:, None] != groups) & (groups[:, None] != "") & (groups != "")
    assert (comparable > 1600).all()
    assert np.median(snps[same]) < 10 < np.median(snps[other])


def column(lines: list[list[str]], name: str) -> list[str]:
    place = lines[0].index(name)
    return [line[place] if place < len(line) else "" for line in lines[1:]]

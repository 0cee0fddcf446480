"""The installation check of the CFSAN SNP pipeline: four phage lambda samples with a published result.

Its caller takes a base of any quality, three reads, and a majority (VarScan, --min-var-freq 0.9 for
variants, 0.6 for the consensus), so abscope is run as freely here.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta
from worlds import abscope

ORGANISM = """
schema = 1
name = "Escherichia phage lambda"
[species]
min_ani = 0.8
genome_length = [40_000, 60_000]
[clusters]
levels = [10]
source = "made up for this check"
[[references]]
name = "lambda"
file = "references/lambda.fa"
"""
NAMES = ("sample1", "sample2", "sample3", "sample4")
# 0-based. All reads of sample 1 show A at the first, 23 bases from the end of the genome, where VarScan
# reports nothing; and all show GG for AA just before a base inserted at 39,494, where the base alignment
# quality of samtools keeps VarScan from counting. Every read of sample 3 breaks off at 23,374: something
# long is inserted there, and abscope leaves the bases beside it open, among them a SNP of sample 1. All
# reads of sample 4 show CCCGAAGGGG for CCGGGGG: abscope reads an inserted CGA and G to A, VarScan no SNP.
AT_THE_END, BEFORE_AN_INSERTION, BESIDE_A_LONG_ONE = 48_479, slice(39_491, 39_493), 23_361
AFTER_AN_INSERTION = 14_420


@pytest.fixture(scope="module")
def lambda_run(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = shared_data / "benchmark_lambda" / "inputs"
    folder = tmp_path_factory.mktemp("lambda")
    (folder / "organism" / "references").mkdir(parents=True)
    (folder / "organism" / "organism.toml").write_text(ORGANISM)
    (folder / "organism" / "references" / "lambda.fa").symlink_to(source / "lambda_virus.fasta")
    rows = [f"{n}\t{source / f'{n}_1.fastq.gz'}\t{source / f'{n}_2.fastq.gz'}" for n in NAMES]
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    done = abscope(
        "run", str(folder / "samples.tsv"), "--outdir", str(folder / "out"),
        "--organism", str(folder / "organism"), "--no-tree",
        "--mincov", "5", "--minfrac", "0.75", "--basequal", "0", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["isolates"] == list(NAMES)
    return folder / "out"


def matrix(path: Path) -> np.ndarray:
    rows = [line.split("\t")[1:] for line in path.read_text().splitlines()[1:]]
    return np.array(rows, dtype=int)


def letters(out: Path, sample: str) -> np.ndarray:
    lines = fasta.decompressed(out / "isolates" / f"{sample}.aligned.fa.gz").splitlines()[1:]
    return np.frombuffer(b"".join(lines), dtype=np.uint8)


def test_the_published_matrix_is_reproduced_but_for_five_sites_that_are_explained(
    lambda_run: Path, shared_data: Path
) -> None:
    published = matrix(shared_data / "benchmark_lambda" / "expected" / "snp_distance_matrix.tsv")
    found = matrix(lambda_run / "distances.lambda.tsv")
    last = [chr(letters(lambda_run, name)[AT_THE_END]) for name in NAMES]
    before = [bytes(letters(lambda_run, name)[BEFORE_AN_INSERTION]) for name in NAMES]
    beside = [chr(letters(lambda_run, name)[BESIDE_A_LONG_ONE]) for name in NAMES]
    after = [chr(letters(lambda_run, name)[AFTER_AN_INSERTION]) for name in NAMES]
    assert last == ["A", "T", "T", "T"]
    assert after == ["G", "G", "G", "A"]
    assert before == [b"GG", b"AA", b"AA", b"AA"]
    assert beside[0] != beside[1] == beside[3]
    assert beside[2] == "N"
    ours_alone, theirs_alone = np.zeros((4, 4), dtype=int), np.zeros((4, 4), dtype=int)
    ours_alone[0, 1:] = ours_alone[1:, 0] = 3
    ours_alone[3, :3] += 1
    ours_alone[:3, 3] += 1
    theirs_alone[0, 2] = theirs_alone[2, 0] = 1
    np.testing.assert_array_equal(found - ours_alone + theirs_alone, published)


def test_every_published_site_is_called_as_published(lambda_run: Path, shared_data: Path) -> None:
    expected = shared_data / "benchmark_lambda" / "expected"
    listed = (expected / "snplist.txt").read_text().splitlines()
    sites = [int(line.split("\t")[1]) - 1 for line in listed]
    for name, published in fasta.read(expected / "snpma.fasta"):
        ours = letters(lambda_run, name)[sites]
        both = np.isin(ours, list(b"ACGT")) & np.isin(published, list(b"ACGT"))
        np.testing.assert_array_equal(ours[both], published[both])
        assert both.mean() > 0.95

"""Pairs are read from what a file holds, whatever it is called."""

from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError
from abscope.formats.pair_snps import read_pair_snps

CONTENTS = {
    "alignment": ">a\nACGTACGTAC\n>b\nACGTACGTAA\n>c\nACGTACGGTT\n",
    "VCF": (
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\tc\n"
        + "".join(
            f"chr\t{k}\t.\tA\tC,G\t.\t.\t.\tGT\t{genotypes}\n"
            for k, genotypes in enumerate(("0\t1\t2", "0\t0\t1", "1\t1\t0"), 1)
        )
    ),
    "tree": "((a:0.5,b:0.5):0.5,c:2);\n",
    "nexus": "#NEXUS\nbegin trees;\n tree x = [&R] ((a:0.5,b:0.5):0.5,c:2);\nend;\n",
    "rooted tree": "[&R] ((a:0.5,b:0.5):0.5,c:2);\n",
    "square": "snp-dists 0.8\ta\tb\tc\na\t0\t1\t3\nb\t1\t0\t3\nc\t3\t3\t0\n",
    "comma square": ",a,b,c\na,0,1,3\nb,1,0,3\nc,3,3,0\n",
    "molten": "a\tb\t1\na\tc\t3\nb\tc\t3\n",
    "pairs": "isolate_1\tisolate_2\treference\tsnps\na\tb\tX\t1\na\tc\tX\t3\nc\tb\tX\t3\n",
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_of_file_gives_the_same_distances(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "whatever"
    path.write_text(CONTENTS[kind])
    found = read_pair_snps(path)
    assert found.ids == ("a", "b", "c")
    np.testing.assert_array_equal(found.snps, [[0, 1, 3], [1, 0, 3], [3, 3, 0]])


def test_what_is_not_told_stays_untold(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("isolate_1\tisolate_2\tsnps\na\tb\tNA\na\tc\t\nb\tc\t4\n")
    np.testing.assert_array_equal(
        read_pair_snps(path).snps, [[0, np.nan, np.nan], [np.nan, 0, 4], [np.nan, 4, 0]]
    )


def test_every_pair_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("isolate_1\tisolate_2\tsnps\na\tb\t-3\na\tc\tfar\n")
    with pytest.raises(FormatError, match=r"row 2(.|\n)*row 3"):
        read_pair_snps(path)
    (tmp_path / "empty").write_text(" \n")
    with pytest.raises(FormatError, match="empty"):
        read_pair_snps(tmp_path / "empty")

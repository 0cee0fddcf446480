"""Typing schemes: PubMLST's layout, and what is refused."""

from pathlib import Path

import pytest

from abscope.errors import DataError, FormatError
from abscope.formats.mlst_scheme import read_scheme

TABLE = "ST\taaa\tbbb\tclonal_complex\tspecies\n1\t1\t1\tCC1\tabscessus\n2\t2\t1\t\t\n"


def scheme_folder(tmp_path: Path, table: str = TABLE) -> Path:
    (tmp_path / "aaa.tfa").write_text(">aaa_1\nACGTACGTAA\n>aaa_2\nACGTACGTAC\n")
    (tmp_path / "bbb.tfa").write_text(">bbb-1\nTTGTACGTAA\n")
    (tmp_path / "profiles.txt").write_text(table)
    (tmp_path / "database_version.txt").write_text("2025-12-10\n")
    return tmp_path


def test_loci_alleles_profiles_and_complexes_are_read(tmp_path: Path) -> None:
    found = read_scheme(scheme_folder(tmp_path))
    assert found.loci == ("aaa", "bbb")
    assert [[name for name, _ in one] for one in found.alleles] == [["1", "2"], ["1"]]
    assert [(p.st, p.alleles, p.complex) for p in found.profiles] == [
        ("1", ("1", "1"), "CC1"),
        ("2", ("2", "1"), None),
    ]


def test_cells_with_spaces_and_absent_loci_are_read_as_their_makers_mean_them(
    tmp_path: Path,
) -> None:
    found = read_scheme(scheme_folder(tmp_path, TABLE + "3\t2 \tX\t\t\n4\t0\tN\t\t\n"))
    assert [profile.alleles for profile in found.profiles[2:]] == [("2", "X"), ("0", "N")]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("ST\taaa\tbbb\tccc\n1\t1\t1\t1\n", "column ccc has no ccc.tfa"),
        (TABLE + "3\t9\t1\t\t\n", "aaa 9 is not in its file"),
        (TABLE + "1\t2\t1\t\t\n", "ST 1 is there twice"),
        ("ST\tx\ty\n1\t1\t1\n", "names no locus of which there is a file"),
        (TABLE + "3\t1\n", "line 4: too few columns"),
        ("strain\taaa\n", "one table must begin with ST"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(
    tmp_path: Path, table: str, words: str
) -> None:
    with pytest.raises(FormatError) as caught:
        read_scheme(scheme_folder(tmp_path, table))
    assert words in caught.value.message


def test_an_allele_named_twice_is_refused(tmp_path: Path) -> None:
    folder = scheme_folder(tmp_path)
    (folder / "bbb.tfa").write_text(">bbb_1\nACGT\n>bbb_1\nACGA\n")
    with pytest.raises(FormatError, match="allele 1 is there twice"):
        read_scheme(folder)


def test_a_folder_that_is_not_there_says_what_to_download(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_scheme(tmp_path / "no")
    assert "alleles" in caught.value.hint


def test_real_schemes_are_read(shared_data: Path) -> None:
    pubmlst = read_scheme(shared_data / "mabs_mlst" / "pubmlst")
    phac = read_scheme(shared_data / "mabs_mlst" / "phac14")
    assert (len(pubmlst.loci), len(pubmlst.profiles)) == (7, 371)
    assert sum(len(one) for one in pubmlst.alleles) == 341
    assert (len(phac.loci), len(phac.profiles)) == (15, 116)

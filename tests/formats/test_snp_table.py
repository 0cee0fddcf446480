"""Variable sites found again with their places, and the table vSNP's users know."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from abscope.errors import FormatError
from abscope.formats import export_grapetree, export_snp_table, run_folder, snp_sites, workbook
from abscope.formats.workbook import Grid
from published_runs import GENOME, published

NAMES = ("iso_a", "iso_b", "iso_d")


def test_sites_are_counted_from_one_and_masked_ones_are_left_out(tmp_path: Path) -> None:
    sites = snp_sites.read(published(tmp_path / "out"), "REF", NAMES)
    assert sites.labels == ("chr:5", "chr:21")  # position 10 is masked, 31 has one base only
    assert sites.root.tobytes().decode() == GENOME[4] + GENOME[20]
    assert [row.tobytes().decode() for row in sites.letters] == ["GA", "GC", "AA"]


def test_among_some_isolates_only_sites_at_which_these_differ_are_left(tmp_path: Path) -> None:
    sites = snp_sites.read(published(tmp_path / "out"), "REF", NAMES).among(["iso_b", "iso_a"])
    assert (sites.ids, sites.labels) == (("iso_b", "iso_a"), ("chr:21",))


def test_a_genome_of_another_length_is_refused(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    (folder / "isolates" / "iso_b.aligned.fa.gz").write_bytes(b">chr\nACGT\n")
    with pytest.raises(FormatError, match="not as long"):
        snp_sites.read(folder, "REF", NAMES)


def test_grapetree_gets_a_number_for_every_letter(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    made = export_grapetree.files(run_folder.read(folder), snp_sites.read(folder, "REF", NAMES))
    assert made["profile.tsv"].decode() == (
        "#Strain\tchr:5\tchr:21\niso_a\t3\t1\niso_b\t3\t2\niso_d\t1\t1\n"
    )
    assert made["metadata.tsv"].startswith(b"ID\t")
    assert made["tree.nwk"].endswith(b";\n")


def test_the_table_has_shared_changes_first_and_colours_what_differs(tmp_path: Path) -> None:
    folder = published(tmp_path / "out")
    sites = {"REF": snp_sites.read(folder, "REF", NAMES)}
    made = export_snp_table.encode(run_folder.read(folder), sites)
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["c5-01", "REF"]
    cells = [[cell.value for cell in row] for row in book["REF"].iter_rows()]
    assert cells == [
        ["reference_pos", "chr:5", "chr:21"],
        ["reference_call", "A", "A"],
        ["iso_a", "G", "A"],
        ["iso_b", "G", "C"],
        ["iso_d", "A", "A"],
    ]
    painted = book["REF"]["B3"].fill.fgColor.rgb
    assert painted != book["REF"]["C3"].fill.fgColor.rgb == book["REF"]["B5"].fill.fgColor.rgb


def test_a_workbook_runs_no_formula_and_repeats_its_bytes() -> None:
    grid = Grid("a/b", [[("=1+1", workbook.PLAIN), (7, workbook.BOLD), (None, 0)]], (1, 1))
    made = workbook.encode([grid, grid])
    assert made == workbook.encode([grid, grid])
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["a_b", "a_b_2"]
    assert (book["a_b"]["A1"].value, book["a_b"]["A1"].data_type) == ("=1+1", "s")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (16_383, "XFD")])
def test_columns_are_lettered_as_spreadsheets_do(number: int, name: str) -> None:
    assert workbook.letters(number) == name

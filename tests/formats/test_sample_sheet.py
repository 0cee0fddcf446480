"""Sample sheets: every dialect read, every fault named with row and remedy, nobody else held up."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import AbscopeError, FormatError, TableError
from abscope.formats import sample_sheet
from abscope.records import SampleSheet

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a sheet beside six read files and an assembly, and return its path."""
    for name in "abc":
        for mate in "12":
            (tmp_path / f"{name}_R{mate}.fastq.gz").write_bytes(b"x")
    (tmp_path / "d.fasta").write_bytes(b">d\nACGT\n")

    def make(text: str | bytes, name: str = "sheet.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def names(sheet: SampleSheet) -> list[str]:
    return [sample.name for sample in sheet.samples]


def test_an_nf_core_sheet_gives_pairs_single_reads_and_assemblies(write: Write) -> None:
    sheet = sample_sheet.read(
        write(
            "sample,fastq_1,fastq_2,assembly\n"
            "A,a_R1.fastq.gz,a_R2.fastq.gz,\n"
            "B,b_R1.fastq.gz,,\n"
            "D,,,d.fasta\n"
        )
    )
    assert [(s.name, s.kind, s.row) for s in sheet.samples] == [
        ("A", "paired", 2),
        ("B", "single", 3),
        ("D", "assembly", 4),
    ]
    assert [path.name for path in sheet.samples[0].files] == ["a_R1.fastq.gz", "a_R2.fastq.gz"]
    assert not sheet.left_out
    assert not sheet.problems


def test_a_snippy_multi_table_needs_no_headings(write: Write) -> None:
    sheet = sample_sheet.read(
        write("# mine\nA\ta_R1.fastq.gz\ta_R2.fastq.gz\nB\tb_R1.fastq.gz\nD\td.fasta\n", "in.tab")
    )
    assert [(s.name, s.kind, s.row) for s in sheet.samples] == [
        ("A", "paired", 2),
        ("B", "single", 3),
        ("D", "assembly", 4),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Isolate\tr1\tr2\tassembly\tSpecies_expected\tis_control\tward",
        "#ISOLATE\tR1\tR2\tASSEMBLY\tSpecies_expected\tis_control\tward",
    ],
)
def test_a_bohra_table_may_carry_metadata(write: Write, heading: str) -> None:
    text = f"{heading}\nA\ta_R1.fastq.gz\ta_R2.fastq.gz\t\tM. abscessus\tno\t7\n"
    assert names(sample_sheet.read(write(text, "input.tsv"))) == ["A"]


def test_reads_win_over_an_assembly_and_an_assembly_not_needed_may_be_missing(write: Write) -> None:
    sheet = sample_sheet.read(
        write("isolate,r1,r2,assembly\nA,a_R1.fastq.gz,a_R2.fastq.gz,gone.fa\n")
    )
    assert sheet.samples[0].kind == "paired"
    assert [problem.where for problem in sheet.problems] == ["sheet.csv, row 2, A"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_separator_line_ends_and_encoding_do_not_matter(
    write: Write, separator: str, end: str, encoding: str
) -> None:
    rows = ["sample,fastq_1,fastq_2", "", ' A ,"a_R1.fastq.gz", a_R2.fastq.gz ', "# é, b, c"]
    text = end.join(row.replace(",", separator) for row in rows)
    sheet = sample_sheet.read(write(text.encode(encoding)))
    assert [(s.name, s.kind, s.row) for s in sheet.samples] == [("A", "paired", 3)]
    assert bool(sheet.problems) == (encoding == "latin-1")


def test_paths_are_read_from_the_sheets_folder_then_from_the_current_one(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "here.fasta").write_bytes(b">x\nA\n")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("HOME", str(tmp_path))
    sheet = sample_sheet.read(
        write("sample,assembly\nA,d.fasta\nB,here.fasta\nC,~/a_R1.fastq.gz\nE,~nobody-here/x\n")
    )
    found = {sample.name: sample.assembly for sample in sheet.samples}
    assert found == {
        "A": tmp_path / "d.fasta",
        "B": Path("here.fasta"),
        "C": tmp_path / "a_R1.fastq.gz",
    }
    assert [left.name for left in sheet.left_out] == ["E"]


@pytest.mark.parametrize(
    ("row", "reason", "hint"),
    [
        ("B,b_R1.fastq.gz,gone.fq,", "fastq_2: no such file: gone.fq", "check the path"),
        ("B,,b_R2.fastq.gz,", "has fastq_2 but no fastq_1", "single reads in fastq_1"),
        ("B,b_R1.fastq.gz,b_R1.fastq.gz,", "same file as fastq_1 and fastq_2", "second file"),
        ("B,,,", "neither reads nor an assembly", "fill fastq_1"),
        ("B,NA,NA,NA", "neither reads nor an assembly", "fill fastq_1"),
        (",b_R1.fastq.gz,b_R2.fastq.gz,", "has no name", "write a name"),
        ("my isolate/2,b_R1.fastq.gz,,", "cannot be a file name", "e.g. my_isolate_2"),
        ("-B,b_R1.fastq.gz,,", "cannot be a file name", "e.g. B"),
        ("B,.,b_R2.fastq.gz,", "has fastq_2 but no fastq_1", "name both files"),
        ("B,,,folder", "is a folder", "name one file"),
        ("B,https://x.org/b_R1.fastq.gz,,", "is an address", "download"),
        ("B,b_R1.fastq.gz,b_R2.fastq.gz,,2,3", "has 6 cells for 4 columns", "double quotes"),
        (f"B,{'x' * 300},,", "no such file", "check the path"),
    ],
)
def test_a_faulty_row_is_left_out_with_row_and_remedy_and_the_others_go_on(
    write: Write, tmp_path: Path, row: str, reason: str, hint: str
) -> None:
    (tmp_path / "folder").mkdir()
    sheet = sample_sheet.read(
        write(
            "sample,fastq_1,fastq_2,assembly\n"
            f"A,a_R1.fastq.gz,a_R2.fastq.gz,\n{row}\nC,c_R1.fastq.gz,c_R2.fastq.gz,\n"
        )
    )
    assert names(sheet) == ["A", "C"]
    (left,) = sheet.left_out
    assert left.reason.startswith("sheet.csv, row 3: ")
    assert reason in left.reason
    assert hint in left.hint


def test_all_faults_of_a_row_are_told_at_once(write: Write) -> None:
    sheet = sample_sheet.read(
        write("sample,fastq_1,fastq_2\nA,a_R1.fastq.gz,\nB b,gone_1.fq,gone_2.fq\n")
    )
    (left,) = sheet.left_out
    assert all(
        part in left.reason for part in ("'B b' cannot be", "fastq_1: no such", "fastq_2: no such")
    )


def test_two_samples_with_one_file_are_both_left_out(write: Write, tmp_path: Path) -> None:
    (tmp_path / "link.fastq.gz").symlink_to(tmp_path / "a_R1.fastq.gz")
    sheet = sample_sheet.read(
        write(
            "sample,fastq_1,fastq_2\nA,a_R1.fastq.gz,a_R2.fastq.gz\n"
            "B,link.fastq.gz,b_R2.fastq.gz\nC,c_R1.fastq.gz,c_R2.fastq.gz\n"
        )
    )
    assert names(sheet) == ["C"]
    assert [left.name for left in sheet.left_out] == ["A", "B"]
    assert "shares a_R1.fastq.gz with B (row 3)" in sheet.left_out[0].reason


@pytest.mark.parametrize("second", ["A", "a"])
def test_a_name_used_twice_is_an_error_that_names_both_rows(write: Write, second: str) -> None:
    with pytest.raises(TableError, match=r"rows 2 and 4: the sample name 'A'") as caught:
        sample_sheet.read(
            write(f"sample,fastq_1\nA,a_R1.fastq.gz\nB,b_R1.fastq.gz\n{second},c_R1.fastq.gz\n")
        )
    assert "merge the lanes" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("sample,fastq_1,fatsq_2\nA,a_R1.fastq.gz,a_R2.fastq.gz\n", "'fastq_2' is meant"),
        ("smaple,fastq_1\nA,a_R1.fastq.gz\n", "'sample' is meant"),
        ("sample,fastq_1,fastq_1\nA,a_R1.fastq.gz,a_R2.fastq.gz\n", "2 columns are headed"),
        ("sample,species\nA,x\n", "no column of files"),
        ("fastq_1,fastq_2\na_R1.fastq.gz,a_R2.fastq.gz\n", "no column of sample names"),
        ("sample,fastq_1\n", "no samples below"),
        ("sample,fastq_1\nA,gone.fq\n", "row 2: fastq_1: no such file"),
        ("hello world\n", "neither headings nor"),
        ("A a_R1.fastq.gz a_R2.fastq.gz\n", "neither headings nor"),
    ],
)
def test_a_sheet_that_cannot_be_understood_is_an_error(write: Write, text: str, what: str) -> None:
    with pytest.raises(TableError, match=what) as caught:
        sample_sheet.read(write(text))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"\x1f\x8b\x00\x00", "is not text"),
        (b'sample,fastq_1\n"A,a_R1.fastq.gz\nB,b_R1.fastq.gz\n', "never closed"),
        (b"PK\x03\x04rubbish", "no readable Excel workbook"),
    ],
)
def test_what_is_no_table_is_told_so(write: Write, raw: bytes, what: str) -> None:
    with pytest.raises(FormatError, match=what) as caught:
        sample_sheet.read(write(raw))
    assert caught.value.hint


def test_a_missing_sheet_and_a_folder_are_told_so(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        sample_sheet.read(tmp_path / "gone.csv")
    with pytest.raises(FormatError, match="cannot be read"):
        sample_sheet.read(tmp_path)


@given(st.text(max_size=40))
def test_a_name_is_safe_or_a_safe_one_is_proposed(name: str) -> None:
    fault = sample_sheet.name_fault(name)
    if name and fault:
        assert sample_sheet.name_fault(fault[1].rsplit(" ", 1)[-1]) is None


@given(st.text(alphabet='sample,fastq_1;\t"\n\r#. AB\0é', max_size=60))
def test_no_text_whatever_ends_in_anything_but_a_sheet_or_an_explanation(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    caught: list[AbscopeError] = []
    try:
        sample_sheet.read(path)
    except AbscopeError as error:
        caught.append(error)
    assert all(error.message and error.hint for error in caught)

"""Small files that unpack to more than memory holds are refused, with a reason."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from abscope.errors import FormatError
from abscope.formats import case_file, expansion, fasta, fasta_stream, fastq, line_list, spreadsheet

MB = 1 << 20
READERS: dict[str, Callable[[Path], object]] = {
    "FASTA": fasta.read,
    "FASTA in pieces": lambda path: list(fasta_stream.entries(path)),
    "FASTQ": lambda path: sum(len(one.records) for one, _ in fastq.single(path)),
}


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits a test reaches quickly."""
    monkeypatch.setattr(expansion, "FREE", 2 * MB)
    monkeypatch.setattr(fastq, "_LARGEST", 16 * MB)


def bomb(path: Path, start: bytes, piece: bytes, *, megabytes: int) -> Path:
    """A gzip file that unpacks to `start` and then `piece` over and over."""
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(start)
        for _ in range(megabytes):
            file.write(piece * (MB // len(piece)))
    return path


@pytest.mark.parametrize("kind", list(READERS))
def test_a_gzip_bomb_is_refused_long_before_it_is_unpacked(
    kind: str, tmp_path: Path, strict: None
) -> None:
    start, piece = (b"", b"@r\nA\n+\nI\n") if kind == "FASTQ" else (b">a\n", b"A" * 1024)
    path = bomb(tmp_path / "bomb.gz", start, piece, megabytes=64)
    assert path.stat().st_size < MB // 2
    with pytest.raises(FormatError, match=r"bomb.gz: unpacks to more than .* 200 times"):
        READERS[kind](path)


def test_many_bombs_in_one_file_are_one_bomb(tmp_path: Path, strict: None) -> None:
    one = bomb(tmp_path / "one.gz", b">a\n", b"A" * 1024, megabytes=8).read_bytes()
    (tmp_path / "bomb.gz").write_bytes(one * 8)
    with pytest.raises(FormatError, match="unpacks to more than"):
        fasta.read(tmp_path / "bomb.gz")


def test_what_shrinks_as_sequences_do_is_read_however_long(tmp_path: Path, strict: None) -> None:
    path = tmp_path / "genome.gz"
    path.write_bytes(gzip.compress(b">a\n" + b"ACGTTGCAACGGT" * (8 * MB // 13), compresslevel=0))
    [(_, letters)] = fasta.read(path)
    assert len(letters) > 7 * MB


def test_a_read_without_end_is_refused_and_not_held_in_memory(tmp_path: Path, strict: None) -> None:
    path = tmp_path / "endless.fastq"
    with path.open("wb") as file:
        file.write(b"@r\n")
        for _ in range(40):
            file.write(b"A" * MB)
    with pytest.raises(FormatError, match=r"endless.fastq: one record takes more than 16 MB"):
        READERS["FASTQ"](path)


def test_a_workbook_that_unpacks_to_more_than_any_line_list_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "WORKBOOK", 4 * MB)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<" * (8 * MB))
    with pytest.raises(FormatError, match=r"bomb.xlsx: unpacks to 8 MB"):
        spreadsheet.read(path)


def test_a_workbook_with_one_cell_at_the_end_of_the_world_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "case_id", "x"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(FormatError, match="reaches to row 1,048,576"):
        spreadsheet.read(tmp_path / "far.xlsx")


def test_a_workbook_whose_text_multiplies_itself_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "case_id"
    book.save(tmp_path / "plain.xlsx")
    names = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "ha">' for n in range(12)
    )
    laughs = f"<!DOCTYPE worksheet [{names}]>"
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(tmp_path / "laughs.xlsx", "w") as changed,
    ):
        for name in plain.namelist():
            text = plain.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = laughs + text[text.index("<worksheet") :].replace(">case_id<", ">&e11;<")
                assert "&e11;" in text
            changed.writestr(name, text)
    with pytest.raises(FormatError, match="no readable Excel workbook"):
        spreadsheet.read(tmp_path / "laughs.xlsx")


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 200_000)
    with pytest.raises(FormatError, match="nested too deeply"):
        case_file.read(path)


def test_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    path.write_text('case_id,age\n"' + "A" * 200_000 + '",3\n')
    with pytest.raises(FormatError, match="field larger than"):
        line_list.read(path)


def test_short_reads_take_no_more_memory_the_more_there_are(tmp_path: Path) -> None:
    path = tmp_path / "short.fastq"
    path.write_bytes(b"@r\nACGTACGT\n+\nIIIIIIII\n" * 50_000)
    sizes = [len(block.buffer) for block, _ in fastq.single(path, records_per_block=100)]
    assert len(sizes) == 500
    assert max(sizes) <= 100 * 512


def test_a_workbook_of_a_zip_version_nobody_knows_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    openpyxl.Workbook().save(path)
    entry = b"PK\x01\x02"  # of the directory; two bytes on is the version needed to unpack it
    content = path.read_bytes()
    at = content.index(entry) + 6
    path.write_bytes(content[:at] + b"\x94" + content[at + 1 :])
    with pytest.raises(FormatError, match=r"cases\.xlsx: is no readable Excel workbook"):
        spreadsheet.read(path)

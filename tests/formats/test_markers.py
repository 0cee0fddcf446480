"""Marker tables as people publish them."""

from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError
from abscope.formats import fasta, markers
from abscope.records import Calls, Contig, Reference

REFERENCE = Reference(
    "REF",
    (Contig("chr.1", 0, 6), Contig("plasmid", 6, 10)),
    np.frombuffer(b"ACGTACGTAC", dtype=np.uint8),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "markers.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_published_table_is_read_by_its_own_headings_and_counts_from_one(tmp_path: Path) -> None:
    found = markers.read(
        written(tmp_path, "Subtype\tPosition\tDerived_Call\nDCC1\t2\tT\n"), REFERENCE
    )
    assert (found.groups, found.position.tolist(), bytes(found.letter)) == (("DCC1",), [1], b"T")


def test_of_several_position_columns_the_one_named_after_the_reference_counts(
    tmp_path: Path,
) -> None:
    text = "lineage\tposition\tchr_pos\tderived_base\nDCC1\t6\t3\tT\n"
    assert markers.read(written(tmp_path, text), REFERENCE).position.tolist() == [2]


def test_a_barcode_bed_counts_from_zero_on_its_own_sequence(tmp_path: Path) -> None:
    text = "chr\t4\t5\tsubsp. massiliense\tG\nplasmid\t0\t1\tsubsp. bolletii\tT\n"
    found = markers.read(written(tmp_path, text), REFERENCE)
    assert found.groups == ("bolletii", "massiliense")
    assert sorted(zip(found.group.tolist(), found.position.tolist(), strict=True)) == [
        (0, 6),
        (1, 4),
    ]


def test_every_fault_is_told_with_its_line_before_anything_is_used(tmp_path: Path) -> None:
    text = "clone\tposition\tletter\nA\t99\tT\nA\t2\tN\nA\t3\n\t3\tA\nA\tx\tA\n"
    with pytest.raises(FormatError) as raised:
        markers.read(written(tmp_path, text), REFERENCE)
    for line in (2, 3, 4, 5, 6):
        assert f"line {line}:" in raised.value.message


def test_a_table_without_a_column_it_needs_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="letter"):
        markers.read(written(tmp_path, "clone\tposition\nA\t1\n"), REFERENCE)


def test_counts_add_up_to_the_markers_there_are(tmp_path: Path) -> None:
    text = "clone\tposition\tletter\nA\t1\tT\nA\t2\tC\nA\t3\tC\nA\t4\tT\nA\t5\tA\nB\t1\tA\n"
    made = markers.read(written(tmp_path, text), REFERENCE)
    calls = Calls("REF", np.frombuffer(b"TGn-NAAAAA", dtype=np.uint8))
    first, second = made.counted(calls)
    assert (first.carried, first.other, first.mixed, first.unread) == (1, 1, 1, 2)
    assert (first.share, first.read) == (0.5, 2)
    assert (second.carried, second.other) == (0, 1)


def test_the_real_lifted_table_makes_atcc_19977_a_member_of_clone_1(shared_data: Path) -> None:
    name, letters = fasta.read(next((shared_data / "mabs_reference").glob("*.fna.gz")))[0]
    atcc = Reference("ATCC_19977", (Contig(name, 0, len(letters)),), letters)
    path = shared_data / "mabs_dcc_markers" / "ABS_lineage_path_snps.CU458896.tsv.gz"
    made = markers.read(path, atcc)
    shares = {one.group: one.share for one in made.counted(Calls("ATCC_19977", letters))}
    assert shares["DCC1"] == 1.0
    assert max(share for group, share in shares.items() if group != "DCC1") < 0.75

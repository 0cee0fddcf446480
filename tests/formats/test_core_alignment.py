import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import FormatError
from abscope.formats import core_alignment, fasta
from abscope.population import bitplanes
from abscope.population.packing import pack
from abscope.records import Calls


def written(folder: Path, text: str) -> Path:
    path = folder / "core.full.aln"
    path.write_text(text)
    return path


def test_a_core_alignment_of_another_pipeline_gives_each_isolate_its_calls(tmp_path):
    calls = core_alignment.read(written(tmp_path, ">Reference\nACGTA\n>one\nAC-Nn\n"))
    assert list(calls) == ["Reference", "one"]
    assert calls["one"].reference == "core.full.aln"
    assert calls["one"].called.tolist() == [True, True, False, False, False]


def test_sequences_of_different_lengths_and_repeated_names_are_all_named_at_once(tmp_path):
    path = written(tmp_path, ">a\nACGT\n>b\nACG\n>a\nACGT\n")
    with pytest.raises(FormatError, match=r"(?s)b: 3 columns.*a: 2 sequences"):
        core_alignment.read(path)


def test_one_sequence_is_not_an_alignment(tmp_path):
    with pytest.raises(FormatError, match="one sequence alone"):
        core_alignment.read(written(tmp_path, ">a\nACGT\n"))


@given(
    rows=st.lists(st.text("ACGTacgtNnRy-", min_size=9, max_size=9), min_size=2, max_size=9),
    width=st.integers(1, 9),
    ending=st.sampled_from(["\n", "\r\n"]),
    zipped=st.booleans(),
)
def test_packed_while_it_is_read_an_alignment_is_the_same(tmp_path_factory, **file):
    rows, width, ending = file["rows"], file["width"], file["ending"]
    lines = [
        line
        for number, row in enumerate(rows)
        for line in (f">iso{number} x", *(row[k : k + width] for k in range(0, 9, width)))
    ]
    text = ending.join([*lines, ""]).encode()
    path = tmp_path_factory.getbasetemp() / "random.aln"
    path.write_bytes(gzip.compress(text) if file["zipped"] else text)
    found, calls = core_alignment.packed(path), core_alignment.read(path)
    assert found.ids == tuple(calls)
    expected = pack(calls.values(), isolates=len(calls), length=9)
    called = expected[:, 2:]
    assert (found.words[:, 2:] == called).all()
    assert ((found.words[:, :2] ^ expected[:, :2]) & called == 0).all()


def test_an_alignment_larger_than_a_piece_is_packed_as_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("abscope.formats.fasta_stream._PIECE", 1000)
    monkeypatch.setattr("abscope.formats.core_alignment._BATCH", 4000)
    letters = np.random.default_rng(1).choice(np.frombuffer(b"ACGTN", np.uint8), (31, 700))
    path = tmp_path / "core.aln"
    fasta.write(path, [(f"iso{k}", row) for k, row in enumerate(letters)])
    found = core_alignment.packed(path)
    calls = [Calls("REF", row) for row in letters]
    assert found.ids == tuple(f"iso{k}" for k in range(31))
    called = np.array([one.called.sum() for one in calls])
    assert (np.bitwise_count(found.words[:31, 2]).sum(axis=1) == called).all()
    counted = bitplanes.count(found.words, isolates=31)
    dense = bitplanes.count(pack(calls, isolates=31, length=700), isolates=31)
    assert all((a == b).all() for a, b in zip(counted, dense, strict=True))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("@read\nACGT\n+\nIIII\n", "FASTQ"),
        ("ACGT\n", "does not start with '>'"),
        (">a\nACGT\n>b\nAC5T\n", "sequence 'b' holds '5' in column 3"),
        (">a\nACGT\n>\nACGT\n", "without a name"),
        (">a\nACGT\n>b\nACG\n>a\nACGT\n", "(?s)b: 3 columns.*a: 2 sequences"),
        (">a\nACGT\n", "one sequence alone"),
        (">a\n>b\n", "no columns"),
    ],
    ids=["empty", "FASTQ", "no name line", "odd", "nameless", "ragged", "alone", "no columns"],
)
def test_what_is_wrong_with_an_alignment_is_said_when_it_is_packed(tmp_path, text, says):
    with pytest.raises(FormatError, match=says):
        core_alignment.packed(written(tmp_path, text))


def test_a_zipped_alignment_that_is_cut_short_is_refused(tmp_path):
    whole = gzip.compress(b">a\nACGT\n>b\nACGT\n" * 50)
    path = tmp_path / "core.aln.gz"
    path.write_bytes(whole[:-12])
    with pytest.raises(FormatError, match="cannot be read to its end"):
        core_alignment.packed(path)


def test_names_are_utf_8_and_end_at_the_first_blank(tmp_path):
    path = written(tmp_path, ">Muñoz 1\nAC\n>Peña 2\nAG\n")
    assert tuple(core_alignment.read(path)) == core_alignment.packed(path).ids == ("Muñoz", "Peña")
    with pytest.raises(FormatError, match="iso: 2 sequences") as error:
        core_alignment.read(written(tmp_path, ">iso 1\nAC\n>iso 2\nAG\n"))
    assert "ends at the first blank" in error.value.hint

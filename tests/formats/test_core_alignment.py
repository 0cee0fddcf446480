from pathlib import Path

import pytest

from abscope.errors import FormatError
from abscope.formats import core_alignment


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

"""Trees in files, told from alignments, and refused where they are not trees of isolates."""

import gzip
from pathlib import Path

import pytest

from abscope.errors import FormatError
from abscope.formats import tree_file


def written(folder: Path, text: str) -> Path:
    path = folder / "some.tree"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    ["(a:1,b:2);", "#NEXUS\nbegin trees;\ntree x = (a:1,b:2);\nend;\n"],
    ids=["newick", "nexus"],
)
def test_both_forms_are_read(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert tree_file.is_tree(path)
    assert sorted(tree_file.read(path).leaves) == ["a", "b"]


def test_an_alignment_is_no_tree(tmp_path: Path) -> None:
    assert not tree_file.is_tree(written(tmp_path, ">a\nACGT\n"))


def test_everything_wrong_with_a_tree_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as error:
        tree_file.read(written(tmp_path, "(a:1,a:-2,(:1,b:1):1);"))
    assert "a: 2 leaves of this name" in error.value.message
    assert "1 leaves without a name" in error.value.message
    assert "1 branches of negative length" in error.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none\.nwk"):
        tree_file.read(tmp_path / "none.nwk")


def test_a_gzipped_tree_is_a_tree(tmp_path: Path) -> None:
    path = tmp_path / "tree.nwk.gz"
    path.write_bytes(gzip.compress(b"(a:1,b:2);"))
    assert tree_file.is_tree(path)
    assert sorted(tree_file.read(path).leaves) == ["a", "b"]

"""Backgrounds read back from tables."""

from pathlib import Path

import pytest

from abscope.errors import FormatError
from abscope.formats.background_table import read_backgrounds


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "background.tsv"
    path.write_text(text)
    return path


def test_a_background_without_bounds_gets_what_its_size_leaves_open(tmp_path: Path) -> None:
    text = "clone\tsnps\tpatients\tshare\nDCC3\t0\t30\t0\nDCC3\t1\t30\t0.2\n"
    found = read_backgrounds(table(tmp_path, text))["DCC3"]
    assert (found.patients, found.pairs) == (30, 435)
    assert found.upper[0] == pytest.approx(3 / 30, rel=0.06)
    assert found.upper[1] == 0.2


def test_a_gap_in_the_distances_is_refused_with_its_stratum(tmp_path: Path) -> None:
    text = "stratum\tsnps\tpatients\tshare\nDCC1\t0\t30\t0\nDCC1\t2\t30\t0.2\n"
    with pytest.raises(FormatError, match="DCC1"):
        read_backgrounds(table(tmp_path, text))


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no column"):
        read_backgrounds(table(tmp_path, "name\tvalue\na\t1\n"))

"""Imports are kept whole, add up, lose nobody, and can be taken back one by one."""

from datetime import date
from pathlib import Path

import pytest

from abscope.collection import case_imports
from abscope.errors import TableError, UsageError
from abscope.formats.line_list import Beside

DAY = date(2026, 11, 22)
FIRST = "case_id,isolate_id,clinic\nA,i,North\nB,j,South\n,k,East\n"
SECOND = "case_id,isolate_id,clinic\nB,j,West\nC,l,North\n,m,South\n"


def keep(folder: Path, text: str) -> case_imports.Changes:
    path = folder / "cases.csv"
    path.write_text(text)
    return case_imports.keep(folder / "c", path, Beside(), today=DAY)[2]


def test_a_later_import_replaces_what_it_names_and_nobody_else(tmp_path: Path) -> None:
    assert keep(tmp_path, FIRST).new == ("A", "B", "row-4")
    changes = keep(tmp_path, SECOND)
    assert (changes.changed, changes.untouched[0]) == (("B",), "A")
    found = case_imports.current(tmp_path / "c", today=DAY)
    assert found is not None
    assert found.cases["case_id"].to_list() == ["A", "B", "row-4", "C", "row-4#2"]
    clinics = dict(found.exposures.filter(answer="yes").select("case_id", "value").rows())
    assert clinics == {"A": "North", "B": "West", "C": "North", "row-4": "East", "row-4#2": "South"}


def test_an_import_can_be_taken_back_and_its_file_stays(tmp_path: Path) -> None:
    keep(tmp_path, FIRST)
    before = case_imports.current(tmp_path / "c", today=DAY)
    keep(tmp_path, SECOND)
    undone = case_imports.undo(tmp_path / "c")
    after = case_imports.current(tmp_path / "c", today=DAY)
    assert undone.number == 2
    assert before is not None
    assert after is not None
    assert after.cases.equals(before.cases)
    assert [(one.number, one.undone) for one in case_imports.imports(tmp_path / "c")] == [
        (1, False), (2, True),
    ]  # fmt: skip
    assert keep(tmp_path, SECOND).new[0] == "C"
    assert case_imports.imports(tmp_path / "c")[-1].number == 3


def test_a_file_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        keep(tmp_path, "shoe,size\n1,2\n")
    assert case_imports.imports(tmp_path / "c") == []
    with pytest.raises(UsageError, match="no import to undo"):
        case_imports.undo(tmp_path / "c")

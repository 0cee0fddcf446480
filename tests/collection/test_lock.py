"""A collection is not continued with other references unnoticed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from abscope.collection import lock
from abscope.errors import DataError
from abscope.records import Contig, Reference
from shelves import FIRST, letters

SECOND = Reference("STRAIN_2", (Contig("b", 0, 100),), letters(2, 100), accession="NZ_AB000002.1")


def test_the_first_run_writes_down_its_references_and_the_next_agrees(tmp_path: Path) -> None:
    lock.check_or_write(tmp_path, [SECOND, FIRST])
    content = (tmp_path / lock.FILE).read_bytes()
    rows = json.loads(content)["references"]
    assert [(row["name"], row["length"]) for row in rows] == [("STRAIN_1", 6000), ("STRAIN_2", 100)]
    assert rows[0]["sha256"] == FIRST.digest
    assert rows[1]["accession"] == "NZ_AB000002.1"
    lock.check_or_write(tmp_path, [FIRST, SECOND])
    assert (tmp_path / lock.FILE).read_bytes() == content


def test_one_other_letter_in_a_reference_is_refused_with_the_remedy(tmp_path: Path) -> None:
    lock.check_or_write(tmp_path, [FIRST])
    changed = FIRST.sequence.copy()
    changed[17] = ord("A") if changed[17] != ord("A") else ord("C")
    with pytest.raises(DataError, match="STRAIN_1 was") as caught:
        lock.check_or_write(tmp_path, [replace(FIRST, sequence=changed)])
    assert "--outdir" in caught.value.hint
    assert str(tmp_path / lock.FILE) in caught.value.hint


def test_a_reference_that_is_gone_is_refused(tmp_path: Path) -> None:
    lock.check_or_write(tmp_path, [FIRST, SECOND])
    with pytest.raises(DataError, match=r"STRAIN_2 \(NZ_AB000002.1, 100 bases\) is not among"):
        lock.check_or_write(tmp_path, [FIRST])


def test_every_difference_is_told_at_once(tmp_path: Path) -> None:
    lock.check_or_write(tmp_path, [FIRST, SECOND])
    with pytest.raises(DataError, match="2 problems"):
        lock.check_or_write(tmp_path, [replace(SECOND, name="STRAIN_1")])


def test_a_reference_installed_since_may_join_and_is_then_held_to(tmp_path: Path) -> None:
    lock.check_or_write(tmp_path, [FIRST])
    lock.check_or_write(tmp_path, [FIRST, SECOND])
    with pytest.raises(DataError, match="STRAIN_2"):
        lock.check_or_write(tmp_path, [FIRST])


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"layout": 1}', '{"layout": 1, "references": [1]}', '{"layout": 2}']
)
def test_a_damaged_or_newer_lock_is_never_taken_for_agreement(content: str, tmp_path: Path) -> None:
    (tmp_path / lock.FILE).write_text(content)
    with pytest.raises(DataError, match=r"references\.lock\.json"):
        lock.check_or_write(tmp_path, [FIRST])
    assert (tmp_path / lock.FILE).read_text() == content

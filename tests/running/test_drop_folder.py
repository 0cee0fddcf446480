"""A drop folder: what is taken, what has to wait and why, and what was taken already."""

import os
from pathlib import Path

import pytest

from abscope.running.drop_folder import Batch, Waiting, batches, taken


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A run of one isolate, copied completely long ago."""
    folder = tmp_path / "drop"
    (folder / "run1").mkdir(parents=True)
    (folder / "run1" / "a.fna").write_text(">x\nACGT\n")
    (folder / "run1" / "sheet.csv").write_text("sample,fastq_1,fastq_2,assembly\na,,,a.fna\n")
    return folder


def look(drop: Path, *, after: float = 100.0) -> list[Batch | Waiting]:
    now = max(path.stat().st_ctime for path in drop.rglob("*")) + after
    return list(batches(drop, drop.parent / "held", now=now, settle=60))


def test_a_complete_sheet_is_taken_once_and_again_when_a_file_changes(drop: Path) -> None:
    (batch,) = look(drop)
    assert isinstance(batch, Batch)
    assert [one.name for one in batch.samples.samples] == ["a"]
    taken(batch, drop.parent / "held")
    assert look(drop) == []
    (drop / "run1" / "a.fna").write_text(">x\nACGTACGT\n")
    assert isinstance(look(drop)[0], Batch)


def test_what_changed_a_moment_ago_waits_even_if_its_times_were_set_back(drop: Path) -> None:
    os.utime(drop / "run1" / "a.fna", (0, 0))
    (waiting,) = look(drop, after=59)
    assert isinstance(waiting, Waiting)
    assert waiting.reason == "still changing"


def test_a_sheet_whose_files_are_not_all_there_waits_and_says_which(drop: Path) -> None:
    with (drop / "run1" / "sheet.csv").open("a") as handle:
        handle.write("b,,,b.fna\n")
    (waiting,) = look(drop)
    assert isinstance(waiting, Waiting)
    assert "b.fna" in waiting.reason


def test_what_is_no_sample_sheet_is_named_and_the_others_are_taken(drop: Path) -> None:
    (drop / "notes.csv").write_text("hello\nworld\n")
    (drop / ".hidden.csv").write_text("")
    kinds = {one.sheet.name: type(one) for one in look(drop)}
    assert kinds == {"notes.csv": Waiting, "sheet.csv": Batch}

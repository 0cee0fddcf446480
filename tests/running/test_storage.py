"""Files are written whole or not at all, and refusals are explained."""

import errno
import os
import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from abscope.errors import StorageError
from abscope.running.storage import (
    make_folder,
    storing,
    sweep_drafts,
    write_together,
    write_whole,
)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.txt"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="disk is full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_a_file_in_the_place_of_a_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        make_folder(tmp_path / "out" / "collection")
    assert "--outdir" in caught.value.hint


def test_errors_that_are_not_about_storage_pass_unchanged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), storing(tmp_path):
        (tmp_path / "absent").read_bytes()


def test_drafts_of_the_dead_are_swept_and_those_of_the_living_and_of_other_hosts_kept(
    tmp_path: Path,
) -> None:
    host = "".join(letter if letter.isalnum() else "-" for letter in platform.node())
    dead = tmp_path / "a" / f".x.npz.{host}_999999999.part"
    mine = tmp_path / "a" / f".y.npz.{host}_{os.getpid()}.part"
    elsewhere = tmp_path / "a" / ".z.npz.another-host_999999999.part"
    dead.parent.mkdir()
    for draft in (dead, mine, elsewhere):
        draft.write_bytes(b"half")
    sweep_drafts(tmp_path)
    assert not dead.exists()
    assert mine.exists()
    assert elsewhere.exists()


def test_files_that_belong_together_are_replaced_together(tmp_path: Path) -> None:
    write_together(tmp_path, [("page", b"old"), ("a/table", b"old"), ("gone", b"old")], last="page")
    new = [("page", b"new"), ("a/table", b"new")]
    assert write_together(tmp_path, new, last="page", gone=("gone",)) == ["a/table", "page"]
    assert (tmp_path / "page").read_bytes() == (tmp_path / "a" / "table").read_bytes() == b"new"
    assert not (tmp_path / "gone").exists()


def test_where_one_of_them_cannot_be_written_all_old_ones_stay(tmp_path: Path) -> None:
    write_together(tmp_path, [("page", b"old"), ("table", b"old")], last="page")

    def files() -> Iterator[tuple[str, bytes]]:
        yield "table", b"new"
        yield "page", b"new"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="space"):
        write_together(tmp_path, files(), last="page")
    assert (tmp_path / "page").read_bytes() == (tmp_path / "table").read_bytes() == b"old"
    assert not list(tmp_path.rglob(".*.part"))


def test_the_page_is_away_while_its_tables_change(tmp_path: Path) -> None:
    write_together(tmp_path, [("page", b"old"), ("table", b"old")], last="page")
    (tmp_path / "zz").mkdir()
    with pytest.raises(StorageError):
        write_together(tmp_path, [("page", b"new"), ("table", b"new"), ("zz", b"new")], last="page")
    assert not (tmp_path / "page").exists()
    assert not list(tmp_path.rglob(".*.part"))

"""Machines fail: killed, full, read-only, short of memory, two at once, a clock that runs backwards.

Each fault is provoked for real. The outcome: an error that says what and what to do, the exit code of
its kind, nothing lost, and the same command goes on afterwards.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from abscope import surveillance
from abscope.collection.history import Stamp
from worlds import World, abscope

WITHIN = """
import resource, sys
resource.setrlimit(resource.{limit}, ({value}, {value}))
from abscope.cli import main
sys.argv = ["abscope", *sys.argv[1:]]
main()
"""


def within(limit: str, value: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run abscope in a process that may not use more of something."""
    script = WITHIN.format(limit=limit, value=value)
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )


def explained(done: subprocess.CompletedProcess[str], code: int) -> None:
    """An error and what to do about it, no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "hint:" in done.stderr


def whole(held: Path, isolates: int) -> None:
    """The collection is as it should be, and holds so many."""
    checked = abscope("verify", str(held))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    status = json.loads(abscope("status", str(held), "--json").stdout)
    assert (status["isolates"], status["failed"]) == (isolates, 0)


def add(held: Path, sheet: Path) -> list[str]:
    return ["add", str(held), str(sheet), "--quiet", "--cpus", "1"]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("FULL DISK NOT TESTED: a small file system cannot be mounted here (not root)")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_killed_addition_loses_nothing_and_goes_on(small: World, held: Path) -> None:
    command = [sys.executable, "-m", "abscope", *add(held, small.sheet)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(held.rglob("*.npz")) and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert list(held.rglob("*.npz"))
    assert abscope(*add(held, small.sheet)).returncode == 0
    whole(held, 4)


def test_a_full_disk_refuses_an_addition_and_keeps_the_collection(small: World, full: Path) -> None:
    held = full / "held"
    abscope("init", str(held), "--organism", str(small.folder / "organism"))
    ballast = full / "ballast"
    ballast.write_bytes(bytes(1_700_000))
    explained(abscope(*add(held, small.sheet)), 1)
    ballast.unlink()
    assert abscope("verify", str(held)).returncode == 0
    assert abscope(*add(held, small.sheet)).returncode == 0
    whole(held, 4)


def test_a_full_disk_leaves_no_report_that_looks_whole(small: World, full: Path) -> None:
    out = full / "out"
    done = small.quick(out=out)
    explained(done, 1)
    assert "disk is full" in done.stderr
    assert not (out / "report.html").exists()
    assert not list(out.rglob(".*.part"))


def test_a_read_only_disk_is_explained_and_the_collection_can_still_be_read(
    small: World, full: Path
) -> None:
    held = full / "held"
    abscope("init", str(held), "--organism", str(small.folder / "organism"))
    subprocess.run(["mount", "-o", "remount,ro", str(full)], check=True)
    explained(abscope(*add(held, small.sheet)), 1)
    explained(small.quick(out=full / "out"), 1)
    subprocess.run(["mount", "-o", "remount,rw", str(full)], check=True)
    whole(held, 0)


def test_too_little_memory_is_a_reason_told_and_the_others_stay(small: World) -> None:
    """Between two limits some isolates still fit; below the first not even the program starts."""
    arguments = small.arguments("--no-tree", "--cpus", "1", "--quiet")
    for limit in (900, 1300):
        done = within("RLIMIT_AS", limit * 1024**2, *arguments)
        if done.returncode in {1, 3} and "Traceback" not in done.stderr:
            break
        assert not (small.out / "report.html").exists() or done.returncode == 0
    assert small.quick().returncode == 0
    assert (small.out / "left_out.tsv").read_text().count("\n") == 1


def test_two_processes_add_to_one_collection_and_both_are_kept(small: World, held: Path) -> None:
    head, *rows = small.sheet.read_text().splitlines()
    sheets = [small.folder / "one.csv", small.folder / "two.csv"]
    for path, part in zip(sheets, (rows[:2], rows[1:]), strict=True):
        path.write_text("\n".join([head, *part]) + "\n")
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "abscope", *add(held, sheet)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for sheet in sheets
    ]
    for one in both:
        _, stderr = one.communicate(timeout=300)
        assert one.returncode == 0, stderr
    whole(held, 4)


def test_a_clock_set_back_changes_no_order_and_no_result(small: World, held: Path) -> None:
    assert abscope(*add(held, small.sheet)).returncode == 0
    before = json.loads(abscope("log", str(held), "--json").stdout)
    with surveillance.open_desk(held) as desk:
        earlier = Stamp(at="1999-12-31T00:00:00", actor="clock")
        surveillance.remove(desk, "iso_a", reason="swapped", stamp=earlier)
        surveillance.restore(desk, "iso_a", stamp=earlier)
    after = json.loads(abscope("log", str(held), "--json").stdout)
    assert after[: len(before)] == before
    assert [line["verb"] for line in after[len(before) :]] == ["remove", "restore"]
    whole(held, 4)


def test_files_from_the_future_and_a_date_in_the_past_keep_every_case(small: World) -> None:
    later = time.time() + 10 * 365 * 86_400
    for path in (small.folder / "reads").iterdir():
        os.utime(path, (later, later))
    assert small.quick().returncode == 0
    first = (small.out / "pairs.tsv").read_bytes()
    assert small.quick("--date", "2001-01-01").returncode == 0
    assert (small.out / "pairs.tsv").read_bytes() == first
    cases = (small.out / "cases.tsv").read_text()
    assert all(f"\n{case}\t" in cases for case in "ABCDE")

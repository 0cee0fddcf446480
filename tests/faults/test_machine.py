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
import abscope.pipeline, abscope.reports.page
from abscope.cli import main
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + {more}, held + {more}))
sys.argv = ["abscope", *sys.argv[1:]]
main()
"""


def within(more: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run abscope in a process that gets so many bytes of memory beyond what its program takes."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("TOO LITTLE MEMORY NOT TESTED: this system has no /proc")
    script = WITHIN.format(more=more)
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )


def larger_than_memory(path: Path) -> Path:
    """A FASTA file of three gigabytes, nearly all of it a hole that takes no disk."""
    path.write_bytes(b">contig\nACGT\n")
    os.truncate(path, 3 * 1024**3)
    return path


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


def test_a_disk_that_fills_while_a_second_report_replaces_the_first_keeps_the_first_whole(
    small: World, full: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(full)], check=True)
    out = full / "out"
    assert small.quick(out=out).returncode == 0
    before = published(out)
    room = os.statvfs(full)
    (full / "ballast").write_bytes(bytes(room.f_bavail * room.f_frsize - 300_000))
    done = small.quick("--mincov", "3", "--title", "Another", out=out)
    explained(done, 1)
    assert "disk is full" in done.stderr
    assert published(out) == before
    assert not list(out.rglob(".*.part"))
    (full / "ballast").unlink()
    assert small.quick("--title", "Another", out=out).returncode == 0
    assert "Another" in (out / "report.html").read_text()


def published(out: Path) -> dict[str, bytes]:
    """Every file of a report."""
    names = json.loads((out / "collection" / "published.json").read_text())
    return {name: (out / name).read_bytes() for name in names}


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


def test_an_isolate_that_memory_does_not_hold_is_left_out_for_that_reason(small: World) -> None:
    larger_than_memory(small.folder / "reads" / "huge.fna")
    small.lines({"iso_d": "iso_d,,,reads/huge.fna"})
    arguments = small.arguments("--no-tree", "--cpus", "1", "--quiet")
    done = within(2 * 1024**3, *arguments)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    head, *rows = (small.out / "left_out.tsv").read_text().splitlines()
    [row] = [dict(zip(head.split("\t"), one.split("\t"), strict=True)) for one in rows]
    assert row["name"] == "iso_d"
    assert "not enough memory" in row["reason"]
    assert "--cpus" in row["hint"]
    kept = (small.out / "isolates.tsv").read_text()
    assert all(f"\n{name}\t" in kept for name in ("iso_a", "iso_b", "iso_e"))
    assert (small.out / "report.html").exists()
    small.lines({"iso_d": "iso_d,,,reads/iso_d.fna"})
    assert small.quick().returncode == 0
    assert (small.out / "left_out.tsv").read_text().count("\n") == 1


def test_a_command_that_memory_does_not_suffice_for_says_so(tmp_path: Path) -> None:
    path = larger_than_memory(tmp_path / "alignment.fasta")
    done = within(1024**3, "distances", str(path))
    explained(done, 3)
    assert "not enough memory" in done.stderr
    assert not done.stdout


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

"""A collection is killed at random moments and loses nothing. benchmarks/kills.py does so for longer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import databases

ROOT = Path(__file__).parents[2]


WORKS = {"SQLite": ("add", "remove and restore", "restore a backup"), "PostgreSQL": ("migrate",)}
PAIRS = {"SQLite": 1, "PostgreSQL": 0}


@pytest.mark.slow
@pytest.mark.parametrize("kind", WORKS)
def test_work_killed_at_random_moments_goes_on_to_the_end_of_undisturbed_work(
    kind: str, tmp_path: Path
) -> None:
    if kind == "PostgreSQL" and databases.programs() is None:
        pytest.skip(databases.NOT_HERE)
    options = ("--pairs", str(PAIRS[kind]), "--databases", kind, "--works", *WORKS[kind])
    rows = killed("benchmarks.kills", *options, out=tmp_path)
    assert len(rows) == len(WORKS[kind]) + bool(PAIRS[kind])
    assert [row for row in rows if not row.endswith("| 0 |  |")] == []


@pytest.mark.slow
def test_machines_killed_with_their_genotypes_in_an_object_store_lose_nothing(
    tmp_path: Path,
) -> None:
    rows = killed("benchmarks.kills_store", "--pairs", "1", "--databases", "SQLite", out=tmp_path)
    assert len(rows) == 3
    assert [row for row in rows if not row.endswith("| 0 |  |")] == []


def killed(benchmark: str, *options: str, out: Path) -> list[str]:
    """The rows of a benchmark's table, after two kills of each kind of work."""
    argv = [sys.executable, "-W", "error", "-m", benchmark, "--kills", "2", "--out", str(out)]
    memory = Path("/dev/shm")  # a killed process needs no disk, and a slow one makes this slow
    env = {**os.environ, "TMPDIR": str(memory if memory.is_dir() else out)}
    done = subprocess.run(
        [*argv, *options], cwd=ROOT, capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith(("| SQLite", "| Postgre"))]

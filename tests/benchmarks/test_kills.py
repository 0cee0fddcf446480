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
    argv = [
        sys.executable, "-W", "error", "-m", "benchmarks.kills", "--kills", "2", "--pairs", str(PAIRS[kind]),
        "--databases", kind, "--works", *WORKS[kind], "--out", str(tmp_path),
    ]  # fmt: skip
    memory = Path("/dev/shm")  # a killed process needs no disk, and a slow one makes this slow
    env = {**os.environ, "TMPDIR": str(memory if memory.is_dir() else tmp_path)}
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith(f"| {kind}")]
    assert len(rows) == len(WORKS[kind]) + bool(PAIRS[kind])
    assert [row for row in rows if not row.endswith("| 0 |  |")] == []

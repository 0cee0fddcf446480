"""Dask's workers and scheduler may be lost at any moment; the work is not."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import as_completed
from pathlib import Path

import pytest

from abscope.errors import SampleError, ToolError
from abscope.records import LeftOut
from abscope.running.cluster import own_workers
from abscope.running.engines import engine, settled

dask = pytest.importorskip("dask", reason="abscope[dask] is not installed")
distributed = pytest.importorskip("distributed", reason="abscope[dask] is not installed")


@pytest.fixture
def others(tmp_path: Path) -> Iterator[object]:
    """A scheduler and two workers that somebody else runs."""
    with own_workers(2, tmp_path) as made:
        yield made


def where_am_i(large: bytes, *, number: int) -> tuple[int, int, str]:
    return len(large), number, str(Path.cwd())


def fall_once(mark: Path) -> str:
    """End the worker the first time."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def always_fall() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_work_is_done_where_the_command_was_given(
    others: distributed.LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    large = b"x" * 300_000
    with engine(f"dask={others.scheduler_address}") as pool:
        jobs = [pool.submit(where_am_i, large, number=n) for n in range(4)]
        assert [job.result() for job in jobs] == [(300_000, n, str(tmp_path)) for n in range(4)]


def test_a_worker_killed_amid_a_task_costs_a_retry(tmp_path: Path) -> None:
    with engine("dask", 2) as pool:
        jobs = [pool.submit(fall_once, tmp_path / str(n)) for n in range(2)]
        assert [job.result() for job in jobs] == ["done", "done"]


def test_an_isolate_that_ends_every_worker_is_left_out_and_the_others_go_on(tmp_path: Path) -> None:
    with engine("dask", 2) as pool:
        bad = pool.submit(always_fall)
        assert isinstance(settled(bad, "bad"), LeftOut)
        with pytest.raises(SampleError, match="every worker that took it up was ended"):
            bad.result()
        assert settled(pool.submit(fall_once, tmp_path), "good") == "done"


def test_a_lost_scheduler_is_said_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    address = tmp_path / "scheduler.json"
    words = [
        "--scheduler-file",
        str(address),
        "--no-dashboard",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
    ]
    argv = [sys.executable, "-m", "distributed.cli.dask_scheduler", *words]
    scheduler = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not address.exists() or not address.read_text().endswith("}"):
            os.sched_yield()
        place = json.loads(address.read_text())["address"]
        with engine(f"dask={place}") as pool:
            jobs = [pool.submit(fall_once, tmp_path) for _ in range(2)]
            scheduler.kill()
            for job in as_completed(jobs, timeout=60):
                with pytest.raises(ToolError, match="scheduler was lost") as caught:
                    settled(job, "any")
                assert "same command again" in caught.value.hint
    finally:
        scheduler.kill()
        scheduler.wait()


def test_where_no_scheduler_answers_the_address_is_named() -> None:
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(ToolError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        engine("dask=tcp://127.0.0.1:9"),
    ):
        pass


def test_two_sets_of_workers_run_side_by_side_on_one_machine() -> None:
    with engine("dask", 1) as one, engine("dask", 1) as other:
        assert one.submit(len, "one").result() == other.submit(len, "two").result() == 3

"""Long work: a file a job in the collection's folder, and a process for each while it runs.

What is known of a job is what its file says, so that it is known after a restart too. Whatever was queued
or running when the server ended is interrupted, and its uploads are deleted.
"""

import json
import re
import secrets
import shutil
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Literal

from abscope.collection.access import Viewer
from abscope.collection.tokens import instant
from abscope.running.storage import make_folder, write_whole

Kind = Literal["add isolate", "import cases"]
State = Literal["queued", "running", "done", "failed", "interrupted"]
NAME = r"^[0-9a-f]{16}$"
ENDED: tuple[State, ...] = ("done", "failed", "interrupted")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    done: int = 0
    total: int = 1
    note: str = "waiting"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. wanted: what it needs, beside the files in its folder."""

    job: str
    kind: Kind
    subject: str
    user: str
    wanted: Mapping[str, Any]
    made: str
    state: State = "queued"
    started: str | None = None
    ended: str | None = None
    progress: Progress = Progress()
    message: str | None = None
    hint: str | None = None
    result: Mapping[str, Any] | None = None

    def is_of(self, viewer: Viewer) -> bool:
        """Whether the viewer may know of it: their own, or all for an administrator of all."""
        return self.user == viewer.user or (viewer.may("administer") and viewer.sees_all)


@dataclass(frozen=True, slots=True)
class Table:
    """The jobs of a collection, on the disk."""

    folder: Path

    def uploads(self, job: str) -> Path:
        """Where a job's uploaded files lie until it ends."""
        return self.folder / job

    def put(self, job: Job) -> Job:
        """Write a job's file, whole."""
        write_whole(self.folder / f"{job.job}.json", json.dumps(asdict(job), indent=1).encode())
        return job

    def get(self, job: str) -> Job | None:
        """A job by its name, None where there is none."""
        path = self.folder / f"{job}.json"
        if not re.fullmatch(NAME, job) or not path.is_file():
            return None
        found = json.loads(path.read_bytes())
        return Job(**{**found, "progress": Progress(**found["progress"])})

    def all(self) -> list[Job]:
        """Every job, newest first."""
        names = [path.stem for path in self.folder.glob("*.json")]
        found = [one for one in map(self.get, names) if one]
        return sorted(found, key=lambda one: (one.made, one.job), reverse=True)

    def settle(self, job: str, state: State, message: str, hint: str) -> None:
        """End a job that has not ended itself, and delete its uploads."""
        self.clear(job)
        known = self.get(job)
        if known and known.state not in ENDED:
            ended = replace(known, state=state, ended=clock(), message=message, hint=hint)
            self.put(ended)

    def clear(self, job: str) -> None:
        """Delete a job's uploads."""
        shutil.rmtree(self.uploads(job), ignore_errors=True)


Work = Callable[[Path, str], None]


class Board:
    """Takes jobs and has them done, `workers` at a time. `work` does one, given the folder and its name."""

    def __init__(self, folder: Path, work: Work, *, workers: int = 1, apart: bool = True) -> None:
        self.table = Table(make_folder(folder))
        self._work, self._apart = work, apart
        self._running: list[SpawnProcess] = []
        self._closing = False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="abscope-job")
        for job in self.table.all():
            self.table.settle(job.job, "interrupted", "the server ended before the job", _AGAIN)

    def draft(self) -> str:
        """A name for a new job, whose folder for uploads is there."""
        name = secrets.token_hex(8)
        make_folder(self.table.uploads(name))
        return name

    def submit(self, job: Job) -> Job:
        """Queue a job; it is on the disk before this returns."""
        self.table.put(job)
        self._threads.submit(self._run, job.job)
        return job

    def close(self) -> None:
        """Start nothing more; end what runs."""
        self._closing = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._running):
            process.terminate()
        self._threads.shutdown(wait=True)

    def _run(self, job: str) -> None:
        if self._apart:
            words = (self._work, self.table.folder, job)
            process = get_context("spawn").Process(target=_quietly, args=words, daemon=True)
            process.start()
            self._running.append(process)
            if self._closing:  # it began while we were ending the others
                process.terminate()
            process.join()
            self._running.remove(process)
        else:
            self._work(self.table.folder, job)
        self.table.settle(job, "interrupted", "the work was ended from outside", _AGAIN)


def _quietly(work: Work, folder: Path, job: str) -> None:
    """Ctrl-C at the terminal is for the server, which ends its jobs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(folder, job)


_AGAIN = "upload again; nothing is added twice"


def clock() -> str:
    """Now, as jobs write it."""
    return instant(datetime.now(UTC))

"""What `abscope watch` does between parsing and exit: take what is complete, look, deliver, wait."""

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from abscope import surveillance
from abscope.cli.collection_session import stamp
from abscope.collection.watch import Tower, deliver, look
from abscope.errors import AbscopeError
from abscope.records import Sample
from abscope.running import drop_folder
from abscope.running.drop_folder import Batch
from abscope.settings import Settings
from abscope.surveillance import Desk


@dataclass(frozen=True, slots=True)
class Round:
    """What one look does. day: None, today."""

    folder: Path
    drop: Path | None
    knowing: Path
    jurisdiction: str
    baseline: bool
    settle: float
    day: date | None


def run(asked: Round, *, follow: bool, every: float, cpus: int) -> int:
    """Look once, or until told to stop; the exit code: 1 where something was not delivered or added.

    SIGTERM and SIGINT end it after the isolates being worked on; nothing is lost by harder ends either.
    """
    settings = Settings(cpus=cpus)
    with stopping() as stop:
        code = _round(asked, settings, stop)
        while follow and not stop.wait(every):
            try:
                code = _round(asked, settings, stop)
            except AbscopeError as error:  # a disk or database may come back
                typer.echo(f"error: {error.message}", err=True)
                code = error.exit_code
    return 0 if follow else code


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that is set when the process is asked to end."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _round(asked: Round, settings: Settings, stop: threading.Event) -> int:
    opened = surveillance.open_desk(asked.folder, threads=settings.cpus, knowing=asked.knowing)
    with opened as desk:
        tower = Tower(desk.collection, desk.charter, asked.knowing)
        code = _told(tower, asked)
        for batch in _complete(asked):
            code |= _take(desk, tower, asked, batch, settings=settings, stop=stop)
            if stop.is_set():
                break
    return code


def _told(tower: Tower, asked: Round) -> int:
    """Look and deliver; 1 where a channel failed."""
    found = look(tower, day=asked.day or date.today(), stamp=stamp(), silently=asked.baseline)
    sent = deliver(tower, clock=time.time)
    for key, channel, reason in sent.failed:
        typer.echo(f"not delivered: {key} by {channel}: {reason}; it is tried again", err=True)
    if found or sent.done:
        kept = "kept silently" if asked.baseline else "new"
        typer.echo(f"{len(found)} alerts {kept}, {len(sent.done)} delivered", err=True)
    return 1 if sent.failed else 0


def _complete(asked: Round) -> Iterator[Batch]:
    """Sheets of the drop folder that can be taken; on stderr why others cannot yet."""
    if asked.drop is None:
        return
    found = drop_folder.batches(asked.drop, asked.folder, now=time.time(), settle=asked.settle)
    for one in found:
        if isinstance(one, Batch):
            yield one
        else:
            typer.echo(f"{one.sheet}: {one.reason}", err=True)


def _take(
    desk: Desk, tower: Tower, asked: Round, batch: Batch, *, settings: Settings,
    stop: threading.Event,
) -> int:  # fmt: skip
    """Add a batch, as many isolates at a time as there are processors, and tell of each lot at once."""
    code = 0
    for some in _lots(batch.samples.samples, settings.cpus):
        done = surveillance.add(
            desk, some, settings=settings, stamp=stamp(), jurisdiction=asked.jurisdiction
        )
        for one in done.admitted:
            state = f"known as {one.known_as}" if one.known_as else f"added, {one.address}"
            typer.echo(f"{one.isolate_id}: {state}", err=True)
        for lost in done.left_out:
            typer.echo(f"left out: {lost.name}: {lost.reason}", err=True)
            code = 1
        code |= _told(tower, asked)
        if stop.is_set():
            return code
    drop_folder.taken(batch, asked.folder)
    return code


def _lots(items: Sequence[Sample], size: int) -> Iterator[Sequence[Sample]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]

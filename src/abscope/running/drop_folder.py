"""A folder into which sequencers put their output: which sample sheets are complete, and which were taken.

A sheet is complete when every file it names is there and neither it nor they have changed for a while. What
was taken is written down in the collection, so the folder itself may be read-only; a sheet or file that
changes later is taken again, and isolates that are known already are not doubled.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import AbscopeError
from abscope.formats import sample_sheet
from abscope.records import SampleSheet
from abscope.running.storage import write_whole

ENDINGS = (".csv", ".tsv", ".xlsx")
TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Batch:
    """A sheet with its samples. state: digest of its path and of size and times of all its files."""

    sheet: Path
    samples: SampleSheet
    state: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet that cannot be taken yet, or not at all, and why."""

    sheet: Path
    reason: str


def batches(
    folder: Path, collection: Path, *, now: float, settle: float
) -> Iterator[Batch | Waiting]:
    """Sheets in the folder and one level below that were not taken yet, by name.

    now: seconds since 1970. settle: seconds without a change after which a file is complete.
    """
    for sheet in _sheets(folder):
        try:
            given = sample_sheet.read(sheet)
            files = [sheet, *(path for one in given.samples for path in one.files)]
            times = [_times(path) for path in files]
        except AbscopeError as error:
            yield Waiting(sheet, error.message)
            continue
        except OSError as error:
            yield Waiting(sheet, f"{error.filename}: {error.strerror}")
            continue
        state = _digest(files, times)
        if (collection / TAKEN / state).exists():
            continue
        if given.left_out:
            missing = "; ".join(f"{one.name}: {one.reason}" for one in given.left_out)
            yield Waiting(sheet, f"not complete: {missing}")
        elif now - max(changed for _, changed in times) < settle:
            yield Waiting(sheet, "still changing")
        else:
            yield Batch(sheet, given, state)


def taken(batch: Batch, collection: Path) -> None:
    """Write down that a batch was added. Raises StorageError."""
    write_whole(collection / TAKEN / batch.state, f"{batch.sheet}\n".encode())


def _sheets(folder: Path) -> list[Path]:
    places = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    return [
        path
        for place in places
        for path in sorted(place.iterdir())
        if path.suffix in ENDINGS and path.is_file() and not path.name.startswith(".")
    ]


def _times(path: Path) -> tuple[int, float]:
    """Size, and when it last changed: content, name or times, whatever its times were set to."""
    found = path.stat()
    return found.st_size, max(found.st_mtime, found.st_ctime)


def _digest(files: list[Path], times: list[tuple[int, float]]) -> str:
    told = repr([(str(path.resolve()), *when) for path, when in zip(files, times, strict=True)])
    return hashlib.sha256(told.encode()).hexdigest()[:32]

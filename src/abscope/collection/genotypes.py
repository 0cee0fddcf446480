"""The genotypes of one reference on disk: files that only grow, mapped into memory to be asked.

A folder with five data files and `head.json`, which says how much of each counts. Isolates are added
by writing beyond what counts, to the disk, and then replacing the head: whole or not at all. Whoever
has the folder open meanwhile goes on seeing what it opened. One process writes at a time.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abscope.errors import DataError, StorageError
from abscope.population import neighbours
from abscope.population.packing import Words, words_for
from abscope.records.genotypes import MEMBER, Genotypes
from abscope.running.storage import make_folder, storing, write_whole

LAYOUT = 1

_ARRAYS = ("representatives", "members", "deltas", "runs")
_NAMES = "names"

Parts = Mapping[str, bytes]  # bytes that isolates add to each file


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """Genotypes of one reference as they were when opened. Made by `open_genotypes` and `add`.

    reference: its digest. sizes: bytes that count of every file.
    """

    folder: Path
    reference: str
    genotypes: Genotypes
    sizes: Mapping[str, int] = field(repr=False)

    def names(self) -> tuple[str, ...]:
        """The isolates' names, in the order of the genotypes."""
        text = stretch(self, _NAMES, 0, self.sizes[_NAMES])
        return tuple(text.decode().split("\n")[:-1])

    @property
    def nbytes(self) -> int:
        """Bytes of all files that count."""
        return sum(self.sizes.values())


def open_genotypes(folder: Path, *, reference: str, length: int) -> Stored:
    """Map what the folder holds into memory; nobody where there is no folder yet.

    reference: the digest of the genome the isolates are called against, `length` positions. Raises
    DataError where the folder holds isolates of another one, StorageError where files are cut short.
    """
    path = folder / "head.json"
    try:
        with storing(folder):
            head = json.loads(path.read_bytes())
    except FileNotFoundError:
        sizes = dict.fromkeys((*_ARRAYS, _NAMES), 0)
        return Stored(folder, reference, neighbours.empty(length), sizes)
    except ValueError as error:
        raise StorageError(f"{path}: cannot be read ({error})", hint=_RESTORE) from error
    expected = {"layout": LAYOUT, "reference": reference, "length": length}
    if strange := [name for name, value in expected.items() if head.get(name) != value]:
        raise DataError(
            f"{folder}: genotypes of another {' and '.join(strange)} than asked for",
            hint="open them with the reference they were stored with, or store them anew",
        )
    arrays = {name: _mapped(folder / name, head["sizes"][name], length) for name in _ARRAYS}
    return Stored(folder, reference, Genotypes(length, **arrays), head["sizes"])


def add(stored: Stored, names: Sequence[str], planes: Words) -> Stored:
    """Put isolates at the end, planes (n, 3, words) as packing.pack makes them; all, or none.

    Raises as `parts_of` and `extend`.
    """
    return extend(stored, parts_of(stored, names, planes))


def parts_of(stored: Stored, names: Sequence[str], planes: Words) -> Parts:
    """What isolates add to the end of every file. Raises DataError where a name holds a line break."""
    if len(names) != len(planes) or any(set(name) & set("\r\n") or not name for name in names):
        raise DataError("every isolate needs a name on one line", hint="rename the isolate")
    added = neighbours.addition(stored.genotypes, planes)
    parts = {name: np.ascontiguousarray(getattr(added, name)).tobytes() for name in _ARRAYS}
    return {**parts, _NAMES: "".join(f"{name}\n" for name in names).encode()}


def extend(stored: Stored, parts: Parts) -> Stored:
    """Put bytes at the end of every file; all, or none.

    Raises DataError where `stored` is older than what the folder holds, StorageError where the disk
    refuses; the folder is then as it was.
    """
    if _head_sizes(stored.folder) not in (None, dict(stored.sizes)):
        raise DataError(
            f"{stored.folder}: isolates were added by somebody else",
            hint="open the genotypes again and add to those",
        )
    make_folder(stored.folder)
    for name, part in parts.items():
        if part:
            _append(stored.folder / name, part, stored.sizes[name])
    sizes = {name: stored.sizes[name] + len(part) for name, part in parts.items()}
    length = stored.genotypes.length
    head = {"layout": LAYOUT, "reference": stored.reference, "length": length, "sizes": sizes}
    write_whole(stored.folder / "head.json", json.dumps(head, indent=1).encode())
    _keep_names(stored.folder)
    return open_genotypes(stored.folder, reference=stored.reference, length=length)


def stretch(stored: Stored, name: str, start: int, end: int) -> bytes:
    """Bytes of one of the files; fewer where they do not reach `end`."""
    if start >= end:
        return b""
    with storing(stored.folder), (stored.folder / name).open("rb") as file:
        file.seek(start)
        return file.read(end - start)


_RESTORE = "restore the folder from a backup, or store the genotypes anew from the profiles"


def _head_sizes(folder: Path) -> dict[str, int] | None:
    try:
        with storing(folder):
            head: dict[str, Any] = json.loads((folder / "head.json").read_bytes())
    except FileNotFoundError:
        return None
    return dict(head["sizes"])


def _append(path: Path, part: bytes, after: int) -> None:
    """Write behind the first `after` bytes; what an interrupted process left there is overwritten."""
    with storing(path):
        path.touch()
    with storing(path), path.open("r+b") as file:
        file.truncate(after)
        file.seek(after)
        file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _keep_names(folder: Path) -> None:
    """Bring the folder's own list of files to the disk: a new head survives a loss of power."""
    with storing(folder):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _mapped(path: Path, size: int, length: int) -> NDArray[Any]:
    """The first `size` bytes of a file as its array."""
    kind, row = {
        "representatives": (np.dtype("<u8"), (2, words_for(length))),
        "members": (MEMBER, ()),
        "deltas": (np.dtype("<u2"), ()),
        "runs": (np.dtype("<u2"), ()),
    }[path.name]
    if not size:
        return np.zeros((0, *row), kind)
    try:
        with storing(path):
            flat = np.memmap(path, np.uint8, "r", shape=(size,))
    except (FileNotFoundError, ValueError) as error:
        raise StorageError(f"{path}: is missing or cut short", hint=_RESTORE) from error
    return np.asarray(flat).view(kind).reshape(-1, *row)

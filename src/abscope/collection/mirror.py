"""A collection's genotypes and profiles in an object store; its folder has a copy that may be deleted.

An isolate's genotype is one object, named by its row and made once; every 128 rows, and every 16,384, are
once more one object together, so that a new machine asks for few. Nothing is ever replaced or deleted
and no list is kept: whoever has n rows asks for row n. The store comes first: what is in the folder, or in
the database, is in the store. So a copy is never ahead, and brought up to date by what is missing.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from abscope.collection import genotypes, profiles
from abscope.collection.genotypes import Parts, Stored
from abscope.collection.objects import Objects
from abscope.errors import StorageError
from abscope.population.packing import Words
from abscope.records.genotypes import MEMBER
from abscope.running.storage import make_folder, write_whole

TOGETHER = (16_384, 128, 1)  # rows an object holds, most first
_LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of genotypes. sizes: bytes of every file before them. parts: the bytes they add."""

    sizes: Mapping[str, int]
    parts: Parts

    @property
    def rows(self) -> int:
        """How many isolates."""
        return len(self.parts["members"]) // MEMBER.itemsize


@dataclass(frozen=True, slots=True)
class Mirror:
    """A collection's objects, and what its folder does to be a copy of them."""

    objects: Objects
    _copies: set[Path] = field(default_factory=set, repr=False, compare=False)

    def catch_up(self, stored: Stored) -> Stored:
        """The copy, with every row that the store has by now.

        Raises StorageError where the store does not answer, an object is damaged, or the folder's rows
        are not the store's.
        """
        self._recognise(stored)
        if self._after(stored) is None:
            return stored
        with _turn(stored.folder):
            stored = _again(stored)
            while piece := self._after(stored):
                stored = genotypes.extend(stored, piece.parts)
        return stored

    def add(self, stored: Stored, name: str, planes: Words) -> Stored:
        """Put an isolate, (3, words), at the end: into the store, then into the copy. Raises StorageError.

        The caller holds the database's lock, and `stored` has caught up since.
        """
        parts = genotypes.parts_of(stored, [name], planes[np.newaxis])
        with _turn(stored.folder):
            row = len(stored.genotypes)
            if not self.objects.create(_name(stored, row, 1), _encoded(stored, parts)):
                raise StorageError(
                    f"{self.objects.url}: an isolate was added by somebody else at the same moment",
                    hint="give the command again",
                )
            stored = genotypes.extend(stored, parts)
        self._join(stored)
        return stored

    def keep_profile(self, folder: Path, key: str) -> None:
        """Put the folder's profile into the store."""
        self.objects.put(_profile(key), profiles.path_of(folder, key).read_bytes())

    def fetch_profile(self, folder: Path, key: str) -> bool:
        """Put the store's profile into the folder; whether there is one."""
        content = self.objects.get(_profile(key))
        if content is None:
            return False
        write_whole(profiles.path_of(folder, key), content)
        return True

    def lacks_profile(self, key: str) -> str | None:
        """What is wrong with the store's profile; None where nothing is."""
        try:
            missing = self.objects.get(_profile(key)) is None
        except StorageError as error:
            return error.message
        return f"{self.objects.url}/{_profile(key)}: is missing" if missing else None

    def lacks_rows(self, stored: Stored) -> Iterator[str]:
        """What is wrong with what a new machine would fetch, compared with the copy."""
        row, count = 0, len(stored.genotypes)
        while row < count:
            try:
                piece = self._at(stored, row)
            except StorageError as error:
                yield error.message
                return
            if piece is None:
                yield f"{self.objects.url}: holds {row} genotypes of {count}"
                return
            if not _is_in(stored, piece):
                yield f"{self.objects.url}: other genotypes than the folder's from row {row} on"
            row += piece.rows

    def _after(self, stored: Stored) -> Piece | None:
        """What follows the rows of the copy."""
        piece = self._at(stored, len(stored.genotypes))
        if piece is not None and dict(piece.sizes) != dict(stored.sizes):
            raise self._not_a_copy(stored)
        return piece

    def _at(self, stored: Stored, row: int) -> Piece | None:
        """The largest object that begins with a row."""
        for size in TOGETHER:
            if row % size == 0 and (piece := self._piece(stored, row, size)):
                return piece
        return None

    def _piece(self, stored: Stored, row: int, size: int) -> Piece | None:
        name = _name(stored, row, size)
        content = self.objects.get(name)
        if content is None:
            return None
        line, _, rest = content.partition(b"\n")
        head = json.loads(line)
        about = {name: head.get(name) for name in ("layout", "reference", "length")}
        if about != _about(stored):
            raise StorageError(
                f"{self.objects.url}/{name}: of another reference, or written by a newer abscope",
                hint="use that version, or the collection's own store",
            )
        parts, start = {}, 0
        for file, length in head["parts"].items():
            parts[file] = rest[start : start + length]
            start += length
        return Piece(head["sizes"], parts)

    def _recognise(self, stored: Stored) -> None:
        """Once for every folder: its last row is the store's."""
        if stored.folder in self._copies:
            return
        if count := len(stored.genotypes):
            last = self._piece(stored, count - 1, 1)
            if last is None or not _is_in(stored, last):
                raise self._not_a_copy(stored)
        self._copies.add(stored.folder)

    def _not_a_copy(self, stored: Stored) -> StorageError:
        return StorageError(
            f"{stored.folder}: is not a copy of what {self.objects.url} holds",
            hint="move the folder away, and it is fetched anew; abscope verify says if the store is whole",
        )

    def _join(self, stored: Stored) -> None:
        """Make one object of the last rows, each time they are 128 or 16,384. The copy has them all."""
        count = len(stored.genotypes)
        for size in TOGETHER[:-1]:
            first = self._piece(stored, count - size, 1) if count % size == 0 else None
            if first is not None:
                before = first.sizes
                parts = {
                    name: genotypes.stretch(stored, name, before[name], stored.sizes[name])
                    for name in stored.sizes
                }
                name = _name(stored, count - size, size)
                self.objects.create(name, _encoded(stored, parts, sizes=before))


def _about(stored: Stored) -> dict[str, Any]:
    length = stored.genotypes.length
    return {"layout": _LAYOUT, "reference": stored.reference, "length": length}


def _encoded(stored: Stored, parts: Parts, *, sizes: Mapping[str, int] | None = None) -> bytes:
    """An object's content: what it is on one line, then the parts. sizes: before them."""
    lengths = {name: len(part) for name, part in parts.items()}
    head = {**_about(stored), "sizes": dict(sizes or stored.sizes), "parts": lengths}
    return json.dumps(head).encode() + b"\n" + b"".join(parts.values())


def _is_in(stored: Stored, piece: Piece) -> bool:
    """Whether the copy holds the piece, as far as the copy goes."""
    for name, part in piece.parts.items():
        start = piece.sizes[name]
        here = genotypes.stretch(stored, name, start, min(start + len(part), stored.sizes[name]))
        if here != part[: len(here)]:
            return False
    return True


def _again(stored: Stored) -> Stored:
    length = stored.genotypes.length
    return genotypes.open_genotypes(stored.folder, reference=stored.reference, length=length)


def _name(stored: Stored, row: int, size: int) -> str:
    return f"genotypes/{stored.reference[:16]}/{size}/{row:09d}"


def _profile(key: str) -> str:
    return f"profiles/{key[:2]}/{key}.npz"


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process of this machine at a time brings a copy up to date; a killed one lets go."""
    handle = os.open(make_folder(folder), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

"""Objects in a store by URL (`s3://`, `gs://`, `file://`): each whole or not there, with its checksum.

An object is the SHA-256 of its name and content, a line break, and the content. Those made once are made
on the store's condition that nobody has: two machines cannot give one name to two things.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from abscope.errors import StorageError, UsageError
from abscope.running.storage import drafted, write_whole

_DISK = "file"
_STORES = (
    _DISK,
    "memory",
    "s3",
    "s3a",
    "gs",
    "gcs",
    "az",
    "abfs",
    "abfss",
)  # a PUT is whole or not


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects below a URL. Made by `open_objects`. files: fsspec's file system. root: its folder there."""

    url: str
    files: Any
    root: str

    def get(self, name: str) -> bytes | None:
        """An object's content; None where there is none. Raises StorageError where it is damaged."""
        with self._answering(name):
            try:
                sealed: bytes = self.files.cat_file(self._path(name))
            except FileNotFoundError:
                return None
        digest, _, content = sealed.partition(b"\n")
        if digest != _digest(name, content):
            raise StorageError(f"{self.url}/{name}: is damaged", hint=_DAMAGED)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Make an object, in the place of one that is there. Raises StorageError."""
        sealed = _sealed(name, content)
        with self._answering(name):
            if self._on_disk:
                write_whole(Path(self._path(name)), sealed)
            else:
                self.files.pipe_file(self._path(name), sealed)

    def create(self, name: str, content: bytes) -> bool:
        """Make an object nobody has made: whether it is there and holds `content`, not something else.

        A store may have made it and its answer been lost, so what went wrong is not believed before the
        object has been looked for. Raises StorageError where there is none.
        """
        sealed = _sealed(name, content)
        try:
            if self._on_disk:
                _link(Path(self._path(name)), sealed)
            else:
                self.files.pipe_file(self._path(name), sealed, mode="create")
        except Exception:
            there = self.get(name)
            if there is not None:
                return there == content
            with self._answering(name):
                raise
        return True

    @property
    def _on_disk(self) -> bool:
        return urlsplit(self.url).scheme == _DISK

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    @contextmanager
    def _answering(self, name: str) -> Iterator[None]:
        """Turn whatever a store's client raises into StorageError; each has errors of its own."""
        try:
            yield
        except StorageError:
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {error}".rstrip(": ")
            raise StorageError(f"{self.url}/{name}: {what}", hint=_REACH) from error


def open_objects(url: str) -> Objects:
    """The store at a URL; nothing is asked of it yet.

    Raises UsageError where it is not one that takes objects whole, StorageError where a package for it is
    missing.
    """
    parts = urlsplit(url)
    if parts.scheme not in _STORES or parts.password is not None or "::" in url:
        raise UsageError(
            f"{url.rpartition('@')[2]}: not an object store's URL",
            hint="give one that begins with s3://, gs://, az:// or file://, without a password in it",
        )
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise StorageError(
            "an object store needs fsspec", hint="pip install 'abscope[objects]'"
        ) from error
    try:
        files, root = url_to_fs(url)
    except ImportError as error:
        raise StorageError(f"{url}: {error}", hint="pip install what it names") from error
    return Objects(url.rstrip("/"), files, root.rstrip("/"))


def refuse_careless(store: Objects) -> None:
    """Raise UsageError where the store lets an object be made a second time."""
    store.create("probe", b"first")
    if store.create("probe", b"second"):
        raise UsageError(
            f"{store.url}: replaces what is there although told not to",
            hint="use a store that knows conditional writes (If-None-Match)",
        )


_REACH = (
    "check that it can be reached, and the right to list, read and write; nothing saved is lost, "
    "give the command again"
)
_DAMAGED = "bring back the object's earlier version, or make the collection anew from a backup"


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + content).hexdigest().encode()


def _sealed(name: str, content: bytes) -> bytes:
    return _digest(name, content) + b"\n" + content


def _link(path: Path, content: bytes) -> None:
    """Put `content` at `path` unless something is there; on the disk, name and all."""
    draft = drafted(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

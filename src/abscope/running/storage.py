"""Write whole or not at all, and say plainly when a folder or disk does not let us."""

import errno
import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from abscope.errors import StorageError

_REMEDY = {
    errno.ENOSPC: ("the disk is full", "free some space and run again; finished isolates are kept"),
    errno.EDQUOT: (
        "the disk quota is used up",
        "free some space and run again; finished isolates are kept",
    ),
    errno.EFBIG: (
        "the file would be larger than allowed",
        "raise the file size limit and run again",
    ),
    errno.EROFS: ("the disk is read-only", "choose another --outdir"),
    errno.EACCES: ("permission denied", "choose another --outdir, or ask for write permission"),
    errno.EPERM: ("permission denied", "choose another --outdir, or ask for write permission"),
    errno.EISDIR: ("a folder stands where a file is needed", "choose another --outdir"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "choose another --outdir"),
    errno.EEXIST: ("a file stands where a folder is needed", "choose another --outdir"),
    errno.EIO: (
        "the disk reports an input/output error",
        "check the disk; copy your data away first",
    ),
}


_HOST = "".join(letter if letter.isalnum() else "-" for letter in platform.node())


@contextmanager
def storing(where: Path) -> Iterator[None]:
    """Turn the operating system's refusals to write into StorageError."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REMEDY:
            raise
        what, remedy = _REMEDY[error.errno]
        raise StorageError(f"{error.filename or where}: {what}", hint=remedy) from error


def make_folder(folder: Path) -> Path:
    """Create `folder` and its parents; raises StorageError where that is refused."""
    try:
        with storing(folder):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be made ({error.strerror})", hint="choose another --outdir"
        ) from error
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a reader sees the old file or the new one, never a part.

    The bytes reach the disk before the name does. Raises StorageError.
    """
    draft = drafted(path, content)
    try:
        with storing(path):
            draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_together(
    folder: Path, files: Iterable[tuple[str, bytes]], *, last: str, gone: Iterable[str] = ()
) -> list[str]:
    """Put files that belong together into `folder`: all of them, or none, and the old ones stay.

    All are on the disk as drafts before the first takes its name. `last` is away meanwhile and comes back
    last, so that who finds it finds what belongs to it; `gone` are removed where no file takes their place.
    Returns the names written. Raises StorageError.
    """
    drafts: dict[str, Path] = {}
    try:
        for name, content in files:
            drafts[name] = drafted(folder / name, content)
        names = sorted(drafts, key=lambda name: name == last)
        with storing(folder):
            for name in (last, *(set(gone) - set(names))):
                (folder / name).unlink(missing_ok=True)
            for name in names:
                drafts[name].replace(folder / name)
    except BaseException:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise
    return names


def drafted(path: Path, content: bytes) -> Path:
    """`content` on the disk beside `path`, whole, under the name of a draft. Raises StorageError."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{_HOST}_{os.getpid()}.part")
    try:
        with storing(path), draft.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def sweep_drafts(folder: Path) -> None:
    """Remove what an interrupted process of this host left half-written below `folder`.

    A living process keeps its own, and so does every other host that shares the disk.
    """
    for draft in folder.rglob(".*.part"):
        host, _, pid = draft.name.split(".")[-2].rpartition("_")
        if host == _HOST and not (pid.isdigit() and _alive(int(pid))):
            draft.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

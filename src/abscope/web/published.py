"""The run's files as they are: its report, and what else it published, by the list it left of them."""

import json
from pathlib import Path

from abscope.collection import audit
from abscope.collection.paged import Part, Window, part
from abscope.web.answers import PublishedFile
from abscope.web.held import Ask, Held, NotHeldError

_LIST = Path("collection") / "published.json"


def listed(held: Held, ask: Ask, window: Window) -> Part[PublishedFile]:
    """The files, in the order they were written. Raises NotHeldError, AccessError."""
    ask.viewer.must("see cases")
    folder = held.must_run(ask.viewer).folder
    found = part(_names(folder), window)
    rows = [PublishedFile(name=name, size=(folder / name).stat().st_size) for name in found.rows]
    return Part(tuple(rows), found.total)


def path_of(held: Held, ask: Ask, name: str) -> Path:
    """Where a published file lies; that it was read is in the audit log.

    Only names of the list, spelled as there, are found, and only where they lie within the folder.
    """
    ask.viewer.must("see cases")
    folder = held.must_run(ask.viewer).folder
    path = folder / name
    if name not in _names(folder) or not path.resolve().is_relative_to(folder.resolve()):
        raise NotHeldError(f"{name}: no such file", hint="/files lists them")
    if held.desk is not None:
        with audit.reading(held.desk.collection.engine, ask.stamp, "see run", name):
            pass
    return path


def _names(folder: Path) -> list[str]:
    """Names that the run left a list of, as far as they are there."""
    path = folder / _LIST
    told = json.loads(path.read_bytes()) if path.is_file() else ["report.html"]
    return [name for name in told if (folder / name).is_file()]

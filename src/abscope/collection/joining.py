"""One collection on several machines: its charter, references and masks lie in the object store as well."""

import json
import os
from pathlib import Path

from abscope.collection import charter
from abscope.collection.charter import Charter
from abscope.collection.objects import Objects, open_objects, refuse_careless
from abscope.errors import StorageError, UsageError
from abscope.running.storage import write_whole


def found(made: Charter) -> None:
    """Found a collection in its object store, where it has one, and in its folder.

    Interrupted, it goes on when called again. Raises UsageError where there is a collection, or where the
    store replaces what is there.
    """
    if made.genotypes is not None and not (made.folder / charter.FILE).exists():
        _publish(open_objects(made.genotypes), dict(charter.files(made)))
    charter.found(made)


def _publish(store: Objects, files: dict[str, bytes]) -> None:
    if store.get(charter.FILE) not in (None, files[charter.FILE]):
        raise UsageError(
            f"{store.url}: holds a collection already",
            hint=f"abscope join FOLDER {store.url} uses it on this machine",
        )
    refuse_careless(store)
    for name, content in files.items():
        if not store.create(name, content):
            raise UsageError(
                f"{store.url}/{name}: is there, and another", hint="choose an empty place"
            )


def join(folder: Path, url: str) -> Charter:
    """Use a collection founded on another machine from this one too, in a folder of its own.

    Raises UsageError where there is none at the URL, or its database is a file on the other machine.
    """
    if (folder / charter.FILE).exists():
        raise UsageError(f"{folder}: is a collection already", hint="choose another folder")
    store = open_objects(url)
    content = store.get(charter.FILE)
    if content is None:
        raise UsageError(f"{store.url}: no collection here", hint="abscope init founds one")
    data = json.loads(content)
    if data["genotypes"] != store.url:
        raise UsageError(f"{store.url}: was founded as {data['genotypes']}", hint="give that URL")
    if not (data["database"] or os.environ.get(charter.URL_VARIABLE)):
        raise UsageError(
            f"{store.url}: the collection's database is a file on another machine",
            hint="several machines share a collection founded with --database URL",
        )
    for row in data["references"]:
        for name in (charter.sequence_file(row["name"]), charter.mask_file(row["name"])):
            write_whole(folder / name, _must(store, name))
    write_whole(folder / charter.FILE, content)
    return charter.read(folder)


def agree(known: Charter) -> None:
    """Raise StorageError where the object store does not hold this very collection."""
    if known.genotypes is None:
        return
    store = open_objects(known.genotypes)
    if store.get(charter.FILE) != (known.folder / charter.FILE).read_bytes():
        raise StorageError(
            f"{store.url}: does not hold the collection in {known.folder}",
            hint="check that the store is the right one, and that nothing of it was deleted",
        )


def _must(store: Objects, name: str) -> bytes:
    content = store.get(name)
    if content is None:
        raise StorageError(f"{store.url}/{name}: is missing", hint="bring back what was deleted")
    return content

"""A collection in one file, and back: every row, every profile, every genotype, each with its checksum.

A tar archive: `tables/*.jsonl` (one consistent view of the database), the collection's files, and last
`checksums.json`. It is written whole or not at all, and unpacks into SQLite or PostgreSQL alike.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from abscope.collection import charter
from abscope.collection.database import writing
from abscope.collection.schema import metadata
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.errors import DataError, UsageError
from abscope.running.storage import make_folder, storing, write_whole

CHECKSUMS = "checksums.json"
LAYOUT = 1
_LOCKED = ("charter.json", "references.lock.json", "genotypes", "cases")
_WRITTEN_ONCE = ("references", "masks", "profiles")
_SECRET = ("users", "tokens", "attempts")  # whoever restores a backup sets up access anew


def backup(collection: Collection, path: Path, *, shelves: Sequence[Shelf] = ()) -> int:
    """Write everything to the archive `path`; how many files it holds.

    shelves: genotypes in an object store, to be fetched first; so are profiles. Log-ins and passwords are
    not part of it. Raises StorageError where the disk refuses.
    """
    draft = path.with_name(f".{path.name}.part")
    sums: dict[str, str] = {}
    make_folder(path.parent)
    with storing(path):
        try:
            with draft.open("wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
                for name, content in _contents(collection, shelves):
                    sums[name] = hashlib.sha256(content).hexdigest()
                    _put(archive, name, content)
                about = {"layout": LAYOUT, "sha256": sums}
                _put(archive, CHECKSUMS, json.dumps(about, indent=1).encode())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return len(sums)


def unpack(path: Path, folder: Path, *, database: str | None = None) -> int:
    """Make the collection in a backup anew in `folder`; how many files there were.

    Nothing is written before every checksum has been found right; interrupted, it goes on when called
    again. Raises UsageError where the folder or the database holds another collection, DataError listing
    what is damaged or missing.
    """
    if (folder / charter.FILE).exists():
        raise UsageError(f"{folder}: holds a collection already", hint=_EMPTY)
    sums = check(path)
    with open_collection(folder, database=database) as collection:
        _fill(collection, dict(_tables(path)))
        for name, content in _read(path):
            if not name.startswith("tables/") and name not in (CHECKSUMS, charter.FILE):
                write_whole(folder / name, content)
    for name, content in _read(path):  # last: without a charter there is no collection
        if name == charter.FILE:
            write_whole(folder / name, charter.moved(content, database))
    return len(sums)


def check(path: Path) -> Mapping[str, str]:
    """The checksums of a backup, all of them right. Raises DataError listing every file that is not."""
    found = {name: hashlib.sha256(content).hexdigest() for name, content in _read(path)}
    try:
        [about] = [json.loads(content) for name, content in _read(path) if name == CHECKSUMS]
    except ValueError as error:
        raise DataError(
            f"{path}: holds no checksums, so it is not a whole backup", hint=_ANOTHER
        ) from error
    found.pop(CHECKSUMS)
    expected: dict[str, str] = about["sha256"]
    problems = [f"{name}: missing" for name in sorted(set(expected) - set(found))]
    problems += [f"{name}: not part of the backup" for name in sorted(set(found) - set(expected))]
    problems += [
        f"{name}: damaged"
        for name in sorted(set(found) & set(expected))
        if found[name] != expected[name]
    ]
    if problems:
        raise DataError.collect(str(path), problems, hint=_ANOTHER)
    return expected


_ANOTHER = "use another backup"
_EMPTY = "restore a backup into an empty folder, and an empty database"


def _contents(collection: Collection, shelves: Sequence[Shelf]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes. Rows, and files that grow, are read while nobody writes; then the profiles.

    A profile never changes and is there before its row: so those the rows speak of are among them.
    """
    with writing(collection.engine) as connection:
        for table in metadata.sorted_tables:
            if table.name not in _SECRET:
                yield f"tables/{table.name}.jsonl", _rows(connection, table)
        for shelf in shelves:
            shelf.stored()
        yield from _files(collection.folder, _LOCKED)
    collection.fetch_profiles()
    yield from _files(collection.folder, _WRITTEN_ONCE)


def _files(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for start in names:
        place = folder / start
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in found:
            if path.is_file() and not path.name.endswith(".part"):
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def _rows(connection: sa.Connection, table: sa.Table) -> bytes:
    query = sa.select(table).order_by(*table.primary_key.columns)
    rows = connection.execute(query).mappings()
    return "".join(json.dumps(dict(row), sort_keys=True) + "\n" for row in rows).encode()


def _fill(collection: Collection, tables: Mapping[str, list[dict[str, object]]]) -> None:
    """Write the rows of every table, in one transaction, numbers going on where they stopped.

    Nothing is done where they are there already: a restore that was interrupted goes on.
    """
    with writing(collection.engine) as connection:
        held = {name: _rows(connection, metadata.tables[name]) for name in tables}
        if any(held.values()):
            if {name: _parsed(rows) for name, rows in held.items()} != tables:
                raise UsageError(
                    f"{collection.folder}: holds a collection already, or its database does",
                    hint=_EMPTY,
                )
            return
        for table in metadata.sorted_tables:
            rows = tables.get(table.name, [])
            if rows:
                connection.execute(sa.insert(table), rows)
            if rows and connection.dialect.name == "postgresql" and "entry" in table.c:
                _go_on(connection, table)


def _go_on(connection: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL counts apart from the rows; SQLite looks at them."""
    name = connection.execute(
        sa.text("SELECT pg_get_serial_sequence(:table, 'entry')"), {"table": table.name}
    ).scalar()
    if name is not None:
        last = sa.select(sa.func.max(table.c.entry)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(name, last)))


def _tables(path: Path) -> Iterator[tuple[str, list[dict[str, object]]]]:
    for name, content in _read(path):
        if name.startswith("tables/"):
            yield Path(name).stem, _parsed(content)


def _parsed(rows: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in rows.splitlines()]


def _read(path: Path) -> Iterator[tuple[str, bytes]]:
    """Plain files of an archive whose names stay inside it."""
    try:
        with storing(path), tarfile.open(path, "r:") as archive:
            for member in archive:
                file = archive.extractfile(member)
                inside = not Path(member.name).is_absolute() and ".." not in Path(member.name).parts
                if file is None or not inside:
                    raise DataError(f"{path}: {member.name!r} does not belong in a backup",
                                    hint=_ANOTHER)  # fmt: skip
                yield member.name, file.read()
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file", hint="check the path") from error
    except (tarfile.TarError, EOFError) as error:
        raise DataError(f"{path}: is cut short or no backup ({error})", hint=_ANOTHER) from error


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)  # no owner, no time: the same collection gives the same bytes
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))

"""The collection: which isolates are known, and what became of each.

A folder with `profiles/`, `genotypes/` and `collection.db` (SQLite), or a PostgreSQL database in its
place. A profile is on the disk, whole, before its row says so; a run that was killed therefore loses at
most the isolate it was busy with.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from abscope.collection import profiles
from abscope.collection.database import connect, reading, writing
from abscope.collection.mirror import Mirror
from abscope.collection.numbers import next_number
from abscope.collection.objects import open_objects
from abscope.collection.schema import isolates
from abscope.records import LeftOut, Profile, Reference
from abscope.running.storage import make_folder, sweep_drafts


@dataclass(frozen=True, slots=True)
class Collection:
    """An open collection. Made by `open_collection`. mirror: its object store, where it has one."""

    folder: Path
    engine: sa.Engine
    mirror: Mirror | None = None

    def add(self, isolate_id: str, key: str, *, reference: str) -> None:
        """Record that the isolate is profiled; the profile named `key` must have been saved."""
        self._put(isolate_id, profile_key=key, reference=reference, failure=None, hint=None)

    def fail(self, left_out: LeftOut, *, jurisdiction: str = "") -> None:
        """Record why an isolate could not be profiled, and whose it is; a profile it has stays.

        An isolate that is compared already, or failed in another jurisdiction, is left as it is: whoever
        gives its name to a bad file changes nothing of it.
        """
        values = {"profile_key": None, "reference": None, "failure": left_out.reason}
        untouched = sa.and_(
            isolates.c.genotype.is_(None), isolates.c.jurisdiction.in_(("", jurisdiction))
        )
        self._put(left_out.name, untouched, **values, hint=left_out.hint, jurisdiction=jurisdiction)

    def _put(
        self, isolate_id: str, which: sa.ColumnElement[bool] | None = None, **values: str | None
    ) -> None:
        mine = isolates.c.isolate_id == isolate_id
        with writing(self.engine) as connection:
            known = connection.execute(sa.select(isolates.c.serial).where(mine)).scalar()
            if known is None:
                serial = next_number(connection, "isolates")
                row = {"isolate_id": isolate_id, "serial": serial, **values}
                connection.execute(sa.insert(isolates).values(row))
                return
            chosen = mine if which is None else sa.and_(mine, which)
            connection.execute(sa.update(isolates).where(chosen).values(**values))

    def profiles(self, names: Iterable[str], references: Iterable[Reference]) -> dict[str, Profile]:
        """The profiles of those `names` that have one, by name in alphabetical order."""
        sequences = {reference.name: reference for reference in references}
        wanted = set(names)
        query = sa.select(isolates.c.isolate_id, isolates.c.profile_key).where(
            isolates.c.profile_key.is_not(None)
        )
        with reading(self.engine) as connection:
            keys = sorted((name, key) for name, key in connection.execute(query) if name in wanted)
        loaded = {name: self.profile(key, sequences) for name, key in keys}
        return {name: one for name, one in loaded.items() if one is not None}

    def profile(self, key: str, references: dict[str, Reference]) -> Profile | None:
        """The profile named `key`, fetched where it is not here; None where there is none, or damaged."""
        found = profiles.load(self.folder, key, references)
        if found is None and self.mirror is not None:
            self.mirror.fetch_profile(self.folder, key)
            found = profiles.load(self.folder, key, references)
        return found

    def fetch_profiles(self) -> None:
        """Fetch every profile from the object store that is not in the folder."""
        if self.mirror is None:
            return
        with reading(self.engine) as connection:
            keys = connection.execute(sa.select(isolates.c.profile_key).distinct()).scalars().all()
        for key in keys:
            if key is not None and not profiles.path_of(self.folder, key).exists():
                self.mirror.fetch_profile(self.folder, key)


@contextmanager
def open_collection(
    folder: Path, *, database: str | None = None, genotypes: str | None = None
) -> Iterator[Collection]:
    """Open the collection in `folder`, making an empty one where there is none.

    database: URL of its PostgreSQL database; None, a file in the folder. genotypes: URL of the object
    store of its genotypes and profiles; None, the folder. Raises StorageError where either cannot be
    written.
    """
    make_folder(folder)
    sweep_drafts(folder)
    mirror = None if genotypes is None else Mirror(open_objects(genotypes))
    engine = connect(database or folder / "collection.db")
    try:
        yield Collection(folder, engine, mirror)
    finally:
        engine.dispose()

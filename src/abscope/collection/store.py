"""The collection: which isolates are known, and what became of each.

A folder with `collection.db` (SQLite) and `profiles/`. A profile is on the disk, whole, before its
row says so; a run that was killed therefore loses at most the isolate it was busy with.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from abscope.collection import profiles
from abscope.errors import StorageError
from abscope.records import LeftOut, Profile, Reference
from abscope.running.storage import make_folder, storing, sweep_drafts

_metadata = sa.MetaData()

isolates = sa.Table(
    "isolates",
    _metadata,
    sa.Column("isolate_id", sa.String, primary_key=True),
    sa.Column("profile_key", sa.String, nullable=True),
    sa.Column("reference", sa.String, nullable=True),
    sa.Column("failure", sa.String, nullable=True),
    sa.Column("hint", sa.String, nullable=True),
    sa.CheckConstraint("(profile_key IS NULL) <> (failure IS NULL)", name="profiled_or_failed"),
)


@dataclass(frozen=True, slots=True)
class Collection:
    """An open collection. Made by `open_collection`."""

    folder: Path
    engine: sa.Engine

    def add(self, isolate_id: str, key: str, *, reference: str) -> None:
        """Record that the isolate is profiled; the profile named `key` must have been saved."""
        self._put(isolate_id, profile_key=key, reference=reference)

    def fail(self, left_out: LeftOut) -> None:
        """Record why an isolate could not be profiled."""
        self._put(left_out.name, failure=left_out.reason, hint=left_out.hint)

    def _put(self, isolate_id: str, **values: str) -> None:
        with self._writing() as connection:
            connection.execute(sa.delete(isolates).where(isolates.c.isolate_id == isolate_id))
            connection.execute(sa.insert(isolates).values(isolate_id=isolate_id, **values))

    def profiles(self, names: Iterable[str], references: Iterable[Reference]) -> dict[str, Profile]:
        """The profiles of those `names` that have one, by name in alphabetical order."""
        sequences = {reference.name: reference for reference in references}
        query = sa.select(isolates.c.isolate_id, isolates.c.profile_key).where(
            isolates.c.isolate_id.in_(list(names)), isolates.c.profile_key.is_not(None)
        )
        with self.engine.connect() as connection:
            keys = sorted((row.isolate_id, row.profile_key) for row in connection.execute(query))
        loaded = {name: profiles.load(self.folder, key, sequences) for name, key in keys}
        return {name: one for name, one in loaded.items() if one is not None}

    def failures(self) -> tuple[LeftOut, ...]:
        """Isolates that could not be profiled, by name, with the reason."""
        query = (
            sa.select(isolates.c.isolate_id, isolates.c.failure, isolates.c.hint)
            .where(isolates.c.failure.is_not(None))
            .order_by(isolates.c.isolate_id)
        )
        with self.engine.connect() as connection:
            return tuple(LeftOut(*row) for row in connection.execute(query))

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with storing(self.folder), self.engine.begin() as connection:
                yield connection
        except sa.exc.OperationalError as error:
            raise StorageError(
                f"{self.folder / 'collection.db'}: {error.orig}",
                hint="check free space and write permission; nothing already saved is lost",
            ) from error


@contextmanager
def open_collection(folder: Path) -> Iterator[Collection]:
    """Open the collection in `folder`, making an empty one where there is none.

    Raises StorageError where the folder cannot be written.
    """
    make_folder(folder)
    sweep_drafts(folder)
    engine = sa.create_engine(f"sqlite:///{folder / 'collection.db'}")
    sa.event.listen(engine, "connect", _configure)
    collection = Collection(folder, engine)
    try:
        with collection._writing() as connection:
            _metadata.create_all(connection)
        yield collection
    finally:
        engine.dispose()


def _configure(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    """Commit to the disk before saying so; wait for another process rather than fail."""
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

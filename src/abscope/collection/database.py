"""The database of a collection: SQLite in its folder, or PostgreSQL by URL; brought up to date when opened.

One writer at a time, on either: what is read inside `writing` still holds when it is written back. A
write is on the disk before it is said to be done, and an interrupted one, a migration too, leaves nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from abscope.errors import StorageError
from abscope.running.storage import storing

HEAD = "0005"  # the newest step in migrations/versions
_LOCK = 0x6162736  # the writers' lock on PostgreSQL

_SQLITE = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "busy_timeout = 30000",
)


def connect(where: Path | str) -> sa.Engine:
    """The database at a file's path, or at a URL (`postgresql://user:password@host/name`), up to date.

    Raises StorageError where it cannot be opened, or was written by a newer abscope.
    """
    engine = _sqlite(where) if isinstance(where, Path) else _postgresql(where)
    try:
        with refusals(where):
            _up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _configure)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: str) -> sa.Engine:
    made = sa.make_url(url)
    if made.get_backend_name() != "postgresql":
        raise StorageError(
            f"{made.get_backend_name()}: not a database abscope can use",
            hint="give a URL that starts with postgresql://, or none for a file in the folder",
        )
    try:
        engine = sa.create_engine(made.set(drivername="postgresql+pg8000"), pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StorageError(
            "PostgreSQL needs the driver pg8000", hint="pip install 'abscope[postgresql]'"
        ) from error
    sa.event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    """Commit to the disk before saying so; wait for another process; let us begin transactions."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """Writers take their lock at once; readers never wait for them."""
    writes = connection.get_execution_options().get("writes", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that may write: all of it is kept, or nothing. Raises StorageError."""
    with (
        refusals(engine.url.database or "the database"),
        engine.execution_options(writes=True).begin() as connection,
    ):
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view; nothing anybody writes meanwhile is seen. Raises StorageError."""
    with refusals(engine.url.database or "the database"), engine.connect() as connection:
        yield connection


@contextmanager
def refusals(where: Path | str) -> Iterator[None]:
    """Turn a database's refusals into StorageError; a URL's password is never shown."""
    name = str(where) if isinstance(where, Path) or "://" not in where else repr(sa.make_url(where))
    try:
        with storing(Path(name)):
            yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        raise StorageError(
            f"{name}: {error.orig}",
            hint="check that it can be reached, free space and permission; nothing saved is lost",
        ) from error


def _up_to_date(engine: sa.Engine) -> None:
    """Take the steps from the database's layout to ours, in one transaction."""
    with reading(engine) as connection:
        version = _version(connection)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise StorageError(
            f"the collection was written by a newer abscope (layout {version}, this one knows {HEAD})",
            hint="use that version of abscope",
        )
    with writing(engine) as connection:
        if _version(connection) != HEAD:  # another process may have been quicker
            migrate(connection, HEAD)


def migrate(connection: sa.Connection, to: str) -> None:
    """Take the steps from the connection's layout up to `to`, inside its transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

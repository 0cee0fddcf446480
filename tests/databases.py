"""Databases for the store's tests: SQLite always, PostgreSQL where its programs are installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import sqlalchemy as sa

_PLENTY = 4 * 2**30
NOT_HERE = "PostgreSQL's programs (initdb, pg_ctl) are not installed: these tests did not run on it"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, None where they are not installed."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@contextmanager
def server() -> Iterator[sa.URL]:
    """A PostgreSQL server of our own, on a socket in a folder of its own; it ends with the tests."""
    found = programs()
    assert found is not None
    with TemporaryDirectory(prefix="abscope-tests-", dir=_place()) as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        _run(found / "initdb", "-D", folder / "data", "-A", "trust", "-U", "tests", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        options += " -c max_wal_size=64MB"
        control = (found / "pg_ctl", "-D", folder / "data", "-w")
        _run(*control, "-o", options, "-l", folder / "log", "start")
        try:
            query = {"unix_sock": str(folder / ".s.PGSQL.5432")}
            yield sa.URL.create("postgresql", username="tests", database="postgres", query=query)
        finally:
            _run(*control, "-m", "immediate", "stop")


def _place() -> str | None:
    """In memory where there is plenty: a server makes and deletes thousands of files for each database.

    PostgreSQL is run by a user of its own, who may not enter a private temporary folder.
    """
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _PLENTY:
        return str(memory)
    return "/tmp" if os.getuid() == 0 else None


def fresh(url: sa.URL) -> str:
    """A new, empty database on the server at `url`."""
    name = f"tests_{uuid4().hex}"
    engine = sa.create_engine(url.set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _run(*words: object) -> None:
    """PostgreSQL refuses to be root."""
    user = "postgres" if os.getuid() == 0 else None
    command = [str(word) for word in words]
    subprocess.run(command, check=True, capture_output=True, cwd="/", user=user, group=user)

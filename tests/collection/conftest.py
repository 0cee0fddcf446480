"""A small species with an empty folder for its sequences; a PostgreSQL server where there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import databases
import jurisdictions as j
import shelves
from abscope.collection.database import writing


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> shelves.Shelf:
    """Three references and a clone, none of them installed."""
    return shelves.make(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.URL]:
    """A server of our own, for the whole session; skips loudly where PostgreSQL is not installed."""
    if databases.programs() is None:
        pytest.skip(databases.NOT_HERE)
    with databases.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The URL of a database with nothing in it; None, for SQLite in the folder."""
    if request.param == "sqlite":
        return None
    return databases.fresh(request.getfixturevalue("postgresql"))


@pytest.fixture
def connection(database: str | None, tmp_path: Path) -> Iterator[sa.Connection]:
    """To the collection that several jurisdictions share."""
    with j.shared(database or tmp_path / "collection.db") as engine, writing(engine) as opened:
        yield opened

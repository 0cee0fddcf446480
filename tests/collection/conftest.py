"""A small species with an empty folder for its sequences; a PostgreSQL server where there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import databases
import shelves


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

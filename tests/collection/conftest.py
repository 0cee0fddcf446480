"""A small species with an empty folder for its sequences."""

from pathlib import Path

import pytest

import shelves


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> shelves.Shelf:
    """Three references and a clone, none of them installed."""
    return shelves.make(tmp_path, monkeypatch)

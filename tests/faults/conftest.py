"""A small outbreak of assemblies, which are profiled in a moment."""

from pathlib import Path

import pytest

from worlds import World, abscope, drafts


@pytest.fixture
def small(tmp_path: Path) -> World:
    """Four isolates, a few SNPs apart, and their cases."""
    changes = {"iso_a": 0, "iso_b": 5, "iso_d": 10, "iso_e": 15}
    return drafts(World(tmp_path / "small"), changes)


@pytest.fixture
def held(small: World) -> Path:
    """An empty collection for them."""
    folder = small.folder / "held"
    done = abscope("init", str(folder), "--organism", str(small.folder / "organism"))
    assert done.returncode == 0, done.stderr
    return folder

"""The world of the tutorial, small: assemblies of the isolates that its line list names."""

from pathlib import Path

import pytest

from worlds import World, drafts


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """samples.csv, linelist.csv and organism/, named as abscope simulate names them."""
    world = World(tmp_path_factory.mktemp("tutorial"))
    drafts(world, {"iso_a": 0, "iso_b": 3, "iso_d": 200}, reference="SIM_abscessus")
    world.sheet.rename(world.folder / "samples.csv")
    world.cases.rename(world.folder / "linelist.csv")
    return world.folder

"""A collection that three jurisdictions share and a run beside it, served as an application."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta
from worlds import ORGANISM

NEEDED = ("fastapi", "uvicorn", "python_multipart", "httpx2")
MISSING = [name for name in NEEDED if find_spec(name) is None]
collect_ignore_glob = ["test_[!n]*.py"] if MISSING else []
if not MISSING:
    import served
    import states as two_states


@pytest.fixture(scope="session")
def organism(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small species with one reference of 60,000 bases."""
    folder = tmp_path_factory.mktemp("small") / "organism"
    (folder / "references").mkdir(parents=True)
    letters = np.frombuffer(b"ACGT", np.uint8)[np.random.default_rng(1).choice(4, 60_000)]
    fasta.write(folder / "references" / "REF.fna.gz", [("chr", letters)])
    (folder / "organism.toml").write_text(ORGANISM)
    return folder


@pytest.fixture(scope="session")
def made(organism: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An empty collection, and one that is shared: each made once and copied for every test."""
    folder = tmp_path_factory.mktemp("made")
    empty = served.found(organism, folder / "fresh")
    shutil.copytree(empty, folder / "shared")
    served.fill(folder / "shared")
    return empty, folder / "shared"


@pytest.fixture
def fresh(made: tuple[Path, Path], tmp_path: Path) -> Path:
    """A collection nobody has added anything to."""
    return Path(shutil.copytree(made[0], tmp_path / "fresh"))


@pytest.fixture
def shared(made: tuple[Path, Path], tmp_path: Path) -> Path:
    """Six isolates of three jurisdictions, users of every role, and a line list."""
    return Path(shutil.copytree(made[1], tmp_path / "shared"))


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of an investigation of an outbreak, links and sources too."""
    return served.publish(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture
def client() -> Iterator["served.Starter"]:
    """Starts applications and ends them with the test."""
    with served.clients() as start:
        yield start


@pytest.fixture(scope="session")
def world(organism: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of two states, made once: not to be changed."""
    return two_states.made(organism, tmp_path_factory.mktemp("two"))


@pytest.fixture
def states(world: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(world, tmp_path / "states"))

"""Fixtures every room may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# A kernel is compiled at its first call; what is slow once is not unreliable.
settings.register_profile("abscope", deadline=None)
settings.load_profile("abscope")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; tests that need it say so when they skip."""
    folder = Path(os.environ.get("ABSCOPE_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        pytest.skip(
            f"REAL DATA NOT TESTED: {folder.name} is not beside the project; "
            "set ABSCOPE_TEST_DATA to the folder that holds it"
        )
    return folder

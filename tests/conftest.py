"""Fixtures every room may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
CHROMIUM = Path(os.environ.get("ABSCOPE_CHROMIUM", "/usr/bin/chromium"))
MISSING = "NOT TESTED IN A BROWSER"

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


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One headless Chromium for all tests of a process, which can hold no second."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason=f"{MISSING}: playwright is not installed"
    )
    if not CHROMIUM.is_file():
        pytest.skip(f"{MISSING}: {CHROMIUM} is missing (set ABSCOPE_CHROMIUM)")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield running
        running.close()

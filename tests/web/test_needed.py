"""That the server's tests did not run is said, and not passed over."""

from importlib.util import find_spec

import pytest


@pytest.mark.parametrize("name", ["fastapi", "uvicorn", "python_multipart", "httpx2"])
def test_what_the_server_needs_is_there(name: str) -> None:
    if find_spec(name) is None:
        pytest.skip(f"SERVER NOT TESTED: {name} is not installed")

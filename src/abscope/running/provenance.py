"""What was run on what: checksums, versions and parameters, and keys made from them."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from abscope import __version__
from abscope.errors import DataError

LIBRARIES = ("numpy", "numba", "isal", "pysam", "polars", "scipy", "sourmash", "piqtree", "plotly")


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises DataError where it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror})", hint="check the path and its permissions"
        ) from error


def key_of(parts: Mapping[str, object]) -> str:
    """A name for anything made from `parts` (JSON values): the same parts, the same name."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Abscope and the libraries whose release can change a result; absent ones are left out."""
    found = {"abscope": __version__}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found

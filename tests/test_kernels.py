"""How inner loops are compiled and kept."""

import os
from pathlib import Path

from abscope.kernels import _forget_stale, kernel


def test_a_kernel_that_cannot_be_kept_on_disk_is_compiled_all_the_same():
    names: dict[str, object] = {}
    exec("def twice(x):\n    return 2 * x", names)  # a function without a file has no cache
    assert kernel(names["twice"])(21) == 42


def test_compiled_kernels_older_than_any_source_are_dropped(tmp_path: Path):
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    source, old, new = tmp_path / "a.py", cache / "old.nbi", cache / "new.nbi"
    for age, path in enumerate((new, source, old)):
        path.write_text("")
        os.utime(path, (1e9 - age, 1e9 - age))
    _forget_stale(tmp_path)
    assert not old.exists()
    assert new.exists()

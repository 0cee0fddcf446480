"""One run of all benchmarks names what failed and what could not run."""

import importlib.util
from pathlib import Path

import pytest
from benchmarks.parts import PARTS, Part

from benchmarks import parts


def test_every_part_is_a_module_that_is_there() -> None:
    assert all(importlib.util.find_spec(one.module) for one in PARTS)


def test_what_fails_and_what_lacks_data_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Part("helped", "benchmarks", "--help", "--help")
    given = (Part("broken", "benchmarks", "nothing"), Part("lacks", "x", data=True), said)
    monkeypatch.setattr(parts, "PARTS", given)
    assert not parts.run(tmp_path, None, small=False)
    told = (tmp_path / "all.md").read_text()
    assert "| broken | python -m benchmarks nothing | FAILED |" in told
    assert "| lacks | python -m x DATA | SKIPPED: no folder of real data" in told
    assert "| helped | python -m benchmarks --help | well |" in told
    assert "usage" in (tmp_path / "helped.txt").read_text()

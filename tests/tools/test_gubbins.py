"""Gubbins, where it is installed, answers in the same terms as the built-in search."""

import shutil
from pathlib import Path

import pytest
from benchmarks.recombination_worlds import Recipe, world

from abscope.errors import ToolError
from abscope.tools import gubbins


def test_the_command_names_the_prefix_and_the_threads() -> None:
    command = gubbins.command("run_gubbins.py", Path("x/alignment.fasta"), threads=3)
    assert command.argv == (
        "run_gubbins.py", "--prefix", "clone", "--threads", "3", "alignment.fasta",
    )  # fmt: skip
    assert command.folder == Path("x")


def test_without_gubbins_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    made = world(Recipe(4, 0.1, length=200_000), seed=1)
    with pytest.raises(ToolError, match="not installed") as caught:
        gubbins.recombination(made.calls, made.mask)
    assert "install it" in caught.value.hint


@pytest.mark.slow
@pytest.mark.skipif(
    not any(map(shutil.which, gubbins.PROGRAMS)), reason="GUBBINS NOT TESTED: it is not installed"
)
def test_gubbins_blocks_come_back_under_the_isolates_own_names(tmp_path: Path) -> None:
    made = world(Recipe(12, 0.2, length=300_000), seed=2)
    found = gubbins.recombination(made.calls, made.mask, folder=tmp_path)
    assert found.method.startswith("Gubbins ")
    assert found.ids == made.ids
    assert found.blocks
    assert all(set(block.descendants) < set(made.ids) for block in found.blocks)
    assert not list(tmp_path.iterdir())

"""Every command in the tutorial and the how-to guides works, in the order they are given.

On a small world in the place of the simulated one; what needs the network or installs software is left
out by name, and the list of them is held here.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["tutorial.md", *sorted(f"howto/{path.name}" for path in (DOCS / "howto").glob("*.md"))]
LEFT_OUT = {
    "python3 -m venv abscope-env": "installs",
    ". abscope-env/bin/activate": "installs",
    "pip install .": "installs; needs the network",
    "abscope reference get --all": "needs the network",
    "abscope demo --outdir demo": "minutes; make demo runs it",
    "abscope simulate colorado_arizona --outdir world": "minutes; a small world stands for it",
    "abscope validate --outdir validation": "a minute; tests/validation runs its parts",
    "abscope validate --outdir signed --sign-key key.pem": "as above",
}


def commands(page: str) -> list[str]:
    """Lines after a prompt in ```console blocks, indented ones too."""
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    lines = (line.strip() for block in blocks for line in block.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def run(command: str, folder: Path) -> None:
    """Run a command as a shell does; `abscope` is this one."""
    ours = f'abscope() {{ {shlex.quote(sys.executable)} -m abscope "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", ours + command], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "ABSCOPE_REFERENCES": str(folder / "shelf")},
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.fixture
def place(small_world: Path, tmp_path: Path) -> Path:
    """A folder with the world the tutorial simulates, small."""
    shutil.copytree(small_world, tmp_path / "world")
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_works_in_its_order(page: str, place: Path) -> None:
    if page == "howto/add-an-organism.md":
        text = (DOCS / page).read_text(encoding="utf-8")
        [toml] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
        (place / "my_species").mkdir()
        (place / "my_species" / "organism.toml").write_text(toml, encoding="utf-8")
    for command in commands(page):
        if command not in LEFT_OUT and not (
            shutil.which("openssl") is None and "openssl" in command
        ):
            run(command, place)


def test_what_is_left_out_is_still_written_somewhere() -> None:
    written = {command for page in PAGES for command in commands(page)}
    assert set(LEFT_OUT) <= written


def test_every_page_is_reached_from_the_first() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert all(
        f"\n{name}\n" in index for name in ("tutorial", "howto/*", "inputs", "validation/index")
    )
    named = re.findall(r"^explanation/(\S+)$", index, re.MULTILINE)
    assert sorted(named) == sorted(path.stem for path in (DOCS / "explanation").glob("*.md"))

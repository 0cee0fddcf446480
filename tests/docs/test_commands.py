"""Every command in the tutorial and the how-to guides works, in the order they are given, in one shell.

On a small world in the place of the simulated one; what needs the network or installs software is left
out by name, and the list of them is held here.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import databases

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["tutorial.md", *sorted(f"howto/{path.name}" for path in (DOCS / "howto").glob("*.md"))]
LEFT_OUT = {
    "python3 -m venv abscope-env": "installs",
    ". abscope-env/bin/activate": "installs",
    "pip install .": "installs; needs the network",
    "pip install '.[dask]'": "installs",
    "pip install '.[postgresql]'": "installs",
    "abscope reference get --all": "needs the network",
    "abscope demo --outdir demo": "minutes; make demo runs it",
    "abscope simulate colorado_arizona --outdir world": "minutes; a small world stands for it",
    "abscope validate --outdir validation": "a minute; tests/validation runs its parts",
    "abscope validate --outdir signed --sign-key key.pem": "as above",
}
FILES = {
    "howto/add-an-organism.md": ("toml", "my_species/organism.toml"),
    "howto/run-on-slurm.md": ("bash", "workers.sh"),
}
"""Files that a page has its reader write: the block's language, and the name."""


def blocks(page: str, language: str) -> list[str]:
    """Fenced blocks of a language, indented ones too."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """Lines after a prompt in ```console blocks."""
    lines = [line.strip() for one in blocks(page, "console") for line in one.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def here(command: str, database: str) -> str:
    """The command with what is so on this machine alone: a free port, a database of the tests."""
    if "postgresql://" in command:
        return f"export ABSCOPE_DATABASE={shlex.quote(database)}"
    return command.replace("8786", os.environ["ABSCOPE_TEST_PORT"]).replace(
        "$(hostname)", "127.0.0.1"
    )


@pytest.fixture
def place(small_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the world the tutorial simulates, small; `abscope` and `dask` are those tested."""
    shutil.copytree(small_world, tmp_path / "world")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, module in (("abscope", "abscope"), ("dask", "dask")):
        (programs / name).write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {module} "$@"\n'
        )
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path / "shelf"))
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ABSCOPE_TEST_PORT", str(one.getsockname()[1]))
    return tmp_path


@pytest.fixture
def database(page: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, "" where the page does not ask for one."""
    if page != "howto/postgresql.md":
        yield ""
    elif databases.programs() is None:
        pytest.skip(databases.NOT_HERE)
    else:
        with databases.server() as url:
            yield databases.fresh(url)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_works_in_its_order(page: str, place: Path, database: str) -> None:
    if page in FILES:
        language, name = FILES[page]
        [content] = blocks(page, language)
        (place / name).parent.mkdir(exist_ok=True)
        content = content.replace("--nworkers 4", "--nworkers 1")  # enough, and quicker to start
        (place / name).write_text(content, encoding="utf-8")
    told = [here(one, database) for one in commands(page) if one not in LEFT_OUT]
    if shutil.which("openssl") is None:
        told = [one for one in told if "openssl" not in one]
    script = "\n".join(["set -e", *(f"echo '$ '{shlex.quote(one)} >&2\n{one}" for one in told)])
    done = subprocess.run(
        ["bash", "-c", script], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


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

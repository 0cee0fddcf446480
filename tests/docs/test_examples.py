"""Every example of abscope in README and the pages names commands and options that there are.

The tutorial's and the how-to guides' commands are run (test_commands.py); these stand on files a reader has.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from abscope.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    *sorted(
        str(path.relative_to(ROOT))
        for path in (ROOT / "docs").rglob("*.md")
        if path.parent.name not in ("commands", "decisions")
    ),
]
LINE = re.compile(r"^(?:\$ | {4,}|)(abscope [a-z].*)$", re.MULTILINE)
INLINE = re.compile(r"`(abscope [a-z][^`]*)`")


def examples(page: str) -> list[str]:
    """Lines of blocks that begin with abscope, without what is said beside them, and code within text."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL))
    indented = "\n".join(line for line in text.splitlines() if line.startswith("    abscope "))
    lines = [*LINE.findall(blocks), *LINE.findall(indented), *INLINE.findall(text)]
    return [re.split(r"\s+#\s|\s{3,}|\s[;|>]\s|\s&|\s\.\.\.", one)[0] for one in lines]


@cache
def commands() -> Any:
    return get_command(app)


def unknown(example: str) -> Iterator[str]:
    """Commands and options of an example that there are not."""
    command, words = commands(), example.split()[1:]
    while words and hasattr(command, "commands"):
        name = words.pop(0).split("|")[0].rstrip(",")
        if name.startswith("-") or name.isupper() or "X" in name:
            break
        if name not in command.commands:
            yield name
            return
        command = command.commands[name]
    known = {text for one in command.params for text in (*one.opts, *one.secondary_opts)}
    known |= {"--help", "-h", "--version"}
    for word in words:
        option = word.split("=")[0].rstrip(",.)")
        if re.fullmatch(r"--?[a-zA-Z][\w-]*", option) and option not in known:
            yield option


@pytest.mark.parametrize("page", PAGES)
def test_examples_name_what_there_is(page: str) -> None:
    wrong = {one: found for one in examples(page) if (found := [*unknown(one)])}
    assert not wrong


def test_an_option_that_is_not_there_is_found() -> None:
    assert [*unknown("abscope links OUT --line-list x.csv --backgrounds y")] == ["--backgrounds"]
    assert [*unknown("abscope case check x.csv")] == ["case"]

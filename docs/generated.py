"""Reference pages made from the program itself: every command with its options, the data dictionary."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from abscope.cli import app
from abscope.formats import data_dictionary


def write(docs: Path) -> None:
    """Write docs/commands/*.md and docs/data-dictionary.md; pages of commands that are gone go too."""
    folder = docs / "commands"
    folder.mkdir(exist_ok=True)
    pages = dict(commands())
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    text = data_dictionary.markdown()
    head = "" if text.startswith("# ") else "# Data dictionary\n\n"
    (docs / "data-dictionary.md").write_text(head + text, encoding="utf-8")


def commands() -> Iterator[tuple[str, str]]:
    """Name and text of the page of every command, and of their list."""
    verbs: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    names = sorted(verbs)
    toctree = "\n".join(names)
    yield "index.md", f"# Commands\n\n```{{toctree}}\n:maxdepth: 1\n\n{toctree}\n```\n"
    for name in names:
        yield f"{name}.md", "\n".join(_page(f"abscope {name}", verbs[name], 1))


def _page(title: str, command: Any, level: int) -> Iterator[str]:
    yield f"{'#' * level} {title}\n"
    yield f"```text\n{_help(title, command)}\n```\n"
    for name, verb in sorted(getattr(command, "commands", {}).items()):
        yield from _page(f"{title} {name}", verb, level + 1)


def _help(title: str, command: Any) -> str:
    context = command.make_context(title, [], resilient_parsing=True)
    context.max_content_width = context.terminal_width = 100
    return str(command.get_help(context)).strip()

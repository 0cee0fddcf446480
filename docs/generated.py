"""Reference pages made from the program itself: commands with their options, the API, the data dictionary."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from abscope.cli import app
from abscope.formats import data_dictionary
from abscope.web.app import Serving, make_app


def write(docs: Path) -> None:
    """Write docs/commands/*.md, api.md and data-dictionary.md; pages of commands that are gone go too."""
    folder = docs / "commands"
    folder.mkdir(exist_ok=True)
    pages = dict(commands())
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    (docs / "api.md").write_text("\n".join(api()), encoding="utf-8")
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
    context.max_content_width = context.terminal_width = 88
    return str(command.get_help(context)).strip()


def api() -> Iterator[str]:
    """The page of the API: every operation, its parameters and answers, as the server describes them."""
    described = make_app(Serving(Path())).openapi()
    yield f"# API\n\n{described['info']['description']}\n"
    yield "The same as OpenAPI, with schemas and examples, is at a server's `/api/v1/openapi.json`.\n"
    schemas = described["components"]["schemas"]
    for path, verbs in described["paths"].items():
        for verb, operation in verbs.items():
            yield from _operation(f"{verb.upper()} {path}", operation, schemas)


def _operation(name: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    said = (operation.get("summary", ""), operation.get("description", ""))
    yield f"## {name}\n\n" + "\n\n".join(filter(None, said)) + "\n"
    if given := operation.get("parameters"):
        yield "| parameter | in | needed | what |\n|---|---|---|---|"
        for one in given:
            what = " ".join(one.get("description", "").split()).replace("|", "\\|")
            yield f"| `{one['name']}` | {one['in']} | {'yes' if one.get('required') else ''} | {what} |"
        yield ""
    if body := operation.get("requestBody"):
        yield from _body(body["content"], schemas)
    answers = operation["responses"].items()
    yield "; ".join(f"`{code}` {one['description']}" for code, one in answers) + "\n"


def _body(content: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """The fields of what is sent."""
    [(kind, sent)] = content.items()
    schema = schemas[sent["schema"]["$ref"].rpartition("/")[2]]
    yield f"Sent as `{kind}`:\n\n| field | needed | what |\n|---|---|---|"
    for name, field in schema["properties"].items():
        needed = "yes" if name in schema.get("required", ()) else ""
        yield f"| `{name}` | {needed} | {field.get('description', field.get('title', ''))} |"
    yield ""

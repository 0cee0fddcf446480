"""What `abscope --help` shows: every command, once, on a line of its own."""

from typer.main import get_command
from typer.testing import CliRunner

from abscope.cli import app
from abscope.cli.headings import HEADINGS


def test_help_lists_every_command_once_on_one_line_of_80_columns() -> None:
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).stdout
    listed = [name for lines in HEADINGS.values() for name in lines]
    assert sorted(listed) == sorted(get_command(app).commands)  # type: ignore[attr-defined]
    for lines in HEADINGS.values():
        for name, line in lines.items():
            assert f"\n  {name:<13}  {line}\n" in text
    assert max(map(len, text.splitlines())) <= 80

"""Write an export for a person at a terminal: files where asked for, who may be told by it on stderr."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from abscope.formats import export_nextstrain, run_folder
from abscope.formats.withheld import telling, without_identifiers
from abscope.records import Published
from abscope.running.storage import write_whole


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be exported, from where and to where."""

    format: str
    source: Path
    out: Path
    identifiers: bool
    reference: str | None
    answers: tuple[str, ...]


Export = Callable[[Published, Asked], bytes | Mapping[str, bytes]]

EXPORTS: Mapping[str, Export] = {
    "nextstrain": lambda run, asked: export_nextstrain.encode(run),
}


def write_export(asked: Asked) -> None:
    """Read, take identifiers away unless they are asked for, and write one file, or a folder of them."""
    run = run_folder.read(asked.source)
    if not asked.identifiers:
        _warn(run)
        run = without_identifiers(run)
    made = EXPORTS[asked.format](run, asked)
    if isinstance(made, bytes):
        write_whole(asked.out, made)
        return
    for name, content in made.items():
        write_whole(asked.out / name, content)


def _warn(run: Published) -> None:
    if names := telling(run):
        typer.echo(
            f"{len(names)} isolates are named for their case or patient: {', '.join(names[:5])}; "
            "their names are exported",
            err=True,
        )

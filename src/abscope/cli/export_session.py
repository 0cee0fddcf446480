"""Write an export for a person at a terminal: files where asked for, what to know about them on stderr."""

import getpass
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import typer

from abscope import surveillance
from abscope.cli import options as o
from abscope.cli.options import kinds_and_values
from abscope.collection import charter
from abscope.collection.access import at_terminal
from abscope.collection.database import reading
from abscope.collection.published import published
from abscope.errors import UsageError
from abscope.formats import (
    export_arborview,
    export_auspice,
    export_biosample,
    export_fhir,
    export_foodchain,
    export_grapetree,
    export_graphml,
    export_hamronization,
    export_microbetrace,
    export_microreact,
    export_multiqc,
    export_nextstrain,
    export_pha4ge,
    export_reportree,
    export_rocrate,
    export_snp_table,
    export_sra,
    run_folder,
    snp_sites,
)
from abscope.formats.answered_sheet import Sheet
from abscope.formats.snp_sites import SnpSites
from abscope.formats.withheld import telling, without_identifiers
from abscope.records import Published
from abscope.running.storage import write_whole


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be exported, from where and to where."""

    format: str
    source: Path
    out: Path
    identifiers: bool = False
    reference: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    day: date = date.min


Made = bytes | Mapping[str, bytes] | Sheet

EXPORTS: Mapping[str, Callable[[Published, Asked], Made]] = {
    "arborview": lambda run, asked: export_arborview.files(run, reference=asked.reference),
    "auspice": lambda run, asked: export_auspice.encode(
        run, reference=asked.reference, day=asked.day
    ),
    "biosample": lambda run, asked: export_biosample.encode(run, asked.answers),
    "fhir": lambda run, _: export_fhir.encode(run),
    "foodchain": lambda run, _: export_foodchain.encode(run),
    "graphml": lambda run, _: export_graphml.encode(run),
    "grapetree": lambda run, asked: export_grapetree.files(run, _one(run, asked)),
    "hamronization": lambda run, _: export_hamronization.encode(run),
    "microbetrace": lambda run, _: export_microbetrace.files(run),
    "microreact": lambda run, _: export_microreact.encode(run),
    "multiqc": lambda run, _: export_multiqc.encode(run),
    "nextstrain": lambda run, _: export_nextstrain.encode(run),
    "pha4ge": lambda run, asked: export_pha4ge.encode(run, asked.answers),
    "reportree": lambda run, _: export_reportree.files(run),
    "ro-crate": lambda run, asked: export_rocrate.encode(run, asked.source, day=asked.day),
    "snp-table": lambda run, asked: export_snp_table.encode(run, _all(run, asked)),
    "sra": lambda run, asked: export_sra.encode(run, asked.answers),
}
ANSWERED = ("biosample", "pha4ge", "sra")


def write_export(asked: Asked, answers: Sequence[str], day: datetime | None) -> None:
    """Read, take identifiers away unless they are asked for, and write one file, or a folder of them."""
    today = o.day_or_today(day)
    run = _published(asked.source, today)
    if not asked.identifiers:
        _warn(telling(run, files=asked.format == "sra"))
        run = without_identifiers(run)
    asked = replace(asked, answers=_answers(asked.format, answers), day=today)
    made = EXPORTS[asked.format](run, asked)
    if asked.format == "sra" and (left_out := export_sra.without_reads(run)):
        typer.echo(f"left out, without reads: {', '.join(left_out)}", err=True)
    _write(asked.out, made)


def _published(source: Path, today: date) -> Published:
    """A run's output folder, or a collection."""
    if not (source / charter.FILE).is_file():
        return run_folder.read(source)
    viewer = at_terminal(getpass.getuser())
    with surveillance.open_desk(source) as desk, reading(desk.collection.engine) as connection:
        return published(connection, viewer, desk.charter, today=today)


def _answers(name: str, words: Sequence[str]) -> dict[str, str]:
    if words and name not in ANSWERED:
        raise UsageError(
            f"--set fills columns of a submission sheet, and {name} is none",
            hint=f"it goes with {', '.join(ANSWERED)}",
        )
    return dict(kinds_and_values(list(words)))


def _write(out: Path, made: Made) -> None:
    if isinstance(made, Sheet):
        if made.unfilled:
            typer.echo(f"to be filled (--set): {', '.join(made.unfilled)}", err=True)
        made = made.content
    if isinstance(made, bytes):
        if out.is_dir():
            raise UsageError(f"{out}: is a folder", hint="name a file: this format is of one")
        write_whole(out, made)
        return
    for name, content in made.items():
        write_whole(out / name, content)


def _all(run: Published, asked: Asked) -> dict[str, SnpSites]:
    """Variable sites of every reference that two isolates or more share; of one, where it was asked for."""
    if not (asked.source / "isolates").is_dir():
        raise UsageError(
            f"{asked.source}: holds no letters of isolates",
            hint="this export is of the output folder of abscope run",
        )
    grouped = dict(run.isolates.group_by("reference").agg("isolate_id").sort("reference").rows())
    wanted = {
        name: isolates
        for name, isolates in grouped.items()
        if name and len(isolates) > 1 and asked.reference in (None, name)
    }
    if not wanted:
        raise UsageError(
            "no two isolates of one reference to compare",
            hint=f"references of this run: {', '.join(filter(None, grouped))}",
        )
    return {name: snp_sites.read(asked.source, name, ids) for name, ids in wanted.items()}


def _one(run: Published, asked: Asked) -> SnpSites:
    """Of one reference. Raises UsageError where there are several and none was chosen."""
    names = _shared(run)
    if asked.reference is None and len(names) > 1:
        raise UsageError(
            f"isolates of {len(names)} references are not compared with each other",
            hint=f"choose one with --reference: {', '.join(names)}",
        )
    return next(iter(_all(run, asked).values()))


def _shared(run: Published) -> list[str]:
    """References of two isolates or more."""
    counted = run.isolates.drop_nulls("reference").group_by("reference").len().sort("reference")
    return [name for name, number in counted.rows() if number > 1]


def _warn(names: Sequence[str]) -> None:
    """Say whom an exported name of an isolate, or of a file, gives away."""
    if names:
        shown = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
        typer.echo(f"named for a case or patient, and exported by that name: {shown}", err=True)

"""Write a de-identified line list for a person at a terminal, and say what to look at before sending it."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import typer

from abscope import surveillance
from abscope.cli.cases_session import opened
from abscope.cli.collection_session import stamp
from abscope.collection import audit, charter
from abscope.errors import FormatError, UsageError
from abscope.formats import signing, spreadsheet
from abscope.formats.line_list import Beside
from abscope.reports.deidentified import Deidentified, Terms
from abscope.reports.deidentified import deidentified as made_of
from abscope.reports.deidentified_rules import PRESETS
from abscope.running.storage import write_whole
from abscope.tables.written import tsv


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be exported, from where and to where."""

    file: Path
    out: Path
    preset: str
    isolates: Path | None
    mapping: Path | None
    key: Path | None


def write(asked: Asked, *, least: int, withhold: bool, day: datetime | None, as_json: bool) -> None:
    """Write the tables; say how many cases stand out."""
    if asked.preset not in PRESETS:
        raise UsageError(f"no preset {asked.preset!r}", hint=f"one of {', '.join(PRESETS)}")
    secret = (
        signing.secret_of(asked.key, "codes of cases") if asked.key else secrets.token_bytes(32)
    )
    line_list = opened(asked.file, Beside(None, None, asked.mapping, None), day)
    terms = Terms(asked.preset, secret, least, withhold)
    made = made_of(line_list, terms, isolates=_isolates(asked.isolates))
    _note(asked)
    written = _files(made)
    for name, frame in written.items():
        write_whole(asked.out / name, tsv(_flat(frame)))
    found = {
        "folder": str(asked.out),
        "files": sorted(written),
        "cases": made.tables["cases"].height,
        "unique": made.unique,
        "like_fewer_than_least": made.alike.filter(pl.col("alike") < least).height,
        "withheld": made.withheld,
        "texts_to_look_through": made.texts.height,
        "notes": list(made.notes),
    }
    typer.echo(json.dumps(found, indent=2) if as_json else f"{asked.out}: {found['cases']} cases")
    _warn(made, least)


def _files(made: Deidentified) -> dict[str, pl.DataFrame]:
    extra = {"counts": made.counts, "alike": made.alike, "texts": made.texts}
    return {f"{name}.tsv": frame for name, frame in ({**made.tables, **extra}).items()}


def _warn(made: Deidentified, least: int) -> None:
    if made.unique:
        typer.echo(
            f"warning: {made.unique} of {made.alike.height} cases are like nobody else (sex, age group, "
            "residence, time, procedure): somebody may know them; alike.tsv names them, "
            "--withhold leaves them out",
            err=True,
        )
    few = made.alike.filter(pl.col("alike") < least).height - made.unique
    if few:
        typer.echo(f"warning: {few} more are like fewer than {least}", err=True)
    if made.withheld:
        typer.echo(f"left out: {made.withheld} cases like fewer than {least}", err=True)
    for note in made.notes:
        typer.echo(f"note: {note}", err=True)
    if made.texts.height:
        typer.echo(
            f"look through texts.tsv before you send anything: {made.texts.height} texts stay as "
            "somebody wrote them",
            err=True,
        )


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    lists = [name for name, kind in frame.schema.items() if kind == pl.List(pl.String)]
    return frame.with_columns(pl.col(lists).list.join(";"))


def _isolates(path: Path | None) -> pl.DataFrame | None:
    """A table of isolates as text."""
    if path is None:
        return None
    heading, *rows = spreadsheet.read(path).rows
    if "isolate_id" not in heading.cells:
        raise FormatError(f"{path.name}: no column isolate_id", hint="give a run's isolates.tsv")
    columns = list(heading.cells)
    cells = [[row.cell(at) or None for at in range(len(columns))] for row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String), orient="row")


def _note(asked: Asked) -> None:
    """An export from a collection goes into its audit log before anything is written."""
    if (asked.file / charter.FILE).is_file():
        detail = {"preset": asked.preset}
        with (
            surveillance.open_desk(asked.file) as desk,
            audit.changing(desk.collection.engine, stamp(), "export", str(asked.out), detail),
        ):
            pass

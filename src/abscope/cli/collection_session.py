"""Work on a collection for a person at a terminal."""

import getpass
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import typer

from abscope import surveillance
from abscope.cli.progress import progress
from abscope.cli.tabled import tabled
from abscope.collection import backup as backups
from abscope.collection import case_imports, joining
from abscope.collection.arrivals import Admitted
from abscope.collection.charter import URL_VARIABLE, Charter
from abscope.collection.database import reading
from abscope.collection.history import Stamp, read_ledger, read_log
from abscope.collection.verify import problems
from abscope.formats import run_folder, sample_sheet
from abscope.records import Alert, Entry, LeftOut
from abscope.settings import Inputs, Settings
from abscope.surveillance import Added, Noticed


@dataclass(frozen=True, slots=True)
class Belongs:
    """Whose isolates are that come, and the folder of what else is known; None, the collection's."""

    jurisdiction: str
    knowing: Path | None


def stamp() -> Stamp:
    """Now, and whoever is at the terminal."""
    return Stamp(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), getpass.getuser())


def init(
    inputs: Inputs, settings: Settings, *, database: str | None, genotypes: str | None
) -> None:
    """Found a collection and say with what."""
    _describe(surveillance.found(inputs, settings, database=database, genotypes=genotypes))


def join(folder: Path, url: str) -> None:
    """Use a collection of another machine, and say what it was founded with."""
    _describe(joining.join(folder, url))
    with surveillance.open_desk(folder):
        return


def _describe(made: Charter) -> None:
    levels = ", ".join(map(str, made.levels))
    typer.echo(f"collection: {made.folder}")
    for reference in made.references:
        hidden = sum(one.end - one.start for one in made.mask(reference.name).intervals)
        typer.echo(f"reference: {reference.name}, {len(reference.sequence)} bases, {hidden} masked")
    typer.echo(
        f"clusters at {levels} SNPs; database: {'as given' if made.url else 'in the folder'}; "
        f"genotypes: {made.genotypes or 'in the folder'}"
    )


def add(
    folder: Path,
    sheet: Path,
    settings: Settings,
    *,
    belongs: Belongs,
    quiet: bool,
    as_json: bool,
) -> int:
    """Add a sheet or a run; the exit code: 1 where an isolate was left out, or alerts not looked for."""
    if sheet.is_dir():
        return _add_run(folder, sheet, belongs, as_json=as_json)
    given = sample_sheet.read(sheet)
    opened = surveillance.open_desk(folder, threads=settings.cpus, knowing=belongs.knowing)
    with opened as desk, progress(quiet) as listen:
        done = surveillance.add(
            desk,
            given.samples,
            settings=settings,
            stamp=stamp(),
            jurisdiction=belongs.jurisdiction,
            listen=listen,
        )
    return _told(done, (*given.left_out, *done.left_out), as_json=as_json)


def _add_run(folder: Path, run: Path, belongs: Belongs, *, as_json: bool) -> int:
    samples = tuple(run_folder.samples(run))
    with surveillance.open_desk(folder, knowing=belongs.knowing) as desk:
        _cases_of(run, folder)
        done = surveillance.add_run(
            desk, run, samples, stamp=stamp(), jurisdiction=belongs.jurisdiction
        )
    return _told(done, done.left_out, as_json=as_json)


def _cases_of(run: Path, folder: Path) -> None:
    """Import a run's cases that the collection does not know yet, and say so."""
    new = case_imports.keep_run(folder, run, today=date.today())
    if new:
        undo = f"abscope cases undo {folder} takes them back"
        typer.echo(f"cases: {len(new)} of {run} that were not known; {undo}", err=True)


def _told(done: Added, left_out: Sequence[LeftOut], *, as_json: bool) -> int:
    if as_json:
        rows = [{**_row(one), "changes": _sentences(one.entries)} for one in done.admitted]
        lost = [{"isolate_id": one.name, "reason": one.reason} for one in left_out]
        told = [_alert(one) for one in done.noticed.alerts]
        typer.echo(json.dumps({"isolates": rows, "left_out": lost, "alerts": told}, indent=2))
    else:
        typer.echo(tabled([_row(one) for one in done.admitted], as_json=False))
        for one in left_out:
            typer.echo(f"left out: {one.name}: {one.reason}\n  {one.hint}", err=True)
    unseen = _tell(done.noticed)
    return 1 if left_out or unseen else 0


def _tell(noticed: Noticed) -> bool:
    """Say which alerts isolates gave rise to, or why nobody could look; whether that is so."""
    rules = Counter(one.rule for one in noticed.alerts)
    if rules:
        told = ", ".join(f"{count} x {rule}" for rule, count in rules.items())
        listed = "abscope alerts lists them, abscope watch tells whom they concern"
        typer.echo(f"alerts: {told}; {listed}", err=True)
    if noticed.failure is not None:
        typer.echo(f"alerts were not looked for: {noticed.failure}", err=True)
    return noticed.failure is not None


def _alert(one: Alert) -> dict[str, object]:
    return {"key": one.key, "severity": one.severity, "rule": one.rule, "reason": one.reason}


def _row(one: Admitted) -> dict[str, object]:
    nearest = one.near[0] if one.near else None
    return {
        "isolate_id": one.isolate_id,
        "state": f"known as {one.known_as}" if one.known_as else "added",
        "address": one.address,
        "near": len(one.near),
        "nearest": nearest and nearest.isolate_id,
        "snps": nearest and nearest.snps,
        "comparable": nearest and nearest.comparable,
    }


def _sentences(entries: Sequence[Entry]) -> list[str]:
    return [entry.sentence for entry in entries]


def remove(folder: Path, names: Sequence[str], *, reason: str) -> None:
    """Take isolates out, and say what changed among clusters."""
    with surveillance.open_desk(folder) as desk:
        for name in names:
            entries = surveillance.remove(desk, name, reason=reason, stamp=stamp())
            typer.echo("\n".join(_sentences(entries)))


def restore(folder: Path, names: Sequence[str]) -> None:
    """Bring isolates back, and say what changed among clusters."""
    with surveillance.open_desk(folder) as desk:
        for name in names:
            found = surveillance.restore(desk, name, stamp=stamp())
            typer.echo("\n".join(_sentences(found.entries)))
        _tell(surveillance.notice(desk, stamp=stamp()))


def unpack(archive: Path, folder: Path) -> None:
    """Make a collection anew from its backup."""
    count = backups.unpack(archive, folder, database=os.environ.get(URL_VARIABLE))
    typer.echo(f"{folder}: restored, {count} files and tables")


def backup(folder: Path, archive: Path) -> None:
    """Write a collection to one file."""
    with surveillance.open_desk(folder) as desk:
        shelves = [desk.shelf(reference) for reference in desk.charter.references]
        count = backups.backup(desk.collection, archive, shelves=shelves)
    typer.echo(f"{archive}: {count} files and tables")


def verify(what: Path) -> int:
    """Check a collection or a backup; the exit code: 1 where anything is wrong."""
    if what.is_file():
        typer.echo(f"{what}: {len(backups.check(what))} files and tables, every checksum right")
        return 0
    with surveillance.open_desk(what) as desk:
        wrong = list(problems(desk.collection, desk.charter, desk.shelf))
    typer.echo("\n".join(wrong) if wrong else f"{what}: everything is as it should be")
    return 1 if wrong else 0


def status(folder: Path, *, as_json: bool) -> None:
    """Say what the collection holds."""
    with surveillance.open_desk(folder) as desk:
        found = surveillance.status(desk)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    typer.echo(
        f"{found['isolates']} isolates, {found['removed']} removed, {found['failed']} failed"
    )
    for name, count in dict(found["by_reference"]).items():  # type: ignore[call-overload]
        typer.echo(f"  {count} on {name}")
    for level, count in dict(found["clusters"]).items():  # type: ignore[call-overload]
        typer.echo(f"  {count} clusters and single isolates at {level} SNPs")


def log(folder: Path, *, since: date | None, ledger: bool, as_json: bool) -> None:
    """Print what was done, or what changed among clusters, since a day."""
    start = since.isoformat() if since else ""
    with surveillance.open_desk(folder) as desk, reading(desk.collection.engine) as connection:
        if ledger:
            told = read_ledger(connection, since=start)
            rows: list[dict[str, object]] = [{"at": at, "what": one.sentence} for at, one in told]
        else:
            rows = [
                {
                    "at": one.at,
                    "actor": one.actor,
                    "verb": one.verb,
                    "subject": one.subject,
                    "detail": json.dumps(one.detail, sort_keys=True),
                }
                for one in read_log(connection, since=start)
            ]
    typer.echo(tabled(rows, as_json=as_json))

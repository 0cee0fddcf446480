"""Type isolates for a person at a terminal: a row each on stdout, files in the output folder."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from abscope import organism
from abscope.characterise.many import Characterised, Company, against, typed
from abscope.cli.progress import progress
from abscope.cli.tabled import tabled
from abscope.collection import lock
from abscope.collection.store import open_collection
from abscope.errors import DataError, UsageError
from abscope.formats import sample_sheet
from abscope.profiling import recipe_of
from abscope.records import Sample, SampleSheet
from abscope.reports.types import contents, type_row
from abscope.running.storage import write_whole
from abscope.settings import Inputs, Settings
from abscope.typing_kit import Extras, Kit, kit

_SHOWN = (
    "isolate_id", "species", "subspecies", "clone", "st", "macrolides", "amikacin",
    "fluoroquinolones", "mixture", "minor_share", "quality", "warnings",
)  # fmt: skip


def samples_of(sheet: Path | None, alone: Sample) -> SampleSheet:
    """The sheet's isolates, or the one whose files were given. Raises UsageError for neither or both."""
    if (sheet is None) == (not alone.files):
        raise UsageError(
            "give a sample sheet, or one isolate's files", hint="SHEET, or --R1 and --R2, or --ctgs"
        )
    return SampleSheet((alone,)) if sheet is None else sample_sheet.read(sheet)


def type_all(
    sheet: SampleSheet,
    inputs: Inputs,
    settings: Settings,
    *,
    extras: Extras,
    quiet: bool,
    as_json: bool,
) -> int:
    """Type, write, print; 1 where an isolate was left out. Raises DataError where none could be typed."""
    species = organism.read(inputs.organism)
    recipe, missing = recipe_of(species, inputs, settings)
    held = kit(species, recipe, extras)
    _say_unused(held, sheet.samples)
    if not quiet:
        _say_missing([f"{one.reason}; {one.hint}" for one in missing], held)
    with open_collection(inputs.outdir / "collection") as collection, progress(quiet) as listen:
        lock.check_or_write(collection.folder, recipe.references)
        company = Company(collection.folder)
        found = typed(sheet.samples, held, company, settings=settings, listen=listen)
    left_out = (*sheet.left_out, *found.left_out)
    _write(replace(found, left_out=left_out), held, species.name, outdir=inputs.outdir)
    if not found.isolates:
        reasons = [f"{one.name}: {one.reason}" for one in left_out]
        raise DataError.collect("not one isolate could be typed", reasons, hint=_hints(found))
    rows = [type_row(one, held.coverage) for one in found.isolates]
    shown = rows if as_json else [{name: row[name] for name in _SHOWN} for row in rows]
    typer.echo(tabled(shown, as_json=as_json))
    return 1 if left_out else 0


def _hints(found: Characterised) -> str:
    return next((one.hint for one in found.left_out if one.hint), "mend the files named above")


def _say_missing(references: list[str], held: Kit) -> None:
    if held.lacking and held.knowledge.rules:
        typer.echo(f"resistance is not assessed: {held.lacking}", err=True)
    for line in references:
        typer.echo(line, err=True)
    if held.unseen:
        typer.echo(f"plasmids not looked for: {', '.join(held.unseen)} not installed", err=True)


def _say_unused(held: Kit, samples: Sequence[Sample]) -> None:
    """What a user brought and nothing can be done with."""
    strangers = {one.isolate_id for one in held.mics} - {one.name for one in samples}
    if strangers:
        listed = ", ".join(sorted(strangers))
        typer.echo(f"MICs of isolates that are not on the sheet, not used: {listed}", err=True)
    names = [one.name for one in held.recipe.references]
    for markers in (held.markers, held.subspecies):
        if markers is not None and markers.reference not in names:
            typer.echo(
                f"markers lie on {markers.reference}, which no isolate is called against: not used",
                err=True,
            )
    for one in held.coverage:
        typer.echo(f"{one.country}: {one.sentence}", err=True)


def _write(found: Characterised, held: Kit, species: str, *, outdir: Path) -> None:
    for name, content in contents(found.isolates, found.left_out, against(held, species)):
        write_whole(outdir / name, content)

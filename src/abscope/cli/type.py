"""abscope type: species, clone, sequence type and resistance of every isolate."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def type_isolates(
    outdir: o.Outdir,
    sheet: Annotated[
        Path | None, typer.Argument(help="Sample sheet, as for run; or give one isolate's files.")
    ] = None,
    reads1: o.Reads1 = None,
    reads2: o.Reads2 = None,
    assembly: o.Assembly = None,
    sample: o.IsolateName = "isolate",
    organism: o.OrganismOption = "mycobacterium_abscessus",
    reference: o.References = None,
    mlst: Annotated[
        Path | None, typer.Option("--mlst", help="Folder of a typing scheme, as PubMLST has it.")
    ] = None,
    mics: Annotated[
        Path | None, typer.Option("--mics", help="MICs: isolate_id, drug, mic, day; CSV or TSV.")
    ] = None,
    markers: Annotated[
        Path | None, typer.Option("--markers", help="Marker SNPs of clones, table or BED.")
    ] = None,
    subspecies_markers: Annotated[
        Path | None,
        typer.Option("--subspecies-markers", help="Marker SNPs of subspecies, as a cross-check."),
    ] = None,
    plasmids: Annotated[
        Path | None, typer.Option("--plasmids", help="More plasmids to look for, FASTA.")
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(help="Where isolates may come from; may be repeated. Are its clones known?"),
    ] = None,
    others: Annotated[
        Path | None, typer.Option("--species", help="Sketches of other species, JSON lines.")
    ] = None,
    caller: o.CallerOption = "fast",
    cpus: o.Cpus = 0,
    engine: o.EngineOption = "processes",
    scheduler: o.SchedulerOption = None,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Say what each isolate is: species, clone, sequence type, resistance, and how good its data are.

    Prints a row an isolate, and writes types.tsv, resistance.tsv and more to --outdir. Calls made by an
    earlier run there are used again.
    """
    from abscope.cli.type_session import samples_of, type_all
    from abscope.records import Sample
    from abscope.settings import Inputs, Settings
    from abscope.typing_kit import Extras

    inputs = Inputs(sheet or Path(), outdir, organism=organism, references=tuple(reference or ()))
    settings = Settings(
        caller=caller,  # type: ignore[arg-type]
        cpus=cpus or o.available_cpus(),
        engine=o.engine_at(engine, scheduler),
    )
    given = samples_of(sheet, Sample(sample, reads1, reads2, assembly))
    extras = Extras(mlst, mics, markers, subspecies_markers, others, plasmids, tuple(country or ()))
    raise typer.Exit(type_all(given, inputs, settings, extras=extras, quiet=quiet, as_json=as_json))

"""abscope run: from a sample sheet and a line list to a report."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def run(
    sheet: Annotated[
        Path, typer.Argument(help="Sample sheet: nf-core CSV, snippy-multi TSV or bohra TSV.")
    ],
    outdir: o.Outdir,
    linelist: Annotated[
        Path | None, typer.Option("--linelist", "-l", help="Cases and exposures, CSV or TSV.")
    ] = None,
    exposures: o.MoreExposures = None,
    mapping: Annotated[
        Path | None, typer.Option(help="What the line list's columns hold: abscope cases map.")
    ] = None,
    specimens: Annotated[
        Path | None, typer.Option(help="Specimens, patients' or not, and their cultures.")
    ] = None,
    contacts: Annotated[
        Path | None, typer.Option(help="Contact log: facility, date, channel, language, reply.")
    ] = None,
    monitoring: Annotated[
        Path | None, typer.Option(help="Tests done: case_id, test, date.")
    ] = None,
    found_by: Annotated[
        list[str] | None,
        typer.Option(
            "--found-by",
            help="An exposure by which cases were found, kind=value: no evidence of the source.",
        ),
    ] = None,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    reference: o.References = None,
    mask: o.MaskBed = None,
    caller: o.CallerOption = "fast",
    mapqual: o.MapQual = 60,
    basequal: o.BaseQual = 13,
    mincov: o.MinCov = 10,
    minfrac: o.MinFrac = 0.9,
    minqual: o.MinQual = 100.0,
    snps: Annotated[
        list[int] | None,
        typer.Option("--snps", help="SNP level to group isolates at; may be repeated."),
    ] = None,
    tree: Annotated[bool, typer.Option(help="Build a maximum-likelihood tree.")] = True,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "Outbreak investigation",
    language: Annotated[str, typer.Option(help="Language the report opens in: en or es.")] = "en",
    day: o.Today = None,
    cpus: o.Cpus = 0,
    engine: o.EngineOption = "processes",
    scheduler: o.SchedulerOption = None,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Profile isolates, compare them, join the line list, and write a report.

    An interrupted run goes on where it stopped: give the same command again. Isolates whose data
    will not do are left out, with the reason, and the exit code is then 1.
    """
    from abscope.cli.session import carry_out
    from abscope.settings import CallRules, Inputs, Settings

    inputs = Inputs(
        sheet,
        outdir,
        linelist,
        exposures,
        organism,
        tuple(reference or ()),
        mask,
        found_by=o.kinds_and_values(found_by),
        mapping=mapping,
        specimens=specimens,
        contacts=contacts,
        monitoring=monitoring,
    )
    settings = Settings(
        rules=CallRules(mapqual, basequal, mincov, minfrac, minqual),
        caller=caller,  # type: ignore[arg-type]
        levels=tuple(sorted(set(snps or ()))),
        tree=tree,
        title=title,
        language=language,
        cpus=cpus or o.available_cpus(),
        engine=o.engine_at(engine, scheduler),
    )
    raise typer.Exit(carry_out(inputs, settings, day=day, quiet=quiet, as_json=as_json))

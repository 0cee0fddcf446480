"""abscope init, join, add, remove, restore, status, log, backup, verify: a collection that lives long."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o

Names = Annotated[list[str], typer.Argument(help="Isolates.")]


def init(
    folder: o.CollectionFolder,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    reference: o.References = None,
    mask: o.MaskBed = None,
    snps: Annotated[
        list[int] | None, typer.Option("--snps", help="SNP level of clusters; may be repeated.")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(help="URL of a PostgreSQL database; default: a file in the folder."),
    ] = None,
    genotypes: Annotated[
        str | None,
        typer.Option(
            help="Object store of genotypes and profiles, as s3://BUCKET/FOLDER; default: the folder."
        ),
    ] = None,
) -> None:
    """Found a collection: its references, masks and cluster levels are fixed from here on.

    A database URL is kept without its password; give the whole URL in ABSCOPE_DATABASE when you use the
    collection.
    """
    from abscope.cli import collection_session
    from abscope.settings import Inputs, Settings

    inputs = Inputs(Path(), folder, organism=organism, references=tuple(reference or ()), mask=mask)
    settings = Settings(levels=tuple(sorted(set(snps or ()))))
    collection_session.init(inputs, settings, database=database, genotypes=genotypes)


def join(
    folder: Annotated[Path, typer.Argument(help="A folder of its own on this machine.")],
    url: Annotated[str, typer.Argument(help="The object store it was founded with (--genotypes).")],
) -> None:
    """Use a collection founded on another machine from this one too."""
    from abscope.cli import collection_session

    collection_session.join(folder, url)


def add(
    folder: o.CollectionFolder,
    sheet: Annotated[
        Path, typer.Argument(help="Sample sheet, as for run; or the output folder of a run.")
    ],
    jurisdiction: Annotated[
        str, typer.Option(help="Who the isolates belong to, where several share a collection.")
    ] = "",
    knowing: Annotated[
        Path | None,
        typer.Option(
            help="Folder of watch.toml, types.tsv and the like. Default: the collection's."
        ),
    ] = None,
    cpus: o.Cpus = 0,
    engine: o.EngineOption = "processes",
    scheduler: o.SchedulerOption = None,
    quiet: o.Quiet = False,
    as_json: o.AsJson = False,
) -> None:
    """Add isolates to a collection: who is near them, what changes among its clusters, and alerts.

    Files that are in the collection already are reported, not added twice. An interrupted command goes
    on where it stopped: give it again. `abscope watch` tells those whom the alerts concern.

    From a run, isolates come as it called them, and its cases that the collection does not know yet.
    """
    from abscope.cli import collection_session
    from abscope.settings import Settings

    belongs = collection_session.Belongs(jurisdiction, knowing)
    settings = Settings(cpus=cpus or o.available_cpus(), engine=o.engine_at(engine, scheduler))
    code = collection_session.add(
        folder, sheet, settings, belongs=belongs, quiet=quiet, as_json=as_json
    )
    raise typer.Exit(code)


def remove(
    folder: o.CollectionFolder,
    names: Names,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the log.")],
) -> None:
    """Take isolates out of all comparisons to come. Their history stays, and restore undoes it."""
    from abscope.cli import collection_session

    collection_session.remove(folder, names, reason=reason)


def restore(
    folder: o.CollectionFolder,
    names: Annotated[list[str] | None, typer.Argument(help="Removed isolates.")] = None,
    backup: Annotated[
        Path | None, typer.Option("--from", help="A backup, to make the whole collection anew.")
    ] = None,
) -> None:
    """Bring removed isolates back; or, with --from, a whole collection from its backup."""
    from abscope.cli import collection_session

    if backup is not None:
        collection_session.unpack(backup, folder)
    collection_session.restore(folder, names or [])


def backup(
    folder: o.CollectionFolder,
    archive: Annotated[Path, typer.Argument(help="The file to write, .tar.")],
) -> None:
    """Write a collection to one file with checksums. Log-ins and passwords are not part of it."""
    from abscope.cli import collection_session

    collection_session.backup(folder, archive)


def verify(
    what: Annotated[Path, typer.Argument(help="A collection's folder, or a backup.")],
) -> None:
    """Check every checksum of a backup; or every profile, genotype, pair and cluster of a collection."""
    from abscope.cli import collection_session

    raise typer.Exit(collection_session.verify(what))


def status(folder: o.CollectionFolder, as_json: o.AsJson = False) -> None:
    """Say what a collection holds."""
    from abscope.cli import collection_session

    collection_session.status(folder, as_json=as_json)


def log(
    folder: o.CollectionFolder,
    since: o.Since = None,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="What changed among clusters, not what was done.")
    ] = False,
    as_json: o.AsJson = False,
) -> None:
    """Tell what was done to a collection, or with --ledger what became of its clusters."""
    from abscope.cli import collection_session

    day = since.date() if since else None
    collection_session.log(folder, since=day, ledger=ledger, as_json=as_json)

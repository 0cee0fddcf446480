"""abscope reference: the sequences isolates are called against, fetched, added, checked, removed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abscope.cli import options as o

if TYPE_CHECKING:
    from abscope.collection.inventory import Status

reference = typer.Typer(
    name="reference",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Install, check and remove reference sequences.",
)

Names = Annotated[
    list[str] | None, typer.Argument(help="Names, accessions or clones, as 'list' shows them.")
]
Everything = Annotated[bool, typer.Option("--all", help="All that the organism names.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@reference.command("list")
def list_(organism: o.OrganismOption = "mycobacterium_abscessus", as_json: AsJson = False) -> None:
    """Show every reference: installed or not, where, intact or not."""
    from abscope import organism as organisms
    from abscope.cli.tabled import tabled
    from abscope.collection import inventory, references

    found = [inventory.status(one) for one in references.named(organisms.read(organism))]
    typer.echo(tabled([_row(one) for one in found], as_json=as_json))
    for one in found:
        if one.problem and not as_json:
            typer.echo(f"{one.named.entry.name}: {one.problem}", err=True)


@reference.command()
def get(
    names: Names = None,
    everything: Everything = False,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    mirror: Annotated[
        str | None,
        typer.Option(
            envvar="ABSCOPE_MIRROR",
            help="Fetch from this web folder (ACCESSION.fna.gz), or address with {accession}.",
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds to wait for a server that says nothing.")
    ] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Fetch references by accession from NCBI or ENA, or from a mirror.

    What broke off goes on where it stopped. When one fails the others go on; the exit code is then 1.
    """
    from abscope.cli.reference_session import fetch_all

    failed = fetch_all(
        names or (), everything, organism, mirror=mirror, timeout=timeout, as_json=as_json
    )
    raise typer.Exit(1 if failed else 0)


@reference.command()
def add(
    files: Annotated[
        list[Path] | None, typer.Argument(help="FASTA files, plain or gzipped.")
    ] = None,
    known_as: Annotated[
        str | None, typer.Option("--as", help="Which reference the file is: name or accession.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--from", help="Add what is recognised below this folder.")
    ] = None,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    as_json: AsJson = False,
) -> None:
    """Install references from files, without a network.

    A file is recognised by the accession in it or in its name, by its checksum, or by length and name.
    """
    from abscope.cli.reference_session import add_all

    failed = add_all(files or (), organism, known_as=known_as, folder=folder, as_json=as_json)
    raise typer.Exit(1 if failed else 0)


@reference.command()
def verify(organism: o.OrganismOption = "mycobacterium_abscessus", as_json: AsJson = False) -> None:
    """Read every installed sequence again. Compared with its receipt and the organism folder."""
    from abscope import organism as organisms
    from abscope.cli.tabled import tabled
    from abscope.collection import inventory

    found = inventory.verify(organisms.read(organism))
    rows = [
        {"file": str(path), "state": "damaged" if wrong else "ok", "problem": "; ".join(wrong)}
        for path, wrong in found.items()
    ]
    typer.echo(tabled(rows, as_json=as_json))
    if any(found.values()):
        typer.echo("install what is damaged again: abscope reference get NAME", err=True)
        raise typer.Exit(1)


@reference.command()
def remove(
    names: Names = None,
    everything: Everything = False,
    organism: o.OrganismOption = "mycobacterium_abscessus",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove installed references; asks first. Files put there by hand are left alone."""
    from abscope import organism as organisms
    from abscope.collection import installed, inventory, references

    for one in references.chosen(organisms.read(organism), names or (), everything=everything):
        status = inventory.status(one)
        if status.path is None or not installed.has_receipt(status.path):
            typer.echo(f"{one.entry.name}: {status.state}, nothing removed", err=True)
        elif yes or typer.confirm(f"Remove {one.entry.name} ({status.path})?", err=True):
            installed.drop(status.path)
            typer.echo(f"removed {one.entry.name}", err=True)


def _row(status: "Status") -> dict[str, object]:
    entry, receipt = status.named.entry, status.receipt
    return {
        "name": entry.name,
        "accession": entry.accession,
        "subspecies": entry.subspecies,
        "clone": status.named.clone,
        "state": status.state,
        "checksum": status.checked,
        "length": receipt.length if receipt else entry.length,
        "sha256": receipt.sha256 if receipt else entry.sha256,
        "source": receipt.source if receipt else None,
        "file": str(status.path) if status.path else None,
    }

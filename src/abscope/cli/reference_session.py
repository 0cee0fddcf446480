"""Fetch or add one reference after another for a person at a terminal; one that fails stops no other."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TypeVar

import typer

from abscope import organism as organisms
from abscope.cli.tabled import tabled
from abscope.collection import intake, inventory, references
from abscope.collection.installed import Receipt
from abscope.errors import DataError, DownloadError, UsageError
from abscope.organism import Organism
from abscope.tools.archives import Archives
from abscope.tools.downloads import Client, Limits

T = TypeVar("T")


def fetch_all(
    names: Sequence[str],
    everything: bool,
    where: str,
    *,
    mirror: str | None,
    timeout: float,
    as_json: bool,
) -> int:
    """Fetch references that are not at hand yet; return how many failed."""
    species = organisms.read(where)
    key = os.environ.get("NCBI_API_KEY", "").strip() or None
    archive = Archives(mirror=mirror or None, api_key=key)
    client = Client(Limits(timeout=timeout, per_second=10 if key else 3))

    def fetch(one: references.Named) -> Receipt | None:
        path = references.find(one.entry)
        if path is not None and not inventory.faults(path, one.entry):
            return None
        typer.echo(f"fetching {one.entry.name} ({one.entry.accession})", err=True)
        return intake.get(one, species, archive=archive, client=client, day=date.today())

    wanted = references.chosen(species, names, everything=everything)
    return _one_by_one(((one.entry.name, one) for one in wanted), fetch, as_json=as_json)


def add_all(
    files: Sequence[Path],
    where: str,
    *,
    known_as: str | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Install references from files and what is recognised below a folder; return how many failed."""
    species = organisms.read(where)
    if bool(files) == bool(folder):
        raise UsageError("nothing to add", hint="give FASTA files, or a folder with --from")
    if known_as and len(files) != 1:
        raise UsageError("--as names one file", hint="give one file at a time with --as")
    meant = references.chosen(species, [known_as], everything=False)[0] if known_as else None
    paths = _recognised(folder, species) if folder else files

    def install(path: Path) -> Receipt:
        return intake.add(path, species, known_as=meant, day=date.today())

    return _one_by_one(((path.name, path) for path in paths), install, as_json=as_json)


def _recognised(folder: Path, species: Organism) -> Iterator[Path]:
    """The files below `folder` that are one of the references; says which are not."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", hint="check the path after --from")
    found = 0
    for path in intake.fasta_files(folder):
        try:
            if not intake.is_reference(path, species):
                typer.echo(f"{path.name}: none of the references, left alone", err=True)
                continue
        except DataError as error:
            typer.echo(f"{path.name}: left alone: {error.message}", err=True)
            continue
        found += 1
        yield path
    if not found:
        raise DataError(
            f"{folder}: none of the references {species.name} names is in it",
            hint="'abscope reference list' shows what is looked for; --as NAME says which a file is",
        )


def _one_by_one(
    named: Iterable[tuple[str, T]], install: Callable[[T], Receipt | None], *, as_json: bool
) -> int:
    """Install each, print what was installed, and return how many failed."""
    from abscope.cli import say_error

    failed, rows = 0, []
    for name, thing in named:
        try:
            receipt = install(thing)
        except (DownloadError, DataError) as error:
            say_error(error)
            failed += 1
            continue
        if receipt is None:
            typer.echo(f"{name}: at hand already", err=True)
        else:
            rows.append({"name": name, **asdict(receipt)})
            typer.echo(f"installed {name}: {receipt.length} bases of {receipt.accession}", err=True)
    if as_json:
        typer.echo(tabled(rows, as_json=True))
    return failed

"""Build a tree for a person at a terminal: progress and remarks on stderr, the tree on stdout."""

import json
from dataclasses import asdict
from pathlib import Path

import typer

from abscope.cli.progress import progress
from abscope.cli.recombination_session import read
from abscope.errors import DataError
from abscope.formats.sampling_dates import sampling_dates
from abscope.population import newick, nexus
from abscope.population.tree import finished
from abscope.records import Tree
from abscope.running.events import Event
from abscope.running.storage import write_whole
from abscope.tools.iqtree import Search, infer


def build(
    alignment: Path,
    mask: Path | None,
    search: Search,
    *,
    outgroup: str | None = None,
    dates: Path | None = None,
    quiet: bool = False,
) -> Tree:
    """Read an alignment and infer its tree; raises DataError where two isolates cannot be placed."""
    spans, _ = sampling_dates(dates) if dates else ({}, ())
    with progress(quiet) as listen:
        listen(Event("read", alignment.name, "started"))
        calls, hidden = read(alignment, mask)
        listen(Event("read", alignment.name, "done"))
        name = f"{len(calls)} isolates"
        listen(Event("tree", name, "started"))
        found = infer(
            calls, hidden, search, hear=lambda at: listen(Event("tree", name, "started", detail=at))
        )
        listen(Event("tree", name, "done"))
    if found is None:
        raise DataError(
            f"{alignment.name}: fewer than two isolates have a base at half of the sites",
            hint="leave the mask out, or align genomes that were called more fully",
        )
    inferred, chosen = found
    return finished(inferred, chosen, outgroup=outgroup, dates=spans)


def deliver(found: Tree, output: Path | None, *, as_json: bool) -> None:
    """Write the tree to a file or stdout, and say how it was made."""
    if output is not None:
        write_whole(output, as_file(found.newick, output).encode())
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    elif output is None:
        typer.echo(found.newick)
    typer.echo(
        f"{found.method}; rooted: {found.rooting}; support: {found.support or 'none'}", err=True
    )
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)


def as_file(text: str, path: Path) -> str:
    """A Newick tree in the form the file's name asks for."""
    if path.suffix.lower() in {".nex", ".nexus"}:
        return nexus.text(newick.parse(text))
    return text + "\n"

"""Build a tree for a person at a terminal: progress and remarks on stderr, the tree on stdout."""

import json
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import typer

from abscope.cli.progress import progress
from abscope.errors import DataError, UsageError
from abscope.formats.called_genomes import CalledLetters
from abscope.formats.sampling_dates import decimal_year, sampling_dates
from abscope.population import newick, nexus
from abscope.population.phylogeny import Phylogeny
from abscope.population.root_to_tip import Span
from abscope.population.tree import finished
from abscope.records import LeftOut, Tree
from abscope.running.events import Event
from abscope.running.storage import write_whole
from abscope.tools.iqtree import Search, infer


def build(
    genomes: CalledLetters,
    search: Search,
    *,
    outgroup: str | None = None,
    dates: Path | None = None,
    quiet: bool = False,
) -> Tree:
    """Infer a tree; raises DataError where two isolates cannot be placed.

    Raises UsageError where the outgroup is no isolate of these.
    """
    calls, mask = genomes.calls, genomes.mask
    if outgroup is not None and outgroup not in calls:
        raise UsageError(f"no isolate {outgroup} for an outgroup",
                         hint=f"one of {', '.join(list(calls)[:5])} ...")  # fmt: skip
    spans = dates_of(dates, calls) if dates else {}
    with progress(quiet) as listen:
        name = f"{len(calls)} isolates"
        listen(Event("tree", name, "started"))
        found = infer(
            calls, mask, search, hear=lambda at: listen(Event("tree", name, "started", detail=at))
        )
        listen(Event("tree", name, "done"))
    if found is None:
        raise DataError(
            f"{mask.reference}: fewer than two isolates have a base at half of the sites",
            hint="leave the mask out, or align genomes that were called more fully",
        )
    inferred, chosen = found
    made = finished(inferred, chosen, outgroup=outgroup, dates=spans)
    if spans and outgroup is None and made.rooting == "midpoint":
        what = "dates do not root it: three isolates in the tree and two dates are the least"
        return replace(made, notes=(*made.notes, what))
    return made


def dates_of(dates: Path, names: Collection[str]) -> dict[str, Span]:
    """Read sampling dates, and say on stderr which are of no use; DataError where none is of `names`."""
    spans, unusable = sampling_dates(dates)
    today = decimal_year(date.today())
    late = sorted(name for name, span in spans.items() if span[0] > today)
    for one in (
        *unusable,
        *(LeftOut(name, f"in the future, {spans.pop(name)[0]:.1f}") for name in late),
    ):
        typer.echo(f"left out: {one.name}: {one.reason}", err=True)
    strange = sorted(set(spans) - set(names))
    if len(strange) == len(spans):
        raise DataError(
            f"{dates.name}: none of its {len(spans)} dated isolates is in the tree",
            hint="the same names are needed in both",
        )
    if strange:
        some = ", ".join(strange[:5]) + (" ..." if len(strange) > 5 else "")
        typer.echo(f"{len(strange)} dated isolates are not in the tree: {some}", err=True)
    return spans


def deliver(found: Tree, output: Path | None, *, as_json: bool) -> None:
    """Write the tree to a file or stdout, and say how it was made."""
    if output is not None:
        write_whole(output, as_file(newick.parse(found.newick), output).encode())
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    elif output is None:
        typer.echo(found.newick)
    typer.echo(
        f"{found.method}; rooted: {found.rooting}; support: {found.support or 'none'}", err=True
    )
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)


def as_file(tree: Phylogeny, path: Path, *, decimals: int = 3) -> str:
    """A tree in the form the file's name asks for: Nexus or Newick."""
    if path.suffix.lower() in {".nex", ".nexus"}:
        return nexus.text(tree, decimals=decimals)
    return newick.text(tree, decimals=decimals) + "\n"

"""Place isolates for a person at a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from abscope.cli.recombination_session import read
from abscope.cli.tabled import tabled
from abscope.cli.tree_session import as_file
from abscope.errors import DataError
from abscope.formats import tree_file
from abscope.population import newick
from abscope.population.phylogeny import Phylogeny
from abscope.population.placement import Placement, attached, place, ready
from abscope.population.sites import variable_sites
from abscope.records import Letters
from abscope.running.storage import write_whole

_SHOWN = 5  # isolates below a branch, by name


def placed(
    tree: Path, alignment: Path, mask: Path | None, queries: Sequence[str]
) -> tuple[dict[str, Placement], Phylogeny]:
    """Each new isolate's place on the tree as read, and the tree grown by all of them in turn.

    Raises DataError where the alignment lacks isolates of the tree, or there is nobody to place.
    """
    stored = tree_file.read(tree)
    calls, hidden = read(alignment, mask)
    if missing := sorted(set(stored.leaves) - set(calls)):
        raise DataError(
            f"{alignment.name} lacks {len(missing)} isolates of the tree: {', '.join(missing[:5])}",
            hint="give the alignment the tree was made from, with the new isolates in it",
        )
    new = sorted(set(queries or calls) - set(stored.leaves))
    if not new or set(new) - set(calls):
        raise DataError(
            f"nobody to place: {', '.join(sorted(set(new) - set(calls))) or 'all are in the tree'}",
            hint="new isolates are those of the alignment that the tree does not have",
        )
    sites = variable_sites(calls, hidden)
    letters: dict[str, Letters] = dict(zip(sites.ids, sites.letters, strict=True))
    prepared = ready(stored, letters)
    found = {name: place(prepared, letters[name]) for name in new}
    return found, _grown(stored, letters, found)


def _grown(
    tree: Phylogeny, letters: Mapping[str, Letters], found: Mapping[str, Placement]
) -> Phylogeny:
    """Attach one after the other, each placed among those before it."""
    for number, (name, first) in enumerate(found.items()):
        spot = place(ready(tree, letters), letters[name]) if number else first
        tree = attached(tree, name, spot)
    return tree


def deliver(
    found: Mapping[str, Placement], grown: Phylogeny, output: Path | None, *, as_json: bool
) -> None:
    """Print the places, and write the grown tree."""
    rows = [_row(name, one, everybody=as_json) for name, one in found.items()]
    typer.echo(tabled(rows, as_json=as_json))
    if output is not None:
        write_whole(output, as_file(newick.text(grown), output).encode())


def _row(name: str, one: Placement, *, everybody: bool) -> dict[str, object]:
    more = len(one.below) - _SHOWN
    below = ", ".join(one.below[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return {
        "isolate": name,
        "substitutions": one.substitutions,
        "sites": one.compared,
        "equal_branches": one.equal,
        "below": list(one.below) if everybody else below,
    }

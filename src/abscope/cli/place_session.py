"""Place isolates for a person at a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from abscope.cli.tabled import tabled
from abscope.cli.tree_session import as_file
from abscope.errors import DataError
from abscope.formats import tree_file
from abscope.formats.called_genomes import CalledLetters
from abscope.population.phylogeny import Phylogeny, scaled
from abscope.population.placement import Placement, attached, place, ready
from abscope.population.sites import Sites, variable_sites
from abscope.records import Calls, Letters
from abscope.running.storage import write_whole

_SHOWN = 5  # isolates below a branch, by name


def placed(
    tree: Path, genomes: CalledLetters, queries: Sequence[str], *, per_site: bool = False
) -> tuple[dict[str, Placement], Phylogeny]:
    """Each new isolate's place on the tree as read, and the tree grown by all of them in turn.

    An isolate without a base at any variable site has no place, which is said on stderr. Raises
    DataError where genomes of the tree's isolates are missing, there is nobody to place, or the branches
    are not substitutions per genome; with `per_site` they are per site, of the genomes' columns.
    """
    stored = _stored(tree, genomes.mask.length if per_site else 1)
    new = _new(stored, genomes.calls, queries)
    sites = variable_sites(genomes.calls, genomes.mask)
    letters: dict[str, Letters] = dict(zip(sites.ids, sites.letters, strict=True))
    prepared = ready(stored, letters)
    found = {name: place(prepared, letters[name]) for name in _readable(new, sites)}
    grown = _grown(stored, letters, found)
    return found, scaled(grown, 1 / genomes.mask.length) if per_site else grown


def _readable(new: Sequence[str], sites: Sites) -> list[str]:
    """Those with a base where isolates differ, or anywhere where none differ; the others are named."""
    varies = len(sites.positions) > 0
    bases = (sites.letters != ord("N")).any(axis=1) if varies else sites.called > 0
    has_base = dict(zip(sites.ids, bases.tolist(), strict=True))
    for name in new:
        if not has_base[name]:
            typer.echo(f"not placed, no base at a variable site: {name}", err=True)
    return [name for name in new if has_base[name]]


def _stored(tree: Path, sites: int) -> Phylogeny:
    found = tree_file.read(tree)
    if sites == 1 and 0 < sum(found.lengths) < 1:
        raise DataError(
            f"{tree.name}: all branches together are {sum(found.lengths):.3g}, less than one "
            "substitution",
            hint="lengths per site? then give --per-site",
        )
    return scaled(found, sites)


def _new(tree: Phylogeny, calls: Mapping[str, Calls], queries: Sequence[str]) -> list[str]:
    """Who is to be placed, by name."""
    if missing := sorted(set(tree.leaves) - set(calls)):
        raise DataError(
            f"no genomes of {len(missing)} isolates of the tree: {', '.join(missing[:5])}",
            hint="give the genomes the tree was made from, with the new isolates among them",
        )
    new = sorted(set(queries or calls) - set(tree.leaves))
    if strange := sorted(set(new) - set(calls)):
        raise DataError(
            f"nobody to place: {', '.join(strange)} has no genome here", hint="check --query"
        )
    if not new:
        raise DataError("nobody to place: all are in the tree", hint="add genomes of new isolates")
    return new


def _grown(
    tree: Phylogeny, letters: Mapping[str, Letters], found: Mapping[str, Placement]
) -> Phylogeny:
    """Attach one after the other, each placed among those before it."""
    for number, (name, first) in enumerate(found.items()):
        spot = place(ready(tree, letters), letters[name]) if number else first
        tree = attached(tree, name, spot)
    return tree


def deliver(found: Mapping[str, Placement], *, as_json: bool) -> None:
    """Print the places."""
    rows = [_row(name, one, everybody=as_json) for name, one in found.items()]
    if table := tabled(rows, as_json=as_json):
        typer.echo(table)


def write(grown: Phylogeny, output: Path, *, per_site: bool) -> None:
    """Write the grown tree; lengths per site keep their digits."""
    write_whole(output, as_file(grown, output, decimals=12 if per_site else 3).encode())


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

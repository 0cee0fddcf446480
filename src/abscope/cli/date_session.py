"""Date a tree for a person at a terminal."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import typer

from abscope import organism
from abscope.cli.genomes_session import letters
from abscope.cli.progress import progress
from abscope.cli.tabled import tabled
from abscope.cli.tree_session import build, dates_of
from abscope.errors import DataError, UsageError
from abscope.formats import tree_file
from abscope.knowledge.rows import Clock
from abscope.population import dating, newick
from abscope.population.phylogeny import Phylogeny, scaled
from abscope.population.sites import variable_sites
from abscope.records import Dating, Estimate
from abscope.running.events import Event
from abscope.running.storage import write_whole
from abscope.tables.written import tsv
from abscope.tools.iqtree import Search


@dataclass(frozen=True, slots=True)
class Known:
    """A clone's published rate, None where the organism's table has none; and its genome's length."""

    clock: Clock | None
    length: int | None


def known(where: str, clone: str) -> Known:
    """Look up a clone's published rate, else any clone's (`*`); UsageError for a clone not listed."""
    chosen = organism.read(where)
    clocks = {row.clone: row for row in chosen.knowledge().clock}
    if clone not in clocks and clone != "*":
        raise UsageError(
            f"no published rate of {clone}",
            hint=f"one of {', '.join(clocks)}; or leave --clone out",
        )
    lengths = [one.length for one in chosen.references if one.length]
    return Known(clocks.get(clone), lengths[0] if lengths else None)


def source_of(
    source: Path, sites: int | None, known: Known, *, per_site: bool, quiet: bool
) -> tuple[Phylogeny, int | None]:
    """Read a tree, or infer one; in substitutions per genome, with the sites it stands for."""
    if not tree_file.is_tree(source):
        return _inferred(source, sites, known, quiet=quiet)
    tree, size = tree_file.read(source), sites or known.length
    if per_site:
        if size is None:
            raise UsageError("substitutions per site of how many sites?", hint="give --sites")
        return scaled(tree, size), size
    if sum(tree.lengths) < 1:
        raise DataError(
            f"{source.name}: all branches together are {sum(tree.lengths):.3g}, less than one "
            "substitution",
            hint="lengths per site? then give --per-site and --sites",
        )
    return tree, size


def _inferred(
    source: Path, sites: int | None, known: Known, *, quiet: bool
) -> tuple[Phylogeny, int | None]:
    """A tree of genomes; where variable sites alone are given, the sites are the reference's."""
    read = letters([source], None, None, quiet=quiet)
    made = build(read, Search(bootstrap=0), quiet=quiet)
    for note in made.notes:
        typer.echo(f"note: {note}", err=True)
    few = variable_sites(read.calls, read.mask).variable_only
    return newick.parse(made.newick), sites or (known.length if few else read.mask.length)


def dated(tree: Phylogeny, dates: Path, *, shuffles: int, seed: int, quiet: bool) -> Dating:
    """Read dates and date the tree."""
    spans = dates_of(dates, tree.leaves)
    with progress(quiet) as listen:
        listen(Event("date", dates.name, "started"))
        found = dating.dated(tree, spans, rng=np.random.default_rng(seed), shuffles=shuffles)
        listen(Event("date", dates.name, "done"))
    return found


def write(found: Dating, outdir: Path) -> None:
    """Write the dated tree and its nodes, where there is one."""
    if found.newick is not None:
        write_whole(outdir / "dated.nwk", (found.newick + "\n").encode())
        write_whole(outdir / "dated_nodes.tsv", tsv(_nodes(found)))


def _nodes(found: Dating) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "year": round(node.year.value, 2),
                "low": round(node.year.low, 2),
                "high": round(node.year.high, 2),
                "isolates": len(node.leaves),
                "members": ",".join(node.leaves),
            }
            for node in found.nodes
        ]
    )


def shown(found: Dating, known: Known, sites: int | None, *, as_json: bool) -> str:
    """Signal, rate and root: rows for people; for programs with all nodes and the published rate."""
    compared = comparison(found.rate, known.clock, sites)
    if as_json:
        return json.dumps(_told(found) | {"sites": sites, "published": compared}, indent=2)
    rows = [
        _row("correlation of distance and date", _tested(found, "correlation")),
        _row("share of shufflings as good (p)", _tested(found, "p")),
        _row("slope, substitutions per genome and year", _tested(found, "slope")),
    ]
    if found.rate and found.spread:
        rows.append(_row("rate, substitutions per genome and year", found.rate))
        rows.append(_row("unevenness of the clock", found.spread))
    if found.root:
        rows.append(_row("year of the last common ancestor", found.root))
    if compared:
        rows.append({
            "quantity": f"published rate of {compared['clone']}, per genome and year",
            "value": f"{compared['rate']:.4g}", "low": f"{compared['low']:.4g}",
            "high": f"{compared['high']:.4g}",
        })  # fmt: skip
    return tabled(rows, as_json=False)


def _tested(found: Dating, name: str) -> float | None:
    """A figure of the test; None where too little was dated for one."""
    return getattr(found.signal, name) if found.signal.shuffles else None


def _told(found: Dating) -> dict[str, Any]:
    told = asdict(found)
    told["signal"] |= {name: _tested(found, name) for name in ("correlation", "p", "slope")}
    return told


def _row(quantity: str, value: Estimate | float | None) -> Mapping[str, object]:
    if isinstance(value, Estimate):
        cells = (value.value, value.low, value.high)
        return {"quantity": quantity} | {
            key: f"{one:.1f}" if one > 1000 else f"{one:.3g}"
            for key, one in zip(("value", "low", "high"), cells, strict=True)
        }
    shown = None if value is None else f"{value:.3g}"
    return {"quantity": quantity, "value": shown, "low": None, "high": None}


def comparison(
    rate: Estimate | None, clock: Clock | None, sites: int | None
) -> dict[str, object] | None:
    """The published rate per genome, and whether the intervals meet (None without a rate here)."""
    if clock is None or sites is None:
        return None
    low, high = clock.low * sites, clock.high * sites
    return {
        "clone": "any clone" if clock.clone == "*" else clock.clone,
        "rate": clock.rate * sites,
        "low": low,
        "high": high,
        "agrees": rate.meets(low, high) if rate else None,
        "source": clock.source,
    }


def believed(found: Dating, known: Known, sites: int | None) -> Dating:
    """The dating, or its rate alone where that is apart from the published one."""
    compared = comparison(found.rate, known.clock, sites)
    if not compared or compared["agrees"] is not False:
        return found
    why = (
        "the rate is apart from the published one; imported DNA, wrong dates or another number of "
        "--sites would do that (abscope recombination masks imports; --any-rate dates all the same)"
    )
    return replace(
        found, signal=replace(found.signal, missing=why), root=None, nodes=(), newick=None
    )


def settled(found: Dating) -> Dating:
    """The dating, or none where the walk has not settled on a rate."""
    if found.rate is None or found.draws >= dating.FEWEST_DRAWS:
        return found
    why = (
        f"{found.draws} independent draws in the whole walk: very different rates explain the dates "
        "about as well; isolates sampled earlier or later would part them"
    )
    signal = replace(found.signal, missing=why)
    return Dating(signal, draws=found.draws, left_out=found.left_out)


def say(found: Dating) -> int:
    """Say on stderr what stands in the way of a date; 1 where there is none."""
    if found.left_out:
        typer.echo(f"{len(found.left_out)} isolates of the tree have no date", err=True)
    if found.signal.missing:
        what = "not dated" if found.draws else "no clock signal"
        typer.echo(f"{what}: {found.signal.missing}", err=True)
        return 1
    if found.draws < dating.ENOUGH:
        typer.echo(f"warning: {found.draws} independent draws only; intervals are rough", err=True)
    return 0

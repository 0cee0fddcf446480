"""Cluster genomes for a person at a terminal, and write what was found."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from abscope.cli.tabled import tabled
from abscope.errors import UsageError
from abscope.formats.called_genomes import CalledGenomes
from abscope.population.clusters import clusters
from abscope.population.distances import counted
from abscope.population.linkage import addresses, holdings, spanning_tree, stability
from abscope.records import Clusters, Comparison
from abscope.records.cells import safe_cell
from abscope.records.linkages import Holding, Plateau
from abscope.running.storage import write_whole

LEVELS = (250, 100, 50, 25, 10, 5, 0)
"""SnapperDB's (Dallman et al. 2018)."""

CLUSTER_COLUMNS = (
    "level", "cluster", "isolates", "holds_from", "holds_to", "widest", "complete_linkage",
    "unresolved_pairs", "members",
)  # fmt: skip

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Joined:
    """Clusters at every level, tightest first, and what they depend on."""

    addresses: Mapping[str, str]
    clusters: tuple[Clusters, ...]
    holdings: tuple[Holding, ...]
    plateaus: tuple[Plateau, ...]

    @property
    def unresolved(self) -> tuple[tuple[str, str], ...]:
        """Pairs with too few sites to say."""
        return self.clusters[0].unresolved


def joined(
    genomes: CalledGenomes, levels: Sequence[int] | None, min_comparable: float, threads: int
) -> Joined:
    """Compare and cluster. Raises UsageError for a level or share that cannot be."""
    if any(level < 0 for level in levels or ()) or not 0 <= min_comparable <= 1:
        raise UsageError("--snps or --min-comparable is out of range",
                         hint="levels from 0 up, and a share from 0 to 1")  # fmt: skip
    distances = counted(genomes.planes, threads=threads)
    one = Comparison(genomes.planes.reference, None, distances, distances, genomes.mask)
    found = clusters([one], levels or LEVELS, min_comparable=min_comparable)
    tree = spanning_tree([one], min_comparable=min_comparable)
    held = holdings(found, [one], tree, min_comparable=min_comparable)
    return Joined(addresses(distances.ids, found), found, held, stability(tree))


def address_rows(found: Joined) -> list[Row]:
    """A row an isolate: its address, and its cluster at every level, loosest first."""
    loosest_first = sorted(found.clusters, key=lambda one: -one.level)
    of = [
        (f"t{one.level}", {name: group.name for group in one.groups for name in group.members})
        for one in loosest_first
    ]
    return [
        {"isolate_id": name, "snp_address": address} | {level: at.get(name) for level, at in of}
        for name, address in found.addresses.items()
    ]


def cluster_rows(found: Joined) -> list[Row]:
    """A row a cluster of a level, of CLUSTER_COLUMNS."""
    return [
        dict(zip(CLUSTER_COLUMNS, (
            one.level, one.name, len(one.members), one.low, one.high, one.widest,
            "disagrees" if one.chain else "agrees", one.unresolved, " ".join(one.members),
        ), strict=True))
        for one in found.holdings
    ]  # fmt: skip


def stability_rows(found: Joined) -> list[Row]:
    """A row a stretch of thresholds at which the clusters are the same."""
    return [
        {"snps_from": one.low, "snps_to": one.high, "clusters": one.clusters,
         "isolates_clustered": one.clustered, "largest": one.largest}
        for one in found.plateaus
    ]  # fmt: skip


def write(found: Joined, outdir: Path) -> None:
    """Write tables and the figure to a folder."""
    from plotly.io import to_html

    from abscope.reports.figures.stability import stability as drawn

    pairs: list[Row] = [{"isolate_1": one, "isolate_2": two} for one, two in found.unresolved]
    write_whole(outdir / "addresses.tsv", _tsv(address_rows(found)))
    write_whole(outdir / "clusters.tsv", _tsv(cluster_rows(found), CLUSTER_COLUMNS))
    write_whole(outdir / "stability.tsv", _tsv(stability_rows(found)))
    write_whole(outdir / "unresolved.tsv", _tsv(pairs, ("isolate_1", "isolate_2")))
    chart = drawn(found.plateaus, [one.level for one in found.clusters])
    page = to_html(
        {"data": chart.spec["data"], "layout": chart.spec["layout"]},
        include_plotlyjs=True,
        validate=False,
        div_id=chart.name,
    )
    write_whole(outdir / "stability.html", page.encode())


def _tsv(rows: Sequence[Row], columns: Sequence[str] = ()) -> bytes:
    """Rows under their headings; under `columns` where there is no row."""
    lines = [
        list(rows[0] if rows else columns),
        *(["" if v is None else safe_cell(str(v)) for v in row.values()] for row in rows),
    ]
    return "".join("\t".join(line) + "\n" for line in lines).encode()


def show(found: Joined, *, as_json: bool, quiet: bool) -> None:
    """Print addresses, or everything as JSON; on stderr, what the addresses do not say."""
    if as_json:
        whole = {
            "addresses": address_rows(found),
            "clusters": cluster_rows(found),
            "stability": stability_rows(found),
            "unresolved": [list(pair) for pair in found.unresolved],
        }
        typer.echo(json.dumps(whole, indent=2))
    else:
        typer.echo(tabled(address_rows(found), as_json=False))
    if not quiet and found.unresolved:
        typer.echo(
            f"unresolved: {len(found.unresolved)} pairs with too few sites join nobody", err=True
        )
    chains = sum(one.chain for one in found.holdings)
    if not quiet and chains:
        typer.echo(f"{chains} of {len(found.holdings)} clusters are chains: complete linkage would "
                   "part them", err=True)  # fmt: skip

"""Look for recombination in an alignment for a person at a terminal, and write what was found."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import typer

from abscope.cli.tabled import tabled
from abscope.errors import DataError, UsageError
from abscope.formats import distance_table, fasta, recombination_gff
from abscope.formats.called_genomes import CalledLetters
from abscope.population import recombination as built_in
from abscope.population.recombination_tables import blocks_table, pairs_table
from abscope.records import Calls, Distances, Letters, Mask, Recombination
from abscope.running.storage import write_whole
from abscope.tables.written import tsv
from abscope.tools import gubbins

METHODS: dict[str, Callable[[Mapping[str, Calls], Mask], Recombination]] = {
    "built-in": built_in.recombination,
    "gubbins": gubbins.recombination,
}


def search(genomes: CalledLetters, method: str) -> Recombination:
    """Find recombination by one of METHODS. Raises DataError for a VCF, which lists few positions."""
    if method not in METHODS:
        raise UsageError(f"no method {method!r}", hint=f"one of {', '.join(METHODS)}")
    if genomes.sites is not None:
        raise DataError(
            f"{genomes.mask.reference}: a VCF does not say where isolates were read and are alike",
            hint="give snippy-core's .full.aln, or snippy's folders: density needs every position",
        )
    return METHODS[method](genomes.calls, genomes.mask)


def write(found: Recombination, outdir: Path, calls: Mapping[str, Calls] | None) -> None:
    """Write tables, GFF and tree to a folder; with calls, the alignment without its blocks."""
    contents = {
        "recombination_blocks.tsv": tsv(blocks_table(found)),
        "recombination_pairs.tsv": tsv(pairs_table(found)),
        "recombination_blocks.gff": recombination_gff.text(found).encode(),
        "distances.raw.tsv": _matrix(found.raw),
        "distances.tsv": _matrix(found.masked),
        "guide.nwk": f"{found.newick}\n".encode(),
    }
    for name, content in contents.items():
        write_whole(outdir / name, content)
    if calls is not None:
        entries = ((name, _without_blocks(found, name, calls[name].bases)) for name in found.ids)
        write_whole(outdir / "masked.aln", fasta.encode(entries))


def _matrix(distances: Distances) -> bytes:
    """A square table; untold where no site is left to compare."""
    return distance_table.matrix(distances, distances.comparable > 0).encode()


def _without_blocks(found: Recombination, isolate: str, letters: Letters) -> Letters:
    """An isolate's letters, `N` in every block of a branch above it."""
    hidden = letters.copy()
    for block in found.blocks:
        if isolate in block.descendants:
            hidden[block.start : block.end] = ord("N")
    return hidden


def shown(found: Recombination, *, as_json: bool) -> str:
    """Blocks as a table or JSON."""
    return tabled(blocks_table(found).to_dicts(), as_json=as_json)


def say(found: Recombination) -> None:
    """Say on stderr how much was found, and what was left out."""
    removed = found.removed[np.triu_indices(len(found.ids), 1)]
    affected = int((removed > 0).sum())
    typer.echo(
        f"{len(found.blocks)} blocks in {len(found.ids)} isolates ({found.method}); "
        f"{affected} of {len(removed)} pairs lose SNPs",
        err=True,
    )
    if found.stable is False:
        typer.echo(f"warning: the tree still changed after {found.rounds} rounds", err=True)
    for one in found.left_out:
        typer.echo(f"left out: {one.name}: {one.reason}", err=True)

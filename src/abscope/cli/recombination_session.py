"""Look for recombination in an alignment for a person at a terminal, and write what was found."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import typer

from abscope.cli.tabled import tabled
from abscope.errors import UsageError
from abscope.formats import bed, core_alignment, distance_table, fasta, recombination_gff
from abscope.population import recombination as built_in
from abscope.population.recombination_tables import blocks_table, pairs_table
from abscope.records import (
    Calls,
    Contig,
    Interval,
    Letters,
    Mask,
    Recombination,
    Reference,
)
from abscope.tables.written import tsv
from abscope.tools import gubbins

METHODS: dict[str, Callable[[Mapping[str, Calls], Mask], Recombination]] = {
    "built-in": built_in.recombination,
    "gubbins": gubbins.recombination,
}


def read(alignment: Path, mask: Path | None) -> tuple[dict[str, Calls], Mask]:
    """Read the genomes, and what is not looked at."""
    calls = core_alignment.read(alignment)
    first = next(iter(calls.values()))
    hidden = _hidden(mask, first) if mask else ()
    return calls, Mask(first.reference, len(first.bases), hidden)


def _hidden(mask: Path, one: Calls) -> tuple[Interval, ...]:
    """Read a mask for an alignment, which does not say what its reference is called."""
    text = mask.read_text(encoding="utf-8-sig") if mask.is_file() else ""
    names = {line.split("\t")[0].strip() for line in text.splitlines() if "\t" in line}
    names = {name for name in names if not name.startswith("#")}
    if len(names) > 1:
        raise UsageError(
            f"{mask.name} names {len(names)} sequences, and an alignment stands for one",
            hint="keep the lines of the chromosome it was made on",
        )
    contig = Contig(next(iter(names), one.reference), 0, len(one.bases))
    return bed.read(mask, Reference(one.reference, (contig,), one.bases))


def search(calls: Mapping[str, Calls], mask: Mask, method: str) -> Recombination:
    """Find recombination by one of METHODS."""
    if method not in METHODS:
        raise UsageError(f"no method {method!r}", hint=f"one of {', '.join(METHODS)}")
    return METHODS[method](calls, mask)


def write(found: Recombination, outdir: Path, calls: Mapping[str, Calls] | None) -> None:
    """Write tables, GFF and tree to a folder; with calls, the alignment without its blocks."""
    outdir.mkdir(parents=True, exist_ok=True)
    (outdir / "recombination_blocks.tsv").write_bytes(tsv(blocks_table(found)))
    (outdir / "recombination_pairs.tsv").write_bytes(tsv(pairs_table(found)))
    texts = {
        "recombination_blocks.gff": recombination_gff.text(found),
        "distances.raw.tsv": distance_table.matrix(found.raw),
        "distances.tsv": distance_table.matrix(found.masked),
        "guide.nwk": found.newick + "\n",
    }
    for name, text in texts.items():
        (outdir / name).write_text(text, encoding="utf-8")
    if calls is not None:
        entries = ((name, _without_blocks(found, name, calls[name].bases)) for name in found.ids)
        fasta.write(outdir / "masked.aln", entries)


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

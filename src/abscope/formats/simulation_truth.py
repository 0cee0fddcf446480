"""The truth of a simulated world, every table a TSV.

isolates.tsv        subspecies, clone, outbreak, dates, mixtures, number of SNPs and indels
snps/<isolate>.tsv  every SNP against the isolate's reference strain (1-based, as VCF)
indels.tsv          every insertion and deletion against it
recombination.tsv   imports, on the reference strain (0-based half-open, as BED)
distances.tsv       SNPs of every pair, in all and outside repeats; mutations on the tree's path
repeats/<reference>.bed
tree.nwk            everybody, branch lengths in substitutions; nodes.tsv: dates and imports
transmissions.tsv   who or what infected whom, and when
cases.csv           the line list as it is true; exposures.tsv: one row each
changes.tsv         every cell of the line list that is not the truth, and why
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from abscope.records import Interval
from abscope.simulate.genomes import Genome, Truth, spanned, truth
from abscope.simulate.patients import calendar_day, exposures
from abscope.simulate.world import Isolate, World, distances

Repeats = Mapping[str, tuple[Interval, ...]]


class _Job(Protocol):
    def __call__(self) -> None:
        """Write a part of the truth."""


def parts(world: World, folder: Path, repeated: Repeats) -> Sequence[_Job]:
    """List the pieces of work that together write the truth; any order, any number at once."""
    return (
        *(partial(_write_repeats, world, folder, name, repeated[name]) for name in repeated),
        partial(_write_genomes, world, folder, repeated),
        partial(_write_descent, world, folder),
        partial(_write_people, world, folder),
    )


def _write_repeats(world: World, folder: Path, name: str, intervals: tuple[Interval, ...]) -> None:
    (folder / "repeats").mkdir(exist_ok=True)
    reference = world.reference(name)
    lines = []
    for interval in intervals:
        contig, start = _place(reference, interval.start)
        lines.append(f"{contig}\t{start}\t{start + interval.end - interval.start}\trepeat\n")
    (folder / "repeats" / f"{name}.bed").write_text("".join(lines), encoding="utf-8")


def _place(genome: Genome, position: int) -> tuple[str, int]:
    """Return contig and 0-based position on it; a genome's end belongs to its last contig."""
    contig = next(c for c in reversed(genome.contigs) if c.start <= position)
    return contig.name, position - contig.start


def _write_genomes(world: World, folder: Path, repeated: Repeats) -> None:
    """One reference strain after another, so that few genomes are open at once."""
    isolates: list[dict[str, Any]] = []
    indels: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    for name in world.references:
        reference = world.reference(name)
        of_it = [isolate for isolate in world.isolates if isolate.reference == name]
        truths = {one.name: truth(world.genome(one), reference) for one in of_it}
        for isolate in of_it:
            found = truths[isolate.name]
            _snps(found, reference).write_csv(_tsv(folder / "snps", isolate.name), separator="\t")
            indels += _indels(isolate.name, found, reference)
            isolates.append(_isolate(world, isolate, found))
        if len(truths) > 1:
            pairs += _pairs(world, name, truths, repeated[name])
    _write(folder, "isolates", isolates)
    _write(folder, "indels", indels)
    _write(folder, "distances", pairs)


def _tsv(folder: Path, name: str) -> Path:
    return folder / f"{name}.tsv"


def _write(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    frame.write_csv(_tsv(folder, name), separator="\t")


def _isolate(world: World, isolate: Isolate, found: Truth) -> dict[str, Any]:
    return {
        "isolate": isolate.name,
        "kind": isolate.kind,
        "subspecies": isolate.subspecies,
        "clone": isolate.clone,
        "outbreak": isolate.outbreak,
        "date_collection": isolate.collected.isoformat(),
        "reference": isolate.reference,
        "length": len(world.genome(isolate)),
        "snps": len(found.positions),
        "deleted": len(found.deleted),
        "insertions": len(found.insertions),
        "contaminant": isolate.contaminant,
        "contaminant_share": isolate.contaminant_share if isolate.contaminant else None,
    }


def _snps(found: Truth, reference: Genome) -> pl.DataFrame:
    rows = [(*_place(reference, int(p)), chr(r), chr(a)) for p, r, a in _sites(found)]
    names = ("contig", "position", "ref", "alt")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(pl.col("position").cast(pl.Int64) + 1)


def _sites(found: Truth) -> Iterator[tuple[int, int, int]]:
    return zip(found.positions.tolist(), found.refs.tolist(), found.alts.tolist(), strict=True)


def _indels(isolate: str, found: Truth, reference: Genome) -> list[dict[str, Any]]:
    """Deletions by their first base, insertions by the base they stand before, 1-based."""
    events = [("insertion", point, letters) for point, letters in found.insertions]
    events += [
        ("deletion", start, reference.letters[start:end].tobytes())
        for start, end in found.deletions()
    ]
    rows = []
    for kind, point, letters in sorted(events, key=lambda event: event[1]):
        contig, position = _place(reference, point)
        rows.append(
            {
                "isolate": isolate,
                "contig": contig,
                "position": position + 1,
                "kind": kind,
                "length": len(letters),
                "letters": letters.decode(),
            }
        )
    return rows


def _pairs(
    world: World, name: str, truths: Mapping[str, Truth], hidden: tuple[Interval, ...]
) -> list[dict[str, Any]]:
    reference = world.reference(name)
    whole, unique = distances(truths, reference), distances(truths, reference, hidden)
    members = {isolate.name: isolate.member for isolate in world.isolates}
    return [
        {
            "isolate_1": whole.ids[i],
            "isolate_2": whole.ids[j],
            "reference": name,
            "snps": int(whole.snps[i, j]),
            "comparable": int(whole.comparable[i, j]),
            "snps_outside_repeats": int(unique.snps[i, j]),
            "comparable_outside_repeats": int(unique.comparable[i, j]),
            "mutations": world.pedigree.mutations(members[whole.ids[i]], members[whole.ids[j]]),
        }
        for i, j in combinations(range(len(whole.ids)), 2)
    ]


def _write_descent(world: World, folder: Path) -> None:
    (folder / "tree.nwk").write_text(world.pedigree.newick() + "\n", encoding="utf-8")
    rows = [
        {
            "node": descent.name,
            "parent": descent.parent,
            "date": descent.date and calendar_day(descent.date).isoformat(),
            "substitutions": descent.substitutions,
            "imports": len(descent.imports),
        }
        for descent in world.pedigree.descents
    ]
    _write(folder, "nodes", rows)
    lines = [(one.name, one.member, one.reference) for one in world.isolates]
    lines += [(name, name, name) for name in world.references]
    blocks = [block for line in lines for block in _imports(world, *line)]
    schema = ("isolate", "reference", "contig", "start", "end", "donor", "node", "changed")
    pl.DataFrame(blocks, schema=schema, orient="row", infer_schema_length=None).write_csv(
        _tsv(folder, "recombination"), separator="\t"
    )


def _imports(world: World, name: str, member: str, strain: str) -> list[tuple[Any, ...]]:
    """Every import on an isolate's (or a reference's) line, where it lies on the reference."""
    reference = world.reference(strain)
    rows: list[tuple[Any, ...]] = []
    for descent in world.pedigree.line(member):
        for event in descent.imports:
            span = spanned(event.columns, reference)
            if span:
                contig, start = _place(reference, span[0])
                where = (contig, start, start + span[1] - span[0])
                rows.append((name, strain, *where, event.donor, descent.name, event.changed))
    return sorted(rows, key=lambda row: row[3])


def _write_people(world: World, folder: Path) -> None:
    world.cases.write_csv(folder / "cases.csv")
    exposures(world.cases).write_csv(_tsv(folder, "exposures"), separator="\t")
    world.linelist.changes.write_csv(_tsv(folder, "changes"), separator="\t")
    rows = [
        {"source": one.source, "case": one.case, "date": calendar_day(one.date).isoformat()}
        for one in world.transmissions
    ]
    _write(folder, "transmissions", rows)

"""A simulated world as files: reads, assemblies, sheets, an organism folder, and the whole truth.

    samples.csv        nf-core sheet, paths relative to it
    linelist.csv       the line list as investigators get it
    reads/             paired FASTQ
    assemblies/        draft assemblies
    organism/          an organism folder: one reference strain per subspecies
    truth/             all that is so (simulation_truth.py)

`write_reads` alone serves tests and benchmarks that need one genome's reads on disk.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from abscope.errors import StorageError
from abscope.formats import fasta, fastq_writer, simulation_truth
from abscope.records import Interval
from abscope.simulate.assemblies import draft
from abscope.simulate.genomes import Genome, lifted
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads
from abscope.simulate.repeats import repeats
from abscope.simulate.world import Isolate, World

_ORGANISM = """schema = 1
name = "Mycobacterium abscessus (simulated)"

[species]
min_ani = 0.95
genome_length = [{shortest}, {longest}]

[clusters]
levels = [10, 25]
source = "simulated: levels as for the real organism"
"""
_REFERENCE = """
[[references]]
name = "{name}"
subspecies = "{subspecies}"
file = "references/{name}.fna.gz"
length = {length}
source = "simulated strain outside every clone"
"""


_SURVEYED = (0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 75, 100)


def write_reads(
    path1: Path, path2: Path, genome: Genome, *, depth: float = 60.0, seed: int = 1
) -> None:
    """Write paired reads of one genome, gzipped; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    blocks = paired_reads((Source(genome),), Sequencing(depth=depth), rng=rng)
    fastq_writer.write_pair(path1, path2, blocks)


def write(world: World, folder: Path, *, depth: float | None = None, cpus: int = 1) -> None:
    """Write everything; `depth` of reads instead of the scenario's; the same files for any `cpus`.

    Raises StorageError where the folder cannot be written.
    """
    try:
        for part in ("reads", "assemblies", "organism/references", "truth/snps"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        _write_all(world, folder, depth=depth, cpus=cpus)
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be written ({error.strerror})",
            hint="check the folder's rights and the space left on the disk",
        ) from error


def _write_all(world: World, folder: Path, *, depth: float | None, cpus: int) -> None:
    _sheet(world).write_csv(folder / "samples.csv")
    world.linelist.cases.write_csv(folder / "linelist.csv")
    _write_organism(world, folder / "organism")
    with ThreadPoolExecutor(max(cpus, 1)) as pool:
        sequenced = [one for one in world.isolates if one.kind == "reads"]
        reading = [pool.submit(_write_reads, world, one, folder, depth) for one in sequenced]
        repeated = dict(pool.map(lambda name: _repeats(world, name), world.references))
        drafts = [one for one in world.isolates if one.kind == "assembly"]
        writing = [pool.submit(_write_draft, world, one, folder, repeated) for one in drafts]
        jobs: Sequence[Callable[[], None]] = simulation_truth.parts(
            world, folder / "truth", repeated
        )
        for future in (*reading, *writing, *map(pool.submit, jobs)):
            future.result()


def _repeats(world: World, name: str) -> tuple[str, tuple[Interval, ...]]:
    return name, repeats(world.reference(name).letters)


def _files(isolate: Isolate) -> tuple[str | None, str | None, str | None]:
    """Return the sheet's cells of an isolate: fastq_1, fastq_2, assembly."""
    if isolate.kind == "reads":
        stem = f"reads/{isolate.name}"
        return f"{stem}_R1.fastq.gz", f"{stem}_R2.fastq.gz", None
    return None, None, f"assemblies/{isolate.name}.fna.gz"


def _sheet(world: World) -> pl.DataFrame:
    rows = [(isolate.name, *_files(isolate)) for isolate in world.isolates]
    schema = dict.fromkeys(("sample", "fastq_1", "fastq_2", "assembly"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _write_organism(world: World, folder: Path) -> None:
    text, lengths = "", []
    for name, subspecies in world.references.items():
        genome = world.reference(name)
        fasta.write(folder / "references" / f"{name}.fna.gz", genome.sequences())
        text += _REFERENCE.format(name=name, subspecies=subspecies, length=len(genome))
        lengths.append(len(genome))
    head = _ORGANISM.format(shortest=int(min(lengths) * 0.9), longest=int(max(lengths) * 1.1))
    (folder / "organism.toml").write_text(head + text, encoding="utf-8")
    for name in world.clones:
        genome = world.pedigree.genomes[name].named(name)
        fasta.write(folder / "references" / f"{name}.fna.gz", genome.sequences())
    for name, rows in (("clones", _clones(world)), ("backgrounds", _backgrounds(world))):
        (folder / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _clones(world: World) -> Iterator[str]:
    unknown = ("accession", "sequence_types", "also_types", "other_names", "expansion_year", "note")
    yield "\t".join(("clone", "part_of", "subspecies", "strain", *unknown, "source"))
    for name, subspecies in world.clones.items():
        gap = "\t" * len(unknown)
        yield f"{name}\t\t{subspecies}\t{name}{gap}\tsimulated: the genome of its founder"


def _backgrounds(world: World) -> Iterator[str]:
    yield "stratum\tcounted\tpatients\tpairs\tsnps\tshare\tlow\thigh\tuse\tsource"
    for one in world.backgrounds:
        for snps in _SURVEYED:
            bounds = (float(values[snps]) for values in (one.share, one.lower, one.upper))
            shown = "\t".join(f"{value:.3g}" for value in bounds)
            counts = f"{one.stratum}\tpatients\t{one.patients}\t{one.pairs}\t{snps}"
            yield f"{counts}\t{shown}\tthe simulated species alone\tsimulated survey"


def _write_reads(world: World, isolate: Isolate, folder: Path, depth: float | None) -> None:
    one, two, _ = (folder / part if part else None for part in _files(isolate))
    assert one is not None
    assert two is not None
    sequencing = replace(Sequencing(), depth=depth or isolate.depth)
    rng = world.generator("reads", isolate.name)
    blocks = paired_reads(world.sources(isolate), sequencing, rng=rng, prefix=isolate.name)
    fastq_writer.write_pair(one, two, blocks)


def _write_draft(
    world: World, isolate: Isolate, folder: Path, repeated: dict[str, tuple[Interval, ...]]
) -> None:
    genome, reference = world.genome(isolate), world.reference(isolate.reference)
    rng = world.generator("assembly", isolate.name)
    contigs = draft(genome, lifted(repeated[isolate.reference], reference, genome), rng=rng)
    named = [(f"{isolate.name}_{name}", letters) for name, letters in contigs]
    fasta.write(folder / "assemblies" / f"{isolate.name}.fna.gz", named)

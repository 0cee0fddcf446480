"""A pair's distance is theirs alone: it does not depend on who else is in the run."""

import gzip
from pathlib import Path

import numpy as np
import polars as pl

from abscope.formats import fasta
from abscope.records import Contig, Reference
from abscope.simulate import genomes
from abscope.simulate.mutation import Change, descended
from worlds import World, abscope

COMPANY = 27


def add_company(world: World) -> list[str]:
    """Assemblies of unrelated strains, and a terrible sample: 3x of reads, a quarter of them noise."""
    [(_, letters)] = fasta.read(world.folder / "organism" / "references" / "REF.fna.gz")
    root = genomes.from_reference(Reference("REF", (Contig("chr", 0, len(letters)),), letters))
    rng = np.random.default_rng(7)
    rows = []
    for number in range(COMPANY):
        path = world.folder / "reads" / f"company{number}.fna"
        strain = descended(root, Change(int(rng.integers(10, 1500)), 20), rng)
        fasta.write(path, [("contig", strain.letters)])
        rows.append(f"company{number},,,reads/company{number}.fna")
    for mate in (1, 2):
        source = gzip.decompress((world.folder / "reads" / f"iso_d_{mate}.fastq.gz").read_bytes())
        lines = source.splitlines()[: 4 * 600]
        for line in range(1, len(lines), 16):
            noise = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, len(lines[line]))]
            lines[line] = noise.tobytes()
        path = world.folder / "reads" / f"terrible_{mate}.fastq.gz"
        path.write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))
    return [*rows, "terrible,reads/terrible_1.fastq.gz,reads/terrible_2.fastq.gz,"]


def pair(world: World, rows: list[str], out: Path) -> dict[str, object]:
    head, *own = (world.folder / "sheet.csv").read_text().splitlines()
    sheet = world.folder / f"{out.name}.csv"
    chosen = [row for row in own if row.startswith(("iso_a", "iso_b"))]
    sheet.write_text("\n".join([head, *chosen, *rows]) + "\n")
    done = abscope(
        "run", str(sheet), "--outdir", str(out), "--no-tree",
        "--organism", str(world.folder / "organism"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    table = pl.read_csv(out / "pairs.tsv", separator="\t")
    [row] = table.filter(isolate_1="iso_a", isolate_2="iso_b").to_dicts()
    return row


def test_a_pair_is_as_far_apart_alone_as_among_3_and_among_30_with_a_terrible_sample(
    world: World,
) -> None:
    company = add_company(world)
    alone = pair(world, [], world.folder / "alone")
    three = pair(world, company[-1:], world.folder / "three")
    thirty = pair(world, company, world.folder / "thirty")
    assert alone["snps"] == 3
    assert alone == three == thirty
    table = pl.read_csv(world.folder / "thirty" / "pairs.tsv", separator="\t")
    assert table.height == 30 * 29 // 2
    terrible = table.filter(pl.col("isolate_2") == "terrible")
    assert set(terrible["verdict"]) == {"unresolved"}

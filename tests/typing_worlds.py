"""A small species with the built-in organism's rules, and three isolates of it whose drugs are known."""

import shutil
from pathlib import Path

import numpy as np

from abscope.formats import fasta
from abscope.formats.simulation_folder import write_reads
from abscope.knowledge.rows import Locus
from abscope.organism import BUILT_IN, DEFAULT
from abscope.records import Contig, Letters, Reference
from abscope.simulate.genomes import Genome
from isolate import keygenes

BACKGROUND = 100_000
ORGANISM = """
schema = 1
name = "Small species"
[species]
min_ani = 0.95
genome_length = [100_000, 140_000]
[clusters]
levels = [5]
source = "made up for tests"
[[references]]
name = "{name}"
subspecies = "smallense"
accession = "AB000001.1"
file = "references/{file}.fna.gz"
contigs = ["c1"]
sha256 = "{digest}"
"""
STRAINS = {
    "wild": {},
    "macrolide": {("rrl", 2270): "G"},
    "amikacin": {("rrs", 1375): "G"},
}


def ancestor() -> Reference:
    """The key genes on 18 kb, and random letters beyond them."""
    genes = keygenes.reference(keygenes.knowledge()).sequence
    rng = np.random.default_rng(7)
    rest = rng.choice(np.frombuffer(b"ACGT", np.uint8), BACKGROUND)
    letters = np.concatenate([genes, rest])
    return Reference(keygenes.NAME, (Contig("c1", 0, len(letters)),), letters)


def strain(name: str) -> Genome:
    """An isolate with its drugs' letters changed."""
    return keygenes.strain(ancestor(), keygenes.knowledge(), STRAINS[name])


def organism(folder: Path) -> Path:
    """The organism folder: rules of the built-in one, genes where the small genome has them."""
    made = folder / "organism"
    (made / "references").mkdir(parents=True)
    first = ancestor()
    fasta.write(made / "references" / "first.fna.gz", [("c1", first.sequence)])
    text = ORGANISM.format(name=first.name, file="first", digest=first.digest)
    (made / "organism.toml").write_text(text)
    for name in ("sites", "drugs", "resistance", "breakpoints"):
        shutil.copy(BUILT_IN / DEFAULT / f"{name}.tsv", made)
    columns = tuple(Locus.__dataclass_fields__)
    rows = [[str(getattr(one, name) or "") for name in columns] for one in _placed()]
    lines = ["\t".join(row) for row in (columns, *rows)]
    (made / "loci.tsv").write_text("\n".join(lines) + "\n")
    return made


def _placed() -> list[Locus]:
    return [one for one in keygenes.knowledge().loci if one.reference == keygenes.NAME]


def write(folder: Path) -> Path:
    """The organism, and a sheet of every strain as reads and as an assembly."""
    organism(folder)
    rows = ["sample,fastq_1,fastq_2,assembly"]
    for seed, name in enumerate(STRAINS, 1):
        genome = strain(name)
        files = [folder / f"{name}_{mate}.fastq.gz" for mate in (1, 2)]
        write_reads(files[0], files[1], genome, depth=40, seed=seed)
        fasta.write(folder / f"{name}.fna", [("contig", genome.letters)])
        rows.append(f"{name}_reads,{files[0].name},{files[1].name},")
        rows.append(f"{name}_assembly,,,{name}.fna")
    (folder / "sheet.csv").write_text("\n".join(rows) + "\n")
    return folder


def foreign(seed: int = 99) -> Letters:
    """A genome of nothing that is known."""
    return np.random.default_rng(seed).choice(np.frombuffer(b"ACGT", np.uint8), 110_000)


def scheme(folder: Path) -> Path:
    """A typing scheme of two loci cut from the ancestor: ST1 is its own."""
    folder.mkdir()
    letters = ancestor().sequence
    for locus, start in (("one", 30_000), ("two", 60_000)):
        allele = letters[start : start + 400]
        other = allele.copy()
        other[200] = ord("A") if allele[200] != ord("A") else ord("C")
        named = [(f"{locus}_1", allele), (f"{locus}_2", other)]
        fasta.write(folder / f"{locus}.tfa", named)
    (folder / "profiles.txt").write_text("ST\tone\ttwo\n1\t1\t1\n2\t2\t1\n")
    return folder

"""The small outbreak, simulated once for all tests of the command line."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta
from abscope.formats.simulation_folder import write_reads
from abscope.records import Contig, Reference
from abscope.simulate import genomes
from abscope.simulate.mutation import Change, descended
from worlds import CASES, LENGTH, ORGANISM, World


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated once: the outbreak pair a and b, a strain d as reads, a strain e as an assembly."""
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(20221014)
    letters = np.frombuffer(b"ACGT", np.uint8)[rng.choice(4, LENGTH, p=[0.18, 0.32, 0.32, 0.18])]
    reference = Reference("REF", (Contig("chr", 0, LENGTH),), letters)
    root = genomes.from_reference(reference)
    source = descended(root, Change(300, 12), rng)
    isolates = {
        "iso_a": descended(source, Change(2), rng),
        "iso_b": descended(source, Change(1), rng),
        "iso_d": descended(root, Change(250, 8), rng),
        "iso_e": descended(root, Change(150, 5), rng),
    }
    (folder / "reads").mkdir()
    (folder / "organism" / "references").mkdir(parents=True)
    (folder / "organism" / "organism.toml").write_text(ORGANISM)
    fasta.write(folder / "organism" / "references" / "REF.fna.gz", [("chr", letters)])
    rows = ["sample,fastq_1,fastq_2,assembly"]
    for seed, (name, genome) in enumerate(isolates.items(), 1):
        if name == "iso_e":
            fasta.write(folder / "reads" / "iso_e.fna", [("contig", genome.letters)])
            rows.append("iso_e,,,reads/iso_e.fna")
        else:
            paths = [folder / "reads" / f"{name}_{mate}.fastq.gz" for mate in (1, 2)]
            write_reads(paths[0], paths[1], genome, depth=50, seed=seed)
            rows.append(f"{name},reads/{name}_1.fastq.gz,reads/{name}_2.fastq.gz,")
    (folder / "sheet.csv").write_text("\n".join(rows) + "\n")
    (folder / "cases.csv").write_text(CASES)
    return folder


@pytest.fixture
def world(made_world: Path, tmp_path: Path) -> World:
    """A copy of the small outbreak that a test may spoil."""
    folder = tmp_path / "world"
    shutil.copytree(made_world, folder)
    return World(folder)

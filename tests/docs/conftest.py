"""The world of the tutorial, small: assemblies of the isolates that its line list names."""

from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta

ORGANISM = """
schema = 1
name = "Small species"
[species]
min_ani = 0.95
genome_length = [50_000, 70_000]
[clusters]
levels = [10, 25]
source = "made up for tests"
[[references]]
name = "SIM_abscessus"
subspecies = "abscessus"
file = "references/SIM_abscessus.fna.gz"
source = "made up for tests"
"""
CASES = """\
case_id,isolate_id,date_exposure,date_onset,date_collection,clinic,product
A,iso_a,2022-10-03,2022-11-01,2022-11-20,North,cells
B,iso_b,2022-04-12,2022-06-01,2022-07-04,South,cells
C,,2022-10-20,2022-11-25,,East,cells
D,iso_d,2022-01-10,2022-02-20,2022-03-02,West,saline
"""


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """samples.csv, linelist.csv and organism/, as abscope simulate writes them."""
    folder = tmp_path_factory.mktemp("tutorial")
    rng = np.random.default_rng(8)
    letters = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, 60_000)]
    (folder / "organism" / "references").mkdir(parents=True)
    (folder / "organism" / "organism.toml").write_text(ORGANISM)
    fasta.write(folder / "organism" / "references" / "SIM_abscessus.fna.gz", [("chr", letters)])
    rows = ["sample,fastq_1,fastq_2,assembly"]
    for name, changes in (("iso_a", 0), ("iso_b", 3), ("iso_d", 200)):
        own = letters.copy()
        own[rng.integers(0, len(own), changes)] = ord("A")
        fasta.write(folder / f"{name}.fna", [("contig", own)])
        rows.append(f"{name},,,{name}.fna")
    (folder / "samples.csv").write_text("\n".join(rows) + "\n")
    (folder / "linelist.csv").write_text(CASES)
    return folder

"""A small outbreak of assemblies, which are profiled in a moment."""

from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta
from worlds import CASES, ORGANISM, World, abscope

LENGTH, NAMES = 60_000, ("iso_a", "iso_b", "iso_d", "iso_e")


@pytest.fixture
def small(tmp_path: Path) -> World:
    """Four isolates, a few SNPs apart, and their cases."""
    folder = tmp_path / "small"
    rng = np.random.default_rng(3)
    letters = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, LENGTH)]
    (folder / "reads").mkdir(parents=True)
    (folder / "organism" / "references").mkdir(parents=True)
    (folder / "organism" / "organism.toml").write_text(ORGANISM)
    fasta.write(folder / "organism" / "references" / "REF.fna.gz", [("chr", letters)])
    rows = ["sample,fastq_1,fastq_2,assembly"]
    for number, name in enumerate(NAMES):
        own = letters.copy()
        own[rng.integers(0, LENGTH, 5 * number)] = ord("A")
        fasta.write(folder / "reads" / f"{name}.fna", [("contig", own)])
        rows.append(f"{name},,,reads/{name}.fna")
    (folder / "sheet.csv").write_text("\n".join(rows) + "\n")
    (folder / "cases.csv").write_text(CASES)
    return World(folder)


@pytest.fixture
def held(small: World) -> Path:
    """An empty collection for them."""
    folder = small.folder / "held"
    done = abscope("init", str(folder), "--organism", str(small.folder / "organism"))
    assert done.returncode == 0, done.stderr
    return folder

"""Small worlds on disk, and a way to run abscope on them as a user would."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abscope.formats import fasta

LENGTH = 60_000
ORGANISM = """
schema = 1
name = "Small species"
[species]
min_ani = 0.95
genome_length = [50_000, 70_000]
[clusters]
levels = [5, 25]
source = "made up for tests"
[[references]]
name = "REF"
subspecies = "smallense"
file = "references/REF.fna.gz"
source = "made up for tests"
"""
CASES = """\
case_id,isolate_id,date_exposure,date_onset,date_collection,clinic,product
A,iso_a,2022-10-03,2022-11-01,2022-11-20,North,cells
B,iso_b,2022-04-12,2022-06-01,2022-07-04,South,cells
C,,2022-10-20,2022-11-25,,East,cells
D,iso_d,2022-01-10,2022-02-20,2022-03-02,West,saline
E,iso_e,2022-05-05,2022-06-20,2022-07-01,West,unknown
"""


@dataclass(frozen=True)
class World:
    """A folder with `sheet.csv`, `cases.csv`, `organism/`, `reads/`; outputs go wherever asked."""

    folder: Path

    @property
    def sheet(self) -> Path:
        return self.folder / "sheet.csv"

    @property
    def cases(self) -> Path:
        return self.folder / "cases.csv"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def arguments(self, *more: str, out: Path | None = None) -> list[str]:
        return [
            "run", str(self.sheet), "--outdir", str(out or self.out),
            "--organism", str(self.folder / "organism"), "--date", "2023-01-01",
            *(() if "--linelist" in more else ("--linelist", str(self.cases))), *more,
        ]  # fmt: skip

    def run(self, *more: str, out: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run `abscope run` on this world in a process of its own."""
        return abscope(*self.arguments(*more, out=out))

    def quick(self, *more: str, out: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run without the tree and in one process: enough where neither is what is tested."""
        return self.run("--no-tree", "--cpus", "1", *more, out=out)

    def lines(self, replaced: dict[str, str]) -> None:
        """Rewrite the sheet: a row per sample, some of them replaced."""
        rows = self.sheet.read_text().splitlines()
        kept = [replaced.get(row.split(",")[0], row) for row in rows]
        self.sheet.write_text("\n".join(kept) + "\n")


def drafts(world: World, changes: Mapping[str, int], *, reference: str = "REF") -> World:
    """Lay out a world of assemblies, which are profiled in a moment; changes: letters set, by isolate."""
    folder = world.folder
    rng = np.random.default_rng(3)
    letters = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, LENGTH)]
    (folder / "reads").mkdir(parents=True)
    (folder / "organism" / "references").mkdir(parents=True)
    (folder / "organism" / "organism.toml").write_text(ORGANISM.replace("REF", reference))
    fasta.write(folder / "organism" / "references" / f"{reference}.fna.gz", [("chr", letters)])
    rows = ["sample,fastq_1,fastq_2,assembly"]
    for name, number in changes.items():
        own = letters.copy()
        own[rng.integers(0, LENGTH, number)] = ord("A")
        fasta.write(folder / "reads" / f"{name}.fna", [("contig", own)])
        rows.append(f"{name},,,reads/{name}.fna")
    world.sheet.write_text("\n".join(rows) + "\n")
    world.cases.write_text(CASES)
    return world


def abscope(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "abscope", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )

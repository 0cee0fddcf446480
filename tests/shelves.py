"""A small species whose references can be installed, and files that hold them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from abscope import organism
from abscope.formats import fasta
from abscope.organism import Organism
from abscope.records import Contig, Letters, Reference

LENGTH = 6_000
_LETTERS = np.frombuffer(b"ACGT", np.uint8)


def letters(seed: int, length: int = LENGTH) -> Letters:
    """The genome that `seed` stands for."""
    return _LETTERS[np.random.default_rng(seed).integers(0, 4, length)]


def text(name: str, seed: int, length: int = LENGTH) -> bytes:
    """That genome as FASTA."""
    return fasta.encode([(name, letters(seed, length))])


FIRST = Reference("STRAIN_1", (Contig("AB000001.1", 0, LENGTH),), letters(1))
TOML = f"""
schema = 1
name = "Small species"
[species]
min_ani = 0.95
genome_length = [5_000, 8_000]
[clusters]
levels = [5]
source = "made up for tests"
[[references]]
name = "STRAIN_1"
subspecies = "smallense"
accession = "AB000001.1"
contigs = ["AB000001.1"]
length = {LENGTH}
sha256 = "{FIRST.digest}"
source = "made up"
[[references]]
name = "STRAIN_2"
accession = "NZ_AB000002.1"
source = "made up"
[[references]]
name = "STRAIN_3"
accession = "GCF_000000003.1"
source = "made up"
"""
CLONES = """\
# made up
clone\tpart_of\tsubspecies\tstrain\taccession\tsequence_types\talso_types\tother_names\texpansion_year\tnote\tsource
C1\t\tsmallense\tSTRAIN 1\tGCF_000000001.1\t\t\t\t\t\tmade up
C9\t\tsmallense\tSTRAIN 9\tGCF_000000009.1\t\t\t\t\t\tmade up
C10\t\tsmallense\t\t\t\t\t\t\t\tmade up
"""


@dataclass(frozen=True)
class Shelf:
    """An organism's folder, and the folder its sequences are installed in."""

    folder: Path
    installed: Path

    @property
    def organism(self) -> Organism:
        return organism.read(self.folder)

    def file(self, name: str, content: bytes) -> Path:
        """A file somewhere else."""
        path = self.folder.parent / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    @property
    def names(self) -> list[str]:
        """What lies in the installed folder, hidden folders aside."""
        if not self.installed.exists():
            return []
        return sorted(path.name for path in self.installed.iterdir() if path.is_file())

    @property
    def leftovers(self) -> list[Path]:
        """Half-written files, anywhere."""
        return [
            path
            for path in self.installed.rglob("*")
            if path.is_file() and (path.suffix == ".part" or "tmp" in path.parent.name)
        ]


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Three references and a clone, none of them installed; no proxy, mirror or key from outside."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("ABSCOPE_MIRROR", "NCBI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ABSCOPE_REFERENCES", str(folder / "installed"))
    (folder / "organism").mkdir()
    (folder / "organism" / "organism.toml").write_text(TOML)
    (folder / "organism" / "clones.tsv").write_text(CLONES)
    return Shelf(folder / "organism", folder / "installed")

"""One isolate: what was given, what was read, what was called."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from abscope.records.genomes import Letters
from abscope.records.mixtures import MinorSites
from abscope.records.remarks import LeftOut, Problem

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["paired", "single", "assembly"]

NO_COVERAGE, LOW, MASKED, MIXED = (ord(letter) for letter in "-NXn")
_IS_BASE = np.isin(np.arange(256), list(b"ACGT"))


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of a sample sheet: a name and the files that hold its sequence."""

    name: str
    reads1: Path | None = None
    reads2: Path | None = None
    assembly: Path | None = None
    row: int | None = None

    @property
    def kind(self) -> Kind:
        """Reads win over an assembly where a row names both."""
        if self.reads1 is not None:
            return "paired" if self.reads2 is not None else "single"
        return "assembly"

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read, in a fixed order."""
        chosen = (self.assembly,) if self.kind == "assembly" else (self.reads1, self.reads2)
        return tuple(path for path in chosen if path is not None)


@dataclass(frozen=True, slots=True)
class SampleSheet:
    """What a sample sheet holds: samples that can be read, and the rows left out with the reason."""

    samples: tuple[Sample, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some whole FASTQ records in one buffer.

    buffer: raw bytes. records: int64 (n, 4): start of name, start of sequence, length, start of quality.
    """

    buffer: Letters
    records: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ReadStats:
    """What the reads (or the pieces of an assembly) look like; fractions run from 0 to 1.

    q30 is the share of bases at phred 30 or better, None without qualities. `duplicates` is the
    share of read pairs that are copies, `insert_median` the median template length in bases.
    """

    reads: int
    bases: int
    mean_length: float
    gc: float
    q30: float | None = None
    mapped: float | None = None
    duplicates: float | None = None
    insert_median: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Depth:
    """How often the reference is covered.

    breadth: share of positions at `mincov` reads or more. windows: mean depth of consecutive
    stretches of `window` bases, float32.
    """

    mean: float
    median: float
    breadth: float
    window: int
    windows: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """One isolate's letter at every reference position, as snippy writes them.

    A C G T called; `N` too few reads; `-` no read or deleted; `n` reads disagree; `X` masked.
    """

    reference: str
    bases: Letters

    @property
    def called(self) -> NDArray[np.bool_]:
        """Whether each position holds one of A C G T, shape (length,)."""
        return _IS_BASE[self.bases]

    @property
    def called_fraction(self) -> float:
        """Share of the reference with a called base."""
        return float(self.called.mean())


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """What a caller makes of one isolate's reads. `variants` follows tables.VARIANTS.

    minor: second bases seen among the reads; None of assemblies, and where the caller keeps none.
    """

    calls: Calls
    variants: "pl.DataFrame"
    depth: Depth
    reads: ReadStats
    minor: MinorSites | None = None


@dataclass(frozen=True, slots=True)
class ReferenceChoice:
    """Which reference an isolate is called against, and why.

    ani: estimated average nucleotide identity (0-1) to every candidate, best first.
    """

    reference: str
    ani: tuple[tuple[str, float], ...]
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One isolate, read once. `key` names the content and parameters it was made from."""

    key: str
    kind: Kind
    caller: str
    choice: ReferenceChoice
    called: Called
    warnings: tuple[str, ...] = ()

"""The values that flow between the rooms, frozen and checked when made.

Positions are 0-based and half-open, on the reference's contigs laid end to end.
Sequences and calls are ASCII letters in `uint8` arrays.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

Letters = NDArray[np.uint8]
Kind = Literal["paired", "single", "assembly"]

NO_COVERAGE, LOW, MASKED, MIXED = (ord(letter) for letter in "-NXn")


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the reference, and why it is named."""

    start: int
    end: int
    reason: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not an interval: {self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Contig:
    """One sequence of a reference, and where it lies on the whole."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A genome that isolates are called against.

    sequence: upper-case ASCII letters, contigs laid end to end; other than ACGT is `N`.
    """

    name: str
    contigs: tuple[Contig, ...]
    sequence: Letters
    subspecies: str | None = None
    accession: str | None = None

    def __post_init__(self) -> None:
        if not self.contigs or self.contigs[-1].end != len(self.sequence):
            raise ValueError(f"{self.name}: contigs must cover the sequence")

    def __eq__(self, other: object) -> bool:
        """Same name, contigs and letters: so that what is made from a reference can be remembered."""
        return (
            isinstance(other, Reference)
            and (self.name, self.contigs) == (other.name, other.contigs)
            and bool(np.array_equal(self.sequence, other.sequence))
        )

    def __hash__(self) -> int:
        """Consistent with equality."""
        return hash((self.name, self.contigs))

    @property
    def digest(self) -> str:
        """SHA-256 of the contigs' names, lengths and letters."""
        table = "".join(f"{c.name}\t{c.end - c.start}\n" for c in self.contigs)
        return hashlib.sha256(table.encode() + self.sequence.tobytes()).hexdigest()

    def locate(self, position: int) -> tuple[str, int]:
        """Contig name and 0-based position within it."""
        for contig in self.contigs:
            if contig.start <= position < contig.end:
                return contig.name, position - contig.start
        raise ValueError(f"{position} lies outside {self.name}")


@dataclass(frozen=True, slots=True)
class Mask:
    """Stretches of one reference at which isolates are not compared."""

    reference: str
    length: int
    intervals: tuple[Interval, ...] = ()

    def hidden(self) -> NDArray[np.bool_]:
        """Whether each position is masked, shape (length,)."""
        flags = np.zeros(self.length, dtype=np.bool_)
        for interval in self.intervals:
            flags[interval.start : interval.end] = True
        return flags


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


_IS_BASE = np.isin(np.arange(256), list(b"ACGT"))


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """What a caller makes of one isolate's reads. `variants` follows tables.VARIANTS."""

    calls: Calls
    variants: pl.DataFrame
    depth: Depth
    reads: ReadStats


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


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Pairwise SNPs, and the number of sites at which each pair could be compared.

    ids: n names. snps, comparable: int64 (n, n), symmetric; the diagonal of comparable is each
    isolate's own sites.
    """

    ids: tuple[str, ...]
    snps: NDArray[np.int64]
    comparable: NDArray[np.int64]

    def __post_init__(self) -> None:
        square = (len(self.ids),) * 2
        if self.snps.shape != square or self.comparable.shape != square:
            raise ValueError("both matrices must be ids by ids")
        if (self.snps != self.snps.T).any() or (self.comparable != self.comparable.T).any():
            raise ValueError("distances must be symmetric")
        if (self.snps > self.comparable).any():
            raise ValueError("more SNPs than sites compared")


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of isolates on one reference: branch lengths in substitutions per genome.

    newick carries support (0-100) as inner node labels where `support` names the method.
    """

    newick: str
    method: str
    rooting: str
    support: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Isolates joined by single linkage; members in alphabetical order."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Single-linkage groups of two or more at one level (SNPs).

    unresolved: pairs of isolates with too few comparable sites to say.
    """

    level: int
    groups: tuple[Cluster, ...]
    unresolved: tuple[tuple[str, str], ...] = ()

    def of(self, isolate: str) -> Cluster | None:
        """The cluster an isolate belongs to, or None."""
        return next((group for group in self.groups if isolate in group.members), None)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The isolates called against one reference, compared with each other and with nobody else."""

    reference: str
    subspecies: str | None
    raw: Distances
    masked: Distances
    mask: Mask
    tree: Tree | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Isolate names, in the order of the matrices."""
        return self.masked.ids


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that did not take part, and the reason."""

    name: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Relatedness:
    """Everything known about who is close to whom.

    clusters: one entry per level, tightest first. min_comparable: share of the unmasked reference a
    pair must have in common before its distance means anything.
    """

    comparisons: tuple[Comparison, ...]
    clusters: tuple[Clusters, ...]
    left_out: tuple[LeftOut, ...] = ()
    min_comparable: float = 0.5


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding about the data that does not stop the work: where, what, and what to do."""

    where: str
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SampleSheet:
    """What a sample sheet holds: samples that can be read, and the rows left out with the reason."""

    samples: tuple[Sample, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LineList:
    """Cases and their exposures, checked. Frames follow tables.CASES and tables.EXPOSURES."""

    cases: pl.DataFrame
    exposures: pl.DataFrame
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Cases and isolates joined by name, with both kinds of leftover kept.

    matched: case_id, isolate_id (one row per isolate). cases_only: case_id, reason.
    isolates_only: isolate_id. problems: names that nearly match, isolates claimed twice.
    """

    matched: pl.DataFrame
    cases_only: pl.DataFrame
    isolates_only: pl.DataFrame
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the genomes and the line list say together.

    shared: tables.SHARED_EXPOSURES, for every cluster what its cases share.
    compatible: tables.COMPATIBLE_CASES, cases without an isolate that share a cluster's exposures.
    """

    linelist: LineList
    linked: Linked
    level: int
    shared: pl.DataFrame
    compatible: pl.DataFrame
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class Investigation:
    """All that a report shows: one collection at one moment.

    isolates: tables.ISOLATES. left_out: isolates that could not be profiled. manifest: what was run on
    what (versions, parameters, checksums), JSON values only.
    """

    title: str
    isolates: pl.DataFrame
    relatedness: Relatedness
    findings: Findings | None
    left_out: tuple[LeftOut, ...]
    manifest: Mapping[str, object]

"""Which circulating clone an isolate belongs to."""

from dataclasses import dataclass
from typing import Literal

from abscope.records.markers import MarkerCount

CloneOutcome = Literal["clone", "none", "novel clone", "mixed", "cannot tell"]


@dataclass(frozen=True, slots=True)
class CloneDistance:
    """SNPs to a clone's reference genome, and the sites they were counted on."""

    clone: str
    snps: int
    comparable: int
    per_genome: float

    def __post_init__(self) -> None:
        if not 0 <= self.snps <= self.comparable:
            raise ValueError("more SNPs than sites compared")


@dataclass(frozen=True, slots=True)
class CloneCall:
    """Which clone, how sure, and why.

    clone: named for the outcome `clone` only. nearest: the clone that comes closest, whatever the outcome.
    distances, markers, ani: the evidence for each clone examined, nearest first. not_examined: listed
    clones that nothing at hand could speak for or against. group: isolates of the collection that make up
    a novel clone.
    """

    outcome: CloneOutcome
    clone: str | None
    confidence: Literal["high", "moderate", "low"] | None
    nearest: str | None
    reason: str
    distances: tuple[CloneDistance, ...] = ()
    markers: tuple[MarkerCount, ...] = ()
    ani: tuple[tuple[str, float], ...] = ()
    not_examined: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.outcome == "clone") != (self.clone is not None):
            raise ValueError("a clone is named where the outcome is `clone`, and only there")


@dataclass(frozen=True, slots=True)
class PanelCoverage:
    """How much of the known clones' genomes come from a country. genomes 0: none of `total`."""

    country: str
    genomes: int
    total: int
    sentence: str
    source: str

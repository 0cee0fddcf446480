"""What a validation measures: how much of it, from which genome, on which platform."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from abscope.errors import UsageError
from abscope.formats.fasta import read_reference
from abscope.simulate import ancestor, genomes
from abscope.simulate.genomes import Genome
from abscope.validation.platforms import PLATFORMS, USUAL

Name = Literal["quick", "full"]
LENGTHS = {"quick": 120_000, "full": ancestor.LENGTH}
ISOLATES = {"quick": 4, "full": 10}


@dataclass(frozen=True, slots=True)
class Plan:
    """One validation. kept: folder for what is measured. isolates: of every trial, None as the size has it.

    reference: start from this genome instead of the built-in one. data: folder of public truth.
    """

    size: Name
    kept: Path
    reference: Path | None = None
    data: Path | None = None
    platform: str = USUAL
    isolates: int | None = None
    cpus: int = 1

    def __post_init__(self) -> None:
        if self.platform not in PLATFORMS:
            raise UsageError(
                f"no platform {self.platform!r}", hint=f"one of {', '.join(PLATFORMS)}"
            )
        if self.isolates is not None and self.isolates < 1:
            raise UsageError("--isolates is under 1", hint="at least one isolate of every kind")
        if self.data is not None and not self.data.is_dir():
            raise UsageError(f"{self.data}: is no folder", hint="the folder that holds public data")

    @property
    def repeated(self) -> int:
        """Isolates of every trial."""
        return self.isolates or ISOLATES[self.size]

    @property
    def genome(self) -> Genome:
        """What isolates descend from, which is also what they are called against."""
        if self.reference is None:
            return ancestor.genome(LENGTHS[self.size])
        return genomes.from_reference(read_reference(self.reference))

    @property
    def named(self) -> str:
        """The genome in words."""
        return self.reference.name if self.reference else f"built-in, {LENGTHS[self.size]:,} bases"

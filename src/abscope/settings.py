"""The choices a user makes, frozen when read."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from abscope.errors import UsageError

Caller = Literal["fast", "bcftools"]


@dataclass(frozen=True, slots=True)
class CallRules:
    """When a base counts and when a position is called; names and defaults as in snippy.

    mapqual: smallest mapping quality (phred) of a read that counts.
    basequal: smallest base quality (phred) that counts.
    mincov: reads needed at a position; fewer is `N`, none is `-`.
    minfrac: share of reads that must agree; less is `n`, a mixed position.
    minqual: smallest variant quality (phred) of a variant called.
    """

    mapqual: int = 60
    basequal: int = 13
    mincov: int = 10
    minfrac: float = 0.9
    minqual: float = 100.0

    def __post_init__(self) -> None:
        if not 0.5 < self.minfrac <= 1:
            raise UsageError(
                f"--minfrac is {self.minfrac}", hint="it must be above 0.5 and at most 1"
            )
        if min(self.mapqual, self.basequal, self.minqual) < 0 or self.mincov < 1:
            raise UsageError(
                "--mapqual, --basequal, --minqual or --mincov is too small",
                hint="qualities cannot be negative and --mincov is at least 1",
            )

    def as_dict(self) -> dict[str, float]:
        """Name and value of every rule, for cache keys and manifests."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run works on. Without `references` the organism's own are used.

    mapping: what the line list's columns hold. specimens, contacts, monitoring: tables beside it: samples,
    attempts to reach facilities, tests done. found_by: exposures (kind, value) by which cases were found.
    """

    sheet: Path
    outdir: Path
    linelist: Path | None = None
    exposures: Path | None = None
    organism: str = "mycobacterium_abscessus"
    references: tuple[Path, ...] = ()
    mask: Path | None = None
    found_by: tuple[tuple[str, str], ...] = ()
    mapping: Path | None = None
    specimens: Path | None = None
    contacts: Path | None = None
    monitoring: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How it works.

    levels: SNP levels at which isolates are grouped, none for the organism's own. min_comparable:
    share of the unmasked reference a pair must have in common to be compared. engine: serial, processes,
    dask, or dask=ADDRESS of a scheduler. cpus and engine never change a result.
    """

    rules: CallRules = CallRules()
    caller: Caller = "fast"
    levels: tuple[int, ...] = ()
    min_comparable: float = 0.5
    tree: bool = True
    bootstrap: int = 1000
    seed: int = 1
    title: str = "Outbreak investigation"
    language: str = "en"
    cpus: int = 1
    engine: str = "processes"

    def __post_init__(self) -> None:
        if self.caller not in get_args(Caller):
            raise UsageError(
                f"no caller called {self.caller!r}", hint=f"one of {', '.join(get_args(Caller))}"
            )
        if self.language not in ("en", "es"):
            raise UsageError(f"no report in {self.language!r}", hint="--language en, or es")
        if any(level < 0 for level in self.levels):
            raise UsageError("--snps cannot be negative", hint="give whole numbers from 0 up")

"""The choices a user makes, frozen when read."""

from dataclasses import asdict, dataclass
from typing import Literal

Caller = Literal["fast", "bcftools"]
TreeMethod = Literal["ml", "none"]


@dataclass(frozen=True, slots=True)
class CallRules:
    """When a base counts and when a position is called; names and defaults as snippy's users know them.

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
            raise ValueError("minfrac must be above 0.5 and at most 1")
        if min(self.mapqual, self.basequal, self.minqual) < 0 or self.mincov < 1:
            raise ValueError("mapqual, basequal and minqual cannot be negative; mincov is at least 1")

    def as_dict(self) -> dict[str, float]:
        """Name and value of every rule, for cache keys and manifests."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do, apart from its data."""

    rules: CallRules = CallRules()
    caller: Caller = "fast"
    levels: tuple[int, ...] = ()
    min_comparable: float = 0.5
    tree: TreeMethod = "ml"
    bootstrap: int = 1000
    cpus: int = 1
    engine: str = "processes"
    seed: int = 1

"""How single-linkage clusters hold when the number of SNPs that joins two isolates changes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plateau:
    """Thresholds `low` to `high` SNPs, both included, at which the clusters are exactly the same.

    high: None for the last, which holds for ever. clusters: of two isolates or more; clustered:
    isolates in them; largest: isolates in the largest, 0 without one.
    """

    low: int
    high: int | None
    clusters: int
    clustered: int
    largest: int

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise ValueError(f"no thresholds: {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class Holding:
    """A cluster at one level, and how much it depends on that level and on the method.

    low, high: the thresholds at which exactly these isolates are one cluster; high is None where they are
    never joined to others. widest: SNPs of its furthest resolved pair; a widest above the level
    says that a chain joins them, and complete linkage would not. unresolved: pairs within it that
    have too few sites.
    """

    level: int
    name: str
    members: tuple[str, ...]
    low: int
    high: int | None
    widest: int
    unresolved: int

    @property
    def chain(self) -> bool:
        """Whether complete linkage, which asks every pair to be close, would part them."""
        return self.widest > self.level or self.unresolved > 0

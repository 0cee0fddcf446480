"""When: does a tree keep time, at which rate, and when its ancestors lived."""

from dataclasses import dataclass

from abscope.records.remarks import LeftOut


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} is not between {self.low} and {self.high}")

    def meets(self, low: float, high: float) -> bool:
        """Say whether any of it lies between `low` and `high`."""
        return self.low <= high and low <= self.high


@dataclass(frozen=True, slots=True)
class TemporalSignal:
    """Distance from the best root regressed on date, and how often shuffled dates do as well.

    slope: substitutions per genome and year. origin: year at which the line meets zero, None without a
    slope. correlation: of distance and date. p: share of shufflings, the true dates among them, that fit
    at least as well. groups: sets of neighbours of one date, which are shuffled together.
    missing: why there can be no signal, "" where there is one.
    """

    isolates: int
    span: float
    slope: float
    origin: float | None
    correlation: float
    p: float
    shuffles: int
    groups: int
    missing: str = ""


@dataclass(frozen=True, slots=True)
class DatedNode:
    """An ancestor: the leaves that descend from it, and the decimal year it lived in."""

    leaves: tuple[str, ...]
    year: Estimate


@dataclass(frozen=True, slots=True)
class Dating:
    """A dated tree, or the evidence that there is none to be had.

    rate: substitutions per genome and year. spread: variance over mean of the substitutions on a branch,
    less 1: nought for a strict clock. root: year of the last common ancestor. newick: branch lengths in
    years. draws: independent draws the least certain interval rests on. All are None or empty without
    signal. left_out: isolates without a date, and why.
    """

    signal: TemporalSignal
    rate: Estimate | None = None
    spread: Estimate | None = None
    root: Estimate | None = None
    nodes: tuple[DatedNode, ...] = ()
    newick: str | None = None
    draws: int = 0
    left_out: tuple[LeftOut, ...] = ()

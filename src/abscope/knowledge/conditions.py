"""Conditions of rules, and what a site must show for them to hold.

    rrl:2270=C/G/T & !erm(41):159-432=deleted

A part is true, false, or not known for one of three reasons: reads disagree, too few reads, no reads.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

OTHERWISE = "otherwise"
Doubt = Literal["mixed", "low", "uncovered"]


class Truth(IntEnum):
    """Whether something holds; what is not known ranks above what is."""

    NO = 0
    YES = 1
    MIXED = 2
    LOW = 3
    UNCOVERED = 4

    @property
    def known(self) -> bool:
        """Whether it is settled."""
        return self <= Truth.YES


@dataclass(frozen=True, slots=True)
class Limits:
    """From which share of reads a value counts.

    min_depth: reads below which a site is not judged. present, absent: shares from which a value is
    there, and below which it is not. minor_reads: reads that a minority must have to count at all.
    missing, covered: a stretch's depth over that beside it, below which it is gone and from which it is
    there, where no read shows the joint.
    """

    min_depth: int = 10
    present: float = 0.9
    absent: float = 0.1
    minor_reads: int = 2
    missing: float = 0.1
    covered: float = 0.6

    def __post_init__(self) -> None:
        if not 0 < self.absent < 0.5 < self.present < 1:
            raise ValueError("absent must lie below 0.5 and present above it, both within 0-1")
        if not 0 < self.missing < self.covered <= 1:
            raise ValueError("missing must lie below covered, both within 0-1")
        if self.min_depth < 1 or self.minor_reads < 1:
            raise ValueError("min_depth and minor_reads must be 1 or more")

    def judge(self, share: float, depth: int | None) -> Truth:
        """Whether a value with this share of `depth` reads is there. depth None: not counted."""
        if depth is not None and depth < self.min_depth:
            return Truth.LOW if depth else Truth.UNCOVERED
        if depth is not None and round(min(share, 1 - share) * depth) < self.minor_reads:
            return Truth.YES if share > 0.5 else Truth.NO
        if share >= self.present:
            return Truth.YES
        return Truth.NO if share < self.absent else Truth.MIXED


@dataclass(frozen=True, slots=True)
class Observation:
    """What an isolate shows at one site: the share of each value (0-1), and of how many reads.

    depth: None where only a consensus is known. doubt: why nothing can be said, if so.
    """

    values: Mapping[str, float]
    depth: int | None = None
    doubt: Doubt | None = None

    def shows(self, wanted: frozenset[str], limits: Limits) -> Truth:
        """Whether the site holds one of the wanted values."""
        if self.doubt is not None:
            return Truth[self.doubt.upper()]
        share = sum(part for value, part in self.values.items() if value in wanted)
        return limits.judge(min(share, 1.0), self.depth)


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison of a condition. site: `locus:site`."""

    site: str
    values: frozenset[str]
    negated: bool = False


_PART = re.compile(r"(!?)([^:=&!\s]+:[^=&!\s]+)=([^=&\s]+)")


def parse(condition: str) -> tuple[Part, ...]:
    """The comparisons that must all hold. Raises ValueError naming the part that cannot be read."""
    parts = []
    for piece in condition.split("&"):
        match = _PART.fullmatch(piece.strip())
        if match is None:
            raise ValueError(f"{piece.strip()!r} is not locus:site=value (with / between values)")
        parts.append(Part(match[2], frozenset(match[3].split("/")), bool(match[1])))
    return tuple(parts)


def holds(parts: Iterable[Part], show: Callable[[Part], Truth]) -> Truth:
    """Whether all parts hold: one that does not settles it, else the worst doubt decides."""
    truths = [_turned(show(part)) if part.negated else show(part) for part in parts]
    return Truth.NO if Truth.NO in truths else max(truths)


def _turned(truth: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truth, truth)

"""Whether one strain or two are in a tube: second bases, the verdict, where the second comes from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from abscope.records.genomes import Letters

MixtureVerdict = Literal["pure", "mixed", "cannot tell"]
Relation = Literal["close variant", "same subspecies", "other subspecies or species"]
Origin = Literal["carries it", "does not", "cannot tell"]


@dataclass(frozen=True, slots=True, eq=False)
class MinorSites:
    """Reference positions at which some reads show a second base, and what is needed to judge them.

    positions: int64 (k,), ascending. major, minor: ASCII letters (k,). counts: uint16 (k, 4), major
    forward and reverse, minor forward and reverse. looked: int64 (4, depths), how many positions were
    looked at by commonest base (A C G T) and depth. odd: int64 (4, 4, 2), positions with one odd base,
    by commonest base, odd base and strand. clean: int64 (4,), reads at positions without any.
    thinned: one in so many of the sites is listed. length: positions of the reference.
    """

    positions: NDArray[np.int64]
    major: Letters
    minor: Letters
    counts: NDArray[np.uint16]
    looked: NDArray[np.int64]
    odd: NDArray[np.int64]
    clean: NDArray[np.int64]
    thinned: int
    length: int

    def __post_init__(self) -> None:
        sites = len(self.positions)
        if {len(self.major), len(self.minor), len(self.counts)} != {sites}:
            raise ValueError("every second base needs a position, two letters and four counts")
        if self.thinned < 1 or self.length < sites:
            raise ValueError("at least one in one of the reference's positions is listed")


@dataclass(frozen=True, slots=True, eq=False)
class MinorStrain:
    """The minor strain's bases where it is seen to differ from the major one.

    positions: int64 (k,), ascending. major, minor: ASCII letters (k,). power: share of the differences
    that are seen at this depth and share. thinned: one in so many of those seen is listed.
    """

    positions: NDArray[np.int64]
    major: Letters
    minor: Letters
    power: float
    thinned: int


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Whether an isolate's reads are of one strain, and how that is known.

    share: of the reads, the minor strain's, with a 95 % interval; differences: positions at which the
    strains differ, of `looked`; all None unless mixed. log10_ratio: evidence for one common share over
    unrelated shares. sites: second bases that errors do not explain; fitting: those of the common
    share. limits: for strains that differ at so many positions of the genome, the smallest share that
    would be found nine times in ten, None if none would. damage: the kind of DNA damage, if any.
    """

    verdict: MixtureVerdict
    reason: str
    depth: float
    looked: int
    log10_ratio: float
    sites: int
    fitting: int
    limits: tuple[tuple[int, float | None], ...]
    share: float | None = None
    interval: tuple[float, float] | None = None
    differences: int | None = None
    relation: Relation | None = None
    damage: str | None = None
    strain: MinorStrain | None = None


@dataclass(frozen=True, slots=True)
class MinorSource:
    """How well another isolate fits a minor strain.

    carried: of the `compared` minor bases called in the isolate, how many it has. by_chance: share of
    them that the other isolates have, None without others. seen: of the `differing` positions at which
    the isolate differs from the major strain, how many show its base in the mixture; None where sites
    were thinned.
    """

    name: str
    verdict: Origin
    compared: int
    carried: int
    by_chance: float | None
    differing: int | None
    seen: int | None

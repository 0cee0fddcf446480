"""How close isolates of patients with nothing to do with each other are, by clone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Share of pairs of unlinked patients that are at most d SNPs apart, for d = 0, 1, 2, ...

    stratum: a clone's name, or "not a clone" with the subspecies. patients: unlinked patients, one
    isolate each; pairs: of them that could be compared. share, lower, upper: float64 (limit + 1,),
    not decreasing; the 95 % interval is by bootstrap of patients, and where no pair was that close
    the upper bound is what the number of patients allows, never zero.
    """

    stratum: str
    patients: int
    pairs: int
    share: Shares
    lower: Shares
    upper: Shares

    def __post_init__(self) -> None:
        if not len(self.share) == len(self.lower) == len(self.upper) > 0:
            raise ValueError("share, lower and upper must be equally long")
        for one in (self.share, self.lower, self.upper):
            if (np.diff(one) < 0).any() or one[0] < 0 or one[-1] > 1:
                raise ValueError(f"{self.stratum}: shares must rise from 0 or more to 1 at most")

    @property
    def limit(self) -> int:
        """The largest distance asked about, SNPs."""
        return len(self.share) - 1

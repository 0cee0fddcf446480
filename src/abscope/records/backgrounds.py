"""How close isolates of patients with nothing to do with each other are, by clone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records.remarks import LeftOut

Shares = NDArray[np.float64]

_NO_CLONE = ("none", "no clone", "not a clone", "novel clone")
_UNDECIDED = ("cannot tell", "mixed", "unknown")


def stratum_of(clone: str | None, subspecies: str | None) -> str | None:
    """The stratum of an isolate: its clone's name, else "not a clone" with the subspecies.

    None where it is not known whether the isolate belongs to a clone, or of which subspecies it is.
    """
    if clone is None or clone.casefold() in _UNDECIDED:
        return None
    if clone.casefold() not in _NO_CLONE:
        return clone
    return f"not a clone ({subspecies})" if subspecies else None


@dataclass(frozen=True, slots=True)
class SampledIsolate:
    """An isolate as a background sees it: whose, of which stratum, from where and when.

    patient: None where not known. date: as far as it is known (2012, 2012-05 or 2012-05-03).
    linked_group: a household, outbreak or the like; patients who share one are known to be linked.
    """

    isolate_id: str
    patient: str | None
    stratum: str | None
    country: str | None = None
    date: str | None = None
    linked_group: str | None = None

    @property
    def year(self) -> int | None:
        """Year of the isolate, None where it is not known."""
        return int(self.date[:4]) if self.date else None


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


@dataclass(frozen=True, slots=True, eq=False)
class BackgroundPanel:
    """The patients behind a background: how far apart they are, from where and when.

    closest, median, farthest: SNPs of their pairs, None where no pair could be compared. untold: pairs
    that could not. within: int64 (limit + 1,), pairs at most d SNPs apart as counted, not smoothed.
    countries, years: with how many patients each, most first and earliest first; who is missing there
    is not known.
    """

    stratum: str
    patients: int
    untold: int
    closest: int | None
    median: float | None
    farthest: int | None
    within: NDArray[np.int64]
    countries: tuple[tuple[str, int], ...]
    years: tuple[tuple[int, int], ...]

    def coverage(self, country: str) -> str:
        """How many of the patients are from a country: whether the background speaks for it."""
        known = {name.casefold(): number for name, number in self.countries}
        unknown = self.patients - sum(known.values())
        rest = f" (the country of {unknown} is not known)" if unknown else ""
        found = known.get(country.strip().casefold(), 0)
        return f"{found} of {self.patients} patients from {country}{rest}"


@dataclass(frozen=True, slots=True, eq=False)
class BackgroundSurvey:
    """Backgrounds of every stratum, in the order of their panels, and who was left out and why."""

    backgrounds: tuple[Background, ...]
    panels: tuple[BackgroundPanel, ...]
    left_out: tuple[LeftOut, ...]

    def of(self, stratum: str) -> Background | None:
        """The background of a stratum, None where nobody of it was seen."""
        return next((one for one in self.backgrounds if one.stratum == stratum), None)

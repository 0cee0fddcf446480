"""Called letters against true ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Calls, Letters
from benchmarks.worlds import Isolate


@dataclass(frozen=True, slots=True)
class Score:
    """SNPs in one region.

    false: called SNPs that are not there, or have another letter. missed: true SNPs not called; of
    them, `unseen` are called as the reference's letter.
    """

    region: str
    true: int
    false: int
    missed: int
    unseen: int

    @property
    def precision(self) -> float | None:
        """Share of the called SNPs that are true, None where none is called."""
        called = self.true + self.false
        return self.true / called if called else None

    @property
    def recall(self) -> float | None:
        """Share of the true SNPs that are called, None where there is none."""
        there = self.true + self.missed
        return self.true / there if there else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        both = 2 * self.true + self.false + self.missed
        return 2 * self.true / both if both else None


def scores(found: Letters, of: Isolate) -> list[Score]:
    """Scores outside the repeats: everywhere, within 10 bases of an indel, and further away."""
    shown = ~of.home.hidden
    regions = {"all": shown, "near indels": shown & of.near, "far from indels": shown & ~of.near}
    return [_score(name, region, found, of) for name, region in regions.items()]


def _score(name: str, region: NDArray[np.bool_], found: Letters, of: Isolate) -> Score:
    reference = of.home.reference.sequence
    called = Calls("", found).called
    is_snp = (of.expected != reference) & (of.expected != ord("-"))
    says_snp = called & (found != reference)
    right = found == of.expected
    return Score(
        name,
        true=int((says_snp & right & region).sum()),
        false=int((says_snp & ~right & region).sum()),
        missed=int((is_snp & ~right & region).sum()),
        unseen=int((is_snp & (found == reference) & region).sum()),
    )


def false_positions(found: Letters, of: Isolate, *, most: int = 10) -> list[dict[str, object]]:
    """The first false SNPs, so that each can be looked at again."""
    reference = of.home.reference.sequence
    false = Calls("", found).called & (found != reference) & (found != of.expected)
    return [
        {
            "position": int(place),
            "reference": chr(reference[place]),
            "true": chr(of.expected[place]),
            "called": chr(found[place]),
            "near_indel": bool(of.near[place]),
        }
        for place in np.flatnonzero(false & ~of.home.hidden)[:most]
    ]


def called_fraction(found: Letters, of: Isolate) -> tuple[float, float]:
    """Share of positions with a called base: outside the repeats, and of the whole reference."""
    called = Calls("", found).called
    return float(called[~of.home.hidden].mean()), float(called.mean())

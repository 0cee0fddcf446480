"""How good chances are: precision and recall, Brier score, reliability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Truth = NDArray[np.bool_]

BINS = 10


def average_precision(score: Values, truth: Truth) -> float:
    """Area under the precision-recall curve, by steps; equal scores are told apart by nothing."""
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    right = np.cumsum(truth[order])[ends]
    precision, recall = right / (ends + 1), right / truth.sum()
    return float(np.sum(np.diff(np.concatenate([[0.0], recall])) * precision))


def brier(chance: Values, truth: Truth) -> float:
    """Mean squared difference between a chance and what was true."""
    return float(np.mean((chance - truth) ** 2))


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Claimed and observed shares in bins of equal width, empty ones left out; pairs: how many in each."""

    claimed: Values
    observed: Values
    pairs: NDArray[np.int64]

    @property
    def error(self) -> float:
        """Mean distance between claimed and observed, weighted by pairs."""
        return float(np.average(np.abs(self.claimed - self.observed), weights=self.pairs))


def reliability(chance: Values, truth: Truth) -> Reliability:
    """What was true of pairs to which similar chances were given."""
    at = np.minimum((chance * BINS).astype(int), BINS - 1)
    pairs = np.bincount(at, minlength=BINS)
    held = pairs > 0
    claimed = np.bincount(at, chance, BINS)[held] / pairs[held]
    return Reliability(claimed, np.bincount(at, truth, BINS)[held] / pairs[held], pairs[held])

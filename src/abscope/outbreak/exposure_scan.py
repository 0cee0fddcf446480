"""Exposures that recent cases share more often than cases before: a scan over exposures and times.

The space-time permutation statistic (Kulldorff, PLoS Med 2005;2:e59) with exposures in the place of places:
under chance, when a case fell ill has nothing to do with what it was exposed to. Days are dealt out anew
to the cases, and the highest ratio found anywhere is held against those. One analysis a day: a result with
probability p comes by chance every 1/p days (recurrence interval).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.records.sources import Exposure

Flags = NDArray[np.bool_]
STEP = 7
"""Stretches of time end today and are longer by this many days each."""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """An exposure, the days looked back, its cases in them and those expected; p over all looked at."""

    exposure: Exposure
    days: int
    cases: tuple[str, ...]
    expected: float
    ratio: float
    p_value: float


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """How far to look back, days; how many cases make a hotspot; from which recurrence interval, days."""

    window: int = 120
    cases: int = 3
    recurrence: float = 365.0
    permutations: int = 999


def scan(
    dated: Sequence[tuple[str, date]],
    exposed: pl.DataFrame,
    limits: ScanLimits,
    *,
    today: date,
    rng: np.random.Generator,
) -> Hotspot | None:
    """The likeliest hotspot, None where it recurs by chance more often than the limit.

    dated: cases and the day each counts on. exposed: case_id, kind, value of what cases had.
    """
    cases = [(case, day) for case, day in dated if day <= today]
    values, had = _matrix([case for case, _ in cases], exposed)
    if not values:
        return None
    ages = np.array([(today - day).days for _, day in cases])
    spans = np.arange(STEP, limits.window + 1, STEP)
    recent = ages[None, :] < spans[:, None]
    ratios, expected = _ratios(recent, had, limits.cases)
    best = np.unravel_index(int(ratios.argmax()), ratios.shape)
    top = float(ratios[best])
    p_value = _p_value(top, (recent, had), limits, rng) if top > 0 else None
    if p_value is None:
        return None
    row, column = int(best[0]), int(best[1])
    inside = recent[row] & had[:, column]
    names = tuple(cases[at][0] for at in np.flatnonzero(inside))
    share = float(expected[row, column])
    return Hotspot(values[column], int(spans[row]), names, share, top, p_value)


def _matrix(cases: Sequence[str], exposed: pl.DataFrame) -> tuple[list[Exposure], Flags]:
    row = {case: at for at, case in enumerate(cases)}
    said = [one for one in exposed.select("case_id", "kind", "value").iter_rows() if one[0] in row]
    values = sorted({(kind, value) for _, kind, value in said})
    column = {value: at for at, value in enumerate(values)}
    had = np.zeros((len(cases), len(values)), dtype=np.bool_)
    for case, kind, value in said:
        had[row[case], column[kind, value]] = True
    return values, had


def _ratios(
    recent: Flags, had: Flags, least: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-likelihood ratio of every stretch and exposure, 0 below `least` cases; and cases expected."""
    total = len(had)
    counts = recent.astype(np.float64) @ had
    expected = np.outer(recent.sum(axis=1), had.sum(axis=0)) / total
    more = (counts > expected) & (counts >= least)
    c, e = np.where(more, counts, 1.0), np.where(more, expected, 1.0)
    rest = np.maximum(total - c, 1e-9)
    ratio = c * np.log(c / e) + rest * np.log(rest / np.maximum(total - e, 1e-9))
    return np.where(more, ratio, 0.0), expected


def _p_value(
    top: float, given: tuple[Flags, Flags], limits: ScanLimits, rng: np.random.Generator
) -> float | None:
    """Share of permutations at least as high; given up once it cannot be rare enough any more."""
    recent, had = given
    enough = (limits.permutations + 1) / limits.recurrence
    higher = 0
    for _ in range(limits.permutations):
        dealt = recent[:, rng.permutation(len(had))]
        higher += float(_ratios(dealt, had, limits.cases)[0].max()) >= top - 1e-12
        if 1 + higher > enough:
            return None
    return (1 + higher) / (1 + limits.permutations)

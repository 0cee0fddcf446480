"""One exposure in several strata: Mantel-Haenszel, and whether the strata agree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

from abscope.outbreak.two_by_two import TwoByTwo

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stratified:
    """What the strata say together; None where it cannot be estimated.

    strata: those that tell anything. breslow_day, woolf: p values of the same odds ratio in all.
    """

    strata: int
    odds_ratio: float | None = None
    interval: tuple[float, float] | None = None
    risk_ratio: float | None = None
    p_value: float | None = None
    breslow_day: float | None = None
    woolf: float | None = None


def stratified(tables: Sequence[TwoByTwo]) -> Stratified:
    """Pool one exposure over strata.

    Odds ratio and test of Mantel and Haenszel 1959, interval of Robins, Breslow and Greenland 1986,
    homogeneity by Breslow and Day with Tarone's correction, and by Woolf with a half added to each cell.
    A stratum with an empty margin tells nothing and is left out.
    """
    telling = [table for table in tables if _tells(table)]
    cells = np.array([[c for row in table.rows for c in row] for table in telling], float)
    a, b, c, d = cells.reshape(-1, 4).T
    n = a + b + c + d
    across, against = a * d / n, b * c / n
    if not across.sum() or not against.sum():
        return Stratified(len(telling))
    ratio = float(across.sum() / against.sum())
    spread = 1.959963984540054 * math.sqrt(_variance(across, against, (a + d) / n, (b + c) / n))
    several = len(telling) > 1
    return Stratified(
        len(telling),
        ratio,
        (ratio * math.exp(-spread), ratio * math.exp(spread)),
        float((a * (b + d) / n).sum() / (b * (a + c) / n).sum()),
        _mantel_haenszel(a, a + b, a + c, n),
        _breslow_day(cells, ratio) if several else None,
        _woolf(telling) if several else None,
    )


def _variance(across: Floats, against: Floats, like: Floats, unlike: Floats) -> float:
    """Of the logarithm of the pooled odds ratio (Robins, Breslow and Greenland)."""
    r, s = across.sum(), against.sum()
    first = (like * across).sum() / (2 * r**2)
    middle = (like * against + unlike * across).sum() / (2 * r * s)
    return float(first + middle + (unlike * against).sum() / (2 * s**2))


def _mantel_haenszel(a: Floats, cases: Floats, exposed: Floats, n: Floats) -> float | None:
    """Test that the odds ratio is 1, without continuity correction."""
    expected = cases * exposed / n
    variance = (expected * (n - cases) * (n - exposed) / (n * np.maximum(n - 1, 1))).sum()
    return float(chi2.sf((a - expected).sum() ** 2 / variance, 1)) if variance else None


def _breslow_day(cells: Floats, ratio: float) -> float:
    """Breslow and Day 1980, section 4.4, with Tarone's correction (Biometrika 1985;72:91)."""
    a, b, c, d = cells.T
    expected = np.array([_expected(own, ratio) for own in cells])
    margins = (expected, a + b - expected, a + c - expected, d - a + expected)
    variance = 1 / np.sum([1 / count for count in margins], axis=0)
    chi = ((a - expected) ** 2 / variance).sum()
    chi -= (a - expected).sum() ** 2 / variance.sum()
    return float(chi2.sf(max(chi, 0.0), len(cells) - 1))


def _expected(cells: Floats, ratio: float) -> float:
    """Exposed cases that these margins would have at this odds ratio."""
    a, b, c, d = (float(cell) for cell in cells)
    low, high = max(0.0, a - d), min(a + b, a + c)

    def excess(x: float) -> float:
        return x * (d - a + x) - ratio * (a + b - x) * (a + c - x)

    return float(brentq(excess, low, high))


def _tells(table: TwoByTwo) -> bool:
    return all(map(sum, (*table.rows, *zip(*table.rows, strict=True))))


def _woolf(tables: Sequence[TwoByTwo]) -> float:
    """Woolf, Ann Hum Genet 1955;19:251, with Haldane's half added to every cell."""
    cells = [[count + 0.5 for row in table.rows for count in row] for table in tables]
    logs = np.array([math.log(a * d / (b * c)) for a, b, c, d in cells])
    weights = np.array([1 / sum(1 / count for count in own) for own in cells])
    mean = (weights * logs).sum() / weights.sum()
    return float(chi2.sf((weights * (logs - mean) ** 2).sum(), len(tables) - 1))

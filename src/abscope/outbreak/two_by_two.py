"""The classical panel for one exposure: odds ratio, risk ratio, Fisher's exact test."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import binomtest, fisher_exact
from scipy.stats.contingency import odds_ratio


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Cases and comparison cases by exposure; only answers that are known count."""

    exposed: int
    unexposed: int
    others_exposed: int
    others_unexposed: int

    def __post_init__(self) -> None:
        if min(self.rows[0] + self.rows[1]) < 0:
            raise ValueError(f"counts cannot be negative: {self}")

    @property
    def rows(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The table, cases first, exposed first."""
        return (
            (self.exposed, self.unexposed),
            (self.others_exposed, self.others_unexposed),
        )

    @property
    def odds_ratio(self) -> float | None:
        """Conditional maximum-likelihood odds ratio, possibly infinite; None where a margin is zero.

        Cornfield, J Natl Cancer Inst 1956; the estimate that Fisher's exact test belongs to.
        """
        value = _conditional(self)[0]
        return None if math.isnan(value) else value

    @property
    def interval(self) -> tuple[float, float] | None:
        """Exact 95 % confidence interval of the odds ratio; None where there is none to estimate."""
        value, low, high = _conditional(self)
        return None if math.isnan(value) else (low, high)

    @property
    def p_value(self) -> float | None:
        """Fisher's exact test, two-sided; None without cases or without comparison cases."""
        if not all(sum(row) for row in self.rows):
            return None
        return float(fisher_exact(np.array(self.rows)).pvalue)

    @property
    def risk_ratio(self) -> float | None:
        """Attack rate of the exposed over that of the unexposed; None where it is undefined.

        Means something only where everybody at risk is in the table (a cohort).
        """
        exposed = self.exposed + self.others_exposed
        unexposed = self.unexposed + self.others_unexposed
        if not exposed or not self.unexposed:
            return None
        return (self.exposed / exposed) / (self.unexposed / unexposed)

    @property
    def attack_rates(self) -> tuple[float | None, float | None]:
        """Share of the exposed, and of the unexposed, who are cases; None where there is nobody."""
        return tuple(  # type: ignore[return-value]
            ill / (ill + well) if ill + well else None for ill, well in zip(*self.rows, strict=True)
        )

    @property
    def risk_ratio_interval(self) -> tuple[float, float] | None:
        """95 % interval of the risk ratio on the log scale (Katz 1978); None where a case cell is empty."""
        ratio = self.risk_ratio
        if not ratio or not self.exposed:
            return None
        spread = (
            sum(1 / ill - 1 / (ill + well) for ill, well in zip(*self.rows, strict=True)) ** 0.5
        )
        return ratio * math.exp(-_Z * spread), ratio * math.exp(_Z * spread)

    @property
    def mid_p_interval(self) -> tuple[float, float] | None:
        """Mid-P 95 % interval of the odds ratio (Lancaster); None where there is none to estimate.

        Narrower than the exact one, which is conservative in small tables.
        """
        return _mid_p(self)


_Z = 1.959963984540054  # 97.5 % of the normal


def exact_share(number: int, of: int) -> tuple[float, float]:
    """Exact 95 % interval of a share (Clopper-Pearson)."""
    interval = binomtest(number, of).proportion_ci(0.95, method="exact")
    return float(interval.low), float(interval.high)


def _upper(table: TwoByTwo, log_odds: float) -> float:
    """Chance of more exposed cases, and half that of as many, at these odds, margins fixed."""
    (a, b), (c, d) = table.rows
    exposed, cases, total = a + c, a + b, a + b + c + d
    k = np.arange(max(0, cases + exposed - total), min(cases, exposed) + 1)
    ways = -sum(
        gammaln(count + 1) for count in (k, exposed - k, cases - k, total - exposed - cases + k)
    )
    weights = ways + k * log_odds
    chances = np.exp(weights - weights.max())
    return float((chances[k > a].sum() + chances[k == a].sum() / 2) / chances.sum())


@lru_cache(maxsize=4096)
def _mid_p(table: TwoByTwo) -> tuple[float, float] | None:
    if not all(map(sum, (*table.rows, *zip(*table.rows, strict=True)))):
        return None
    (a, b), (c, d) = table.rows
    low, high = 0.0, math.inf
    if a and d:
        low = math.exp(brentq(lambda x: _upper(table, x) - 0.025, -_WIDEST, _WIDEST))
    if b and c:
        high = math.exp(brentq(lambda x: _upper(table, x) - 0.975, -_WIDEST, _WIDEST))
    return low, high


_WIDEST = 50.0  # log odds ratio beyond which no table goes


@lru_cache(maxsize=4096)
def _conditional(table: TwoByTwo) -> tuple[float, float, float]:
    if not all(map(sum, (*table.rows, *zip(*table.rows, strict=True)))):
        return math.nan, math.nan, math.nan
    found = odds_ratio(table.rows, kind="conditional")
    interval = found.confidence_interval(confidence_level=0.95)
    return float(found.statistic), float(interval.low), float(interval.high)

"""The classical panel for one exposure: odds ratio, risk ratio, Fisher's exact test."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import fisher_exact
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


@lru_cache(maxsize=4096)
def _conditional(table: TwoByTwo) -> tuple[float, float, float]:
    if not all(map(sum, (*table.rows, *zip(*table.rows, strict=True)))):
        return math.nan, math.nan, math.nan
    found = odds_ratio(table.rows, kind="conditional")
    interval = found.confidence_interval(confidence_level=0.95)
    return float(found.statistic), float(interval.low), float(interval.high)

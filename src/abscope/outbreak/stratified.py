"""One exposure in several strata: Mantel-Haenszel, and whether the strata agree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from scipy.stats import chi2

from abscope.outbreak.two_by_two import TwoByTwo


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
    """Pool one exposure over strata (statsmodels' StratifiedTable).

    Odds ratio and test of Mantel and Haenszel 1959, interval of Robins, Breslow and Greenland 1986,
    homogeneity by Breslow and Day with Tarone's correction, and by Woolf with a half added to each cell.
    A stratum with an empty margin tells nothing and is left out.
    """
    telling = [table for table in tables if _tells(table)]
    if not telling:
        return Stratified(0)
    across = [table.exposed * table.others_unexposed for table in telling]
    against = [table.unexposed * table.others_exposed for table in telling]
    if not sum(across) or not sum(against):
        return Stratified(len(telling))
    stats = import_module("statsmodels.stats.contingency_tables")
    # rows: exposed, unexposed; columns: cases, others
    pooled = stats.StratifiedTable([np.array(table.rows, float).T for table in telling])
    low, high = pooled.oddsratio_pooled_confint()
    several = len(telling) > 1
    return Stratified(
        len(telling),
        float(pooled.oddsratio_pooled),
        (float(low), float(high)),
        float(pooled.riskratio_pooled),
        float(pooled.test_null_odds(correction=False).pvalue),
        float(pooled.test_equal_odds(adjust=True).pvalue) if several else None,
        _woolf(telling) if several else None,
    )


def _tells(table: TwoByTwo) -> bool:
    return all(map(sum, (*table.rows, *zip(*table.rows, strict=True))))


def _woolf(tables: Sequence[TwoByTwo]) -> float:
    """Woolf, Ann Hum Genet 1955;19:251, with Haldane's half added to every cell."""
    cells = [[count + 0.5 for row in table.rows for count in row] for table in tables]
    logs = np.array([math.log(a * d / (b * c)) for a, b, c, d in cells])
    weights = np.array([1 / sum(1 / count for count in own) for own in cells])
    mean = (weights * logs).sum() / weights.sum()
    return float(chi2.sf((weights * (logs - mean) ** 2).sum(), len(tables) - 1))

"""Weekly counts that are higher than expected: EARS C1-C3 and a Poisson CUSUM, their bounds by simulation.

The bounds usual for EARS (3 standard deviations) are for large counts; a germ that is seen once a week or
less crosses them several times a year by chance. Here a bound is whatever is crossed `a_year` times in
simulated years without any outbreak. Recent weeks are not known in full yet (reporting_delay): what is
expected of them is lowered by the share known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.reporting_delay import Delays

Values = NDArray[np.float64]
Statistic = Callable[[Values, Values], Values]

WEEK = timedelta(days=7)
A_YEAR = 52
BASELINE, GAP = (
    7,
    2,
)  # weeks an EARS baseline has, and those between it and the week judged (C2, C3)
LEAST_KNOWN = 0.2  # share of a week's cases below which nothing is said of it; judgement
LEAST_WEEKS = 26  # of history; judgement
_SIMULATED = 300  # years


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
    """Cases of whole weeks, the last ended by today. first: the Monday of the first. known: share by now."""

    first: date
    counts: Values
    known: Values

    def monday(self, index: int) -> date:
        """First day of a week."""
        return self.first + index * WEEK


def weekly(
    days: Iterable[date], delays: Delays | None, *, today: date, years: float
) -> Weekly | None:
    """Counts by week over the last years; None where the first case is too recent to expect anything.

    Weeks of which too little is known yet are left off.
    """
    given = sorted(day for day in days if day <= today)
    last = today - timedelta(days=today.weekday()) - WEEK
    if not given:
        return None
    start = max(given[0], last - timedelta(days=round(365.25 * years)))
    first = start - timedelta(days=start.weekday())
    weeks = (last - first).days // 7 + 1
    if weeks < LEAST_WEEKS:
        return None
    at = [(day - first).days // 7 for day in given]
    counts = np.bincount([one for one in at if 0 <= one < weeks], minlength=weeks)
    mondays = [first + week * WEEK for week in range(weeks)]
    known = np.array(
        [delays.known(m, m + WEEK - timedelta(1), today) if delays else 1.0 for m in mondays]
    )
    told = weeks - int(np.argmax(known[::-1] >= LEAST_KNOWN))
    return Weekly(first, counts[:told].astype(np.float64), known[:told])  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """A statistic by week, the bound it must not cross, and how often it does by chance, a year."""

    statistic: Values
    bound: float
    false_a_year: float
    expected: float

    @property
    def since(self) -> int | None:
        """The week from which on the bound has been crossed until now; None where it is not."""
        below = np.flatnonzero(self.statistic <= self.bound)
        start = int(below[-1]) + 1 if len(below) else 0
        return start if start < len(self.statistic) else None


def alarms(
    series: Weekly, method: str, *, a_year: float, ratio: float, rng: np.random.Generator
) -> Alarms:
    """Judge every week. method: EARS C1, C2, C3 or CUSUM, which looks for `ratio` times the usual rate.

    The usual rate is that of all weeks but the last eight, at least one case in all of them.
    """
    usual = series.counts[: max(len(series.counts) - 8, 1)]
    mean = max(float(usual.mean()), 1 / len(usual))
    statistic = _STATISTICS[method](mean, ratio)
    bound, rate = _bound(statistic, mean, a_year, rng)
    return Alarms(statistic(series.counts, series.known), bound, rate, mean)


def _bound(
    statistic: Statistic, mean: float, a_year: float, rng: np.random.Generator
) -> tuple[float, float]:
    """The lowest bound crossed at most `a_year` times in simulated years, and how often it is."""
    weeks = _SIMULATED * A_YEAR
    path = statistic(rng.poisson(mean, weeks).astype(np.float64), np.ones(weeks))
    levels = np.unique(path)
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high) // 2
        if _crossings(path, float(levels[middle])) <= a_year * _SIMULATED:
            high = middle
        else:
            low = middle + 1
    return float(levels[low]), _crossings(path, float(levels[low])) / _SIMULATED


def _crossings(path: Values, bound: float) -> int:
    above = path > bound
    return int((above[1:] & ~above[:-1]).sum() + above[0])


def _cusum(mean: float, ratio: float) -> Statistic:
    """Poisson CUSUM: k between the usual rate and `ratio` times it (Lucas 1985)."""
    k = (ratio * mean - mean) / np.log(ratio)

    def statistic(counts: Values, known: Values) -> Values:
        found = np.zeros(len(counts))
        sum_ = 0.0
        for week, excess in enumerate((counts - k * known).tolist()):
            sum_ = max(0.0, sum_ + excess)
            found[week] = sum_
        return found

    return statistic


def _ears(gap: int, summed: bool, mean: float, ratio: float) -> Statistic:
    """EARS (Hutwagner, J Urban Health 2003;80:i89) on weeks; the spread is at least a Poisson's."""
    return partial(_ears_statistic, gap=gap, summed=summed)


def _ears_statistic(counts: Values, known: Values, *, gap: int, summed: bool) -> Values:
    score = np.zeros(len(counts))
    first = BASELINE + gap
    if len(counts) <= first:
        return score
    base = np.lib.stride_tricks.sliding_window_view(counts, BASELINE)[: len(counts) - first]
    mean = base.mean(axis=1)
    spread = np.maximum(base.std(axis=1, ddof=1), np.sqrt(np.maximum(mean, 1 / BASELINE)))
    now, share = counts[first:], known[first:]
    score[first:] = (now - mean * share) / (spread * np.sqrt(share))
    if not summed:
        return score
    over = np.maximum(score - 1, 0)
    return np.convolve(over, np.ones(3))[: len(over)]


_STATISTICS: Mapping[str, Callable[[float, float], Statistic]] = {
    "EARS C1": partial(_ears, 0, False),
    "EARS C2": partial(_ears, GAP, False),
    "EARS C3": partial(_ears, GAP, True),
    "CUSUM": _cusum,
}

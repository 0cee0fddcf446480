"""Alerts on how many cases there are: more a week than expected, or more of one exposure lately."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from abscope.outbreak.count_alarms import A_YEAR, Weekly, alarms, weekly
from abscope.outbreak.exposure_scan import Hotspot, ScanLimits, scan
from abscope.outbreak.farrington import farrington
from abscope.outbreak.plural import plural
from abscope.outbreak.reporting_delay import delays
from abscope.outbreak.watching import News, raised
from abscope.records import Alert, LineList, WatchRule


def _dated(linelist: LineList) -> list[tuple[str, date]]:
    """Cases not ruled out, and the first day known of: fell ill, was sampled, was reported."""
    known = linelist.cases.filter(pl.col("status").ne_missing("not a case"))
    day = pl.coalesce("date_onset", "date_collection", "date_report")
    rows = known.select("case_id", day.alias("day")).drop_nulls()
    return [(str(case), when) for case, when in rows.iter_rows()]


def _delays(linelist: LineList) -> list[tuple[date, date]]:
    first = pl.coalesce("date_onset", "date_collection").alias("first")
    return list(linelist.cases.select(first, "date_report").drop_nulls().iter_rows())


def many_cases(rule: WatchRule, news: News) -> Iterator[Alert]:
    """Cases of the weeks up to now are more than expected, allowing for those not reported yet."""
    linelist = news.today.linelist
    late = delays(_delays(linelist), news.day)
    days = [day for _, day in _dated(linelist)]
    series = weekly(days, late, today=news.day, years=rule.number("years"))
    if series is None:
        return
    method = str(rule.settings["method"])
    found = _farrington if method == "Farrington" else _alarm
    yield from found(rule, news, series, method)


def _alarm(rule: WatchRule, news: News, series: Weekly, method: str) -> Iterator[Alert]:
    found = alarms(
        series, method, a_year=rule.number("a_year"), ratio=rule.number("ratio"),
        rng=np.random.default_rng(news.watch.seed),
    )  # fmt: skip
    if found.since is None:
        return
    evidence: dict[str, object] = {
        "statistic": round(float(found.statistic[-1]), 2),
        "bound": round(found.bound, 2),
        "expected": round(found.expected, 3),
    }
    yield _many(rule, news, series, (found.since, method, evidence), found.false_a_year)


def _farrington(rule: WatchRule, news: News, series: Weekly, method: str) -> Iterator[Alert]:
    expected = farrington(series.counts, series.known, alpha=rule.number("a_year") / A_YEAR)
    last = len(series.counts) - 1
    if expected is None or series.counts[last] <= max(expected.bound, 1):
        return
    evidence: dict[str, object] = {
        "bound": expected.bound,
        "expected": round(expected.mean, 3),
        "dispersion": round(expected.dispersion, 2),
    }
    yield _many(rule, news, series, (last, method, evidence), rule.number("a_year"))


def _many(
    rule: WatchRule, news: News, series: Weekly, told: tuple[int, str, dict[str, object]],
    rate: float,
) -> Alert:  # fmt: skip
    since, method, figures = told
    monday, count = series.monday(since), int(series.counts[since:].sum())
    weeks = len(series.counts) - since
    usual = f"{figures['expected']} a week are usual"
    reason = f"{count} cases in {plural(weeks, 'week')} from {monday} on, where {usual} ({method})."
    evidence = {"method": method, "from": monday.isoformat(), "cases": count, "weeks": weeks,
                "known_share_of_last_week": round(float(series.known[-1]), 2), **figures}  # fmt: skip
    return raised(
        rule, news, about=(f"weeks from {monday}", reason), evidence=evidence, false_a_year=rate
    )


def scanned(rule: WatchRule, news: News) -> Iterator[Alert]:
    """Recent cases share an exposure more often than their dates allow by chance."""
    dated = _dated(news.today.linelist)
    found = _hotspot(rule, news, dated)
    if found is None:
        return
    kind, value = found.exposure
    first = min(day for case, day in dated if case in found.cases)
    subject = f"{kind} {value} in {first.year}"
    reason = (
        f"{len(found.cases)} cases of the last {found.days} days had {kind} {value}, where"
        f" {found.expected:.1f} are expected: chance does that every {1 / found.p_value:.0f} days."
    )
    evidence = {"kind": kind, "value": value, "days": found.days, "of_all": len(found.cases),
                "expected": round(found.expected, 2), "ratio": round(found.ratio, 2),
                "p_value": found.p_value, "recurrence_days": round(1 / found.p_value)}  # fmt: skip
    for whose, own in news.by_jurisdiction(found.cases).items():
        yield raised(
            rule,
            news,
            about=(subject, reason),
            evidence={**evidence, "cases": list(own)},
            whose=whose,
            false_a_year=365.25 / rule.number("recurrence"),
        )


def _hotspot(rule: WatchRule, news: News, dated: list[tuple[str, date]]) -> Hotspot | None:
    exposed = news.today.linelist.exposures.filter(
        (pl.col("answer") == "yes")
        & pl.col("value").is_not_null()
        & pl.col("kind").is_in(list(rule.words("kinds")))
    )
    limits = ScanLimits(
        window=int(rule.number("window")),
        cases=int(rule.number("cases")),
        recurrence=rule.number("recurrence"),
        permutations=int(rule.number("permutations")),
    )
    rng = np.random.default_rng(news.watch.seed)
    return scan(dated, exposed, limits, today=news.day, rng=rng)

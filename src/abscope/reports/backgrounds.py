"""Backgrounds as rows: one a stratum for people, one a stratum and distance for programs."""

from collections.abc import Iterator, Sequence

import polars as pl

from abscope.knowledge.rows import BackgroundShare
from abscope.records import Background, BackgroundPanel, BackgroundSurvey

RULES = (5, 10, 20, 25)
_SHOWN_COUNTRIES = 3

Row = dict[str, object]


def stratum_rows(survey: BackgroundSurvey, *, country: str | None = None) -> list[Row]:
    """A row a stratum: patients, how far apart, and the share of unlinked pairs a fixed rule would link.

    No share where no pair was seen: what smoothing gives there says nothing of the stratum. country:
    say how many of the patients are from there.
    """
    pairs = zip(survey.backgrounds, survey.panels, strict=True)
    return [_row(found, panel, country) for found, panel in pairs]


def _row(found: Background, panel: BackgroundPanel, country: str | None) -> Row:
    years = [year for year, _ in panel.years]
    row: Row = {
        "stratum": found.stratum,
        "patients": found.patients,
        "pairs": found.pairs,
        "untold": panel.untold,
        "closest": panel.closest,
        "median": panel.median,
        "farthest": panel.farthest,
        "countries": _countries(panel.countries),
        "years": f"{years[0]}-{years[-1]}" if years else None,
    }
    for rule in (rule for rule in RULES if rule <= found.limit):
        row[f"within_{rule}"] = percent(found, rule) if found.pairs else None
    if country:
        row["coverage"] = panel.coverage(country)
    return row


def published_rows(found: Sequence[Background], known: Sequence[BackgroundShare]) -> list[Row]:
    """A row a published background: of whom it was counted, what a fixed rule would link, and its use."""
    told = {row.stratum: row for row in known}
    rows = []
    for one in found:
        source = told.get(one.stratum)
        row: Row = {"stratum": one.stratum, "patients": one.patients, "pairs": one.pairs}
        row["counted"] = source.counted if source else "as its stem"
        row |= {f"within_{n}": percent(one, n) for n in RULES if n <= one.limit}
        row["use"] = source.use if source else None
        rows.append(row)
    return rows


def published_table(found: Sequence[Background]) -> pl.DataFrame:
    """A row a stratum and distance."""
    names = ("stratum", "snps", "patients", "pairs", "share", "lower", "upper")
    rows = [
        (one.stratum, snps, one.patients, one.pairs, *_bounds(one, snps))
        for one in found
        for snps in range(one.limit + 1)
    ]
    return pl.DataFrame(rows, schema=list(names), orient="row")


def _bounds(found: Background, snps: int) -> tuple[float, float, float]:
    return float(found.share[snps]), float(found.lower[snps]), float(found.upper[snps])


def percent(found: Background, snps: int) -> str:
    """`1.1 % (0.4-2.9)`: the share of unlinked pairs at most `snps` apart, with its interval."""
    share, low, high = (
        _number(100 * float(one[snps])) for one in (found.share, found.lower, found.upper)
    )
    return f"{share} % ({low}-{high})"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 9.5 else f"{value:.2g}"


def _countries(countries: Sequence[tuple[str, int]]) -> str | None:
    shown = ", ".join(f"{name} {number}" for name, number in countries[:_SHOWN_COUNTRIES])
    more = len(countries) - _SHOWN_COUNTRIES
    return (shown + (f", {more} more" if more > 0 else "")) or None


def share_table(survey: BackgroundSurvey) -> pl.DataFrame:
    """A row a stratum and distance: pairs counted within it, share, and interval."""
    names = ("stratum", "snps", "patients", "pairs", "within", "share", "lower", "upper")
    return pl.DataFrame(list(_shares(survey)), schema=list(names), orient="row")


def _shares(survey: BackgroundSurvey) -> Iterator[tuple[object, ...]]:
    for found, panel in zip(survey.backgrounds, survey.panels, strict=True):
        for snps in range(found.limit + 1):
            counts = (found.patients, found.pairs, int(panel.within[snps]))
            yield (found.stratum, snps, *counts, *_bounds(found, snps))


def as_json(survey: BackgroundSurvey, *, country: str | None = None) -> Row:
    """Everything found, as JSON values: strata with their shares by distance, and who was left out."""
    strata = []
    for found, panel in zip(survey.backgrounds, survey.panels, strict=True):
        row = _row(found, panel, country)
        row = {name: value for name, value in row.items() if not name.startswith("within_")}
        row |= {"countries": dict(panel.countries), "years": {str(y): n for y, n in panel.years}}
        row |= {name: getattr(found, name).tolist() for name in ("share", "lower", "upper")}
        row["within"] = panel.within.tolist()
        strata.append(row)
    left_out = [{"isolate_id": one.name, "reason": one.reason} for one in survey.left_out]
    return {"strata": strata, "left_out": left_out}

"""People: who was exposed to what, when they fell ill, and when a specimen was taken.

Delays are log-normal. Incubation: median about five weeks (M. abscessus after injections: 30.5 days,
range 15-59, Colombia; 4.7 weeks, 2-9, Korea). All names of clinics, products and people are invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

HEADINGS = (
    "case_id", "isolate_id", "status", "sex", "age", "residence_country", "residence_state",
    "date_exposure", "date_onset", "date_collection", "date_treatment",
    "exposure_country", "exposure_city", "clinic", "clinician", "procedure", "body_site", "route",
    "product", "supplier", "donor", "lot", "reagent", "diluent", "device",
)  # fmt: skip
"""Columns of a line list; cells are text, several values joined by `;`, null where not known."""

EXPOSURES = HEADINGS[11:]
DATES = tuple(heading for heading in HEADINGS if heading.startswith("date_"))
NOT_EXPOSED = "none"

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Delays:
    """Median days and spread (standard deviation of the logarithm) of each delay."""

    incubation: tuple[float, float] = (35.0, 0.6)
    diagnosis: tuple[float, float] = (30.0, 0.7)
    treatment: tuple[float, float] = (6.0, 0.6)


@dataclass(frozen=True, slots=True)
class Setting:
    """A place of care, and what it uses: headings and values of the line list."""

    clinic: str
    country: str
    city: str
    clinicians: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]


def days_after(delay: tuple[float, float], rng: np.random.Generator) -> int:
    """Draw a delay in days, at least one."""
    return max(1, round(float(rng.lognormal(np.log(delay[0]), delay[1]))))


def decimal_year(day: date) -> float:
    """Return a date as decimal years."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def calendar_day(year: float) -> date:
    """Return decimal years as a date."""
    first = date(int(year), 1, 1)
    return first + timedelta(
        days=int((year - int(year)) * (date(int(year) + 1, 1, 1) - first).days)
    )


def dated(exposed: date, delays: Delays, rng: np.random.Generator) -> dict[str, str]:
    """Draw onset, collection and treatment after an exposure; ISO dates by heading."""
    onset = exposed + timedelta(days=days_after(delays.incubation, rng))
    collected = onset + timedelta(days=days_after(delays.diagnosis, rng))
    treated = collected + timedelta(days=days_after(delays.treatment, rng))
    return _by_heading(exposed, onset, collected, treated)


def before_collection(collected: date, delays: Delays, rng: np.random.Generator) -> dict[str, str]:
    """Draw the dates of a patient whose specimen's date is known."""
    onset = collected - timedelta(days=days_after(delays.diagnosis, rng))
    exposed = onset - timedelta(days=days_after(delays.incubation, rng))
    treated = collected + timedelta(days=days_after(delays.treatment, rng))
    return _by_heading(exposed, onset, collected, treated)


def _by_heading(*days: date) -> dict[str, str]:
    """DATES as a line list writes them."""
    return {heading: day.isoformat() for heading, day in zip(DATES, days, strict=True)}


def person(rng: np.random.Generator) -> dict[str, str]:
    """Draw sex, age and residence."""
    states = ("Colorado", "Arizona", "California", "Texas", "New Mexico", "Utah", "Nevada")
    return {
        "sex": _one(("female", "male"), rng),
        "age": str(int(np.clip(rng.normal(49, 14), 18, 88))),
        "residence_country": "United States",
        "residence_state": _one(states, rng),
    }


def treated_at(setting: Setting, rng: np.random.Generator) -> dict[str, str]:
    """Draw what a patient of this setting was exposed to; a heading it does not use is `none`."""
    drawn = {heading: _one(values, rng) for heading, values in setting.values.items()}
    place = {
        "exposure_country": setting.country,
        "exposure_city": setting.city,
        "clinic": setting.clinic,
        "clinician": _one(setting.clinicians, rng),
    }
    return dict.fromkeys(EXPOSURES, NOT_EXPOSED) | place | drawn


def comparison(
    isolates: Sequence[tuple[str | None, date]],
    settings: Sequence[Setting],
    *,
    weights: Sequence[float],
    delays: Delays,
    rng: np.random.Generator,
) -> list[dict[str, str | None]]:
    """Make a comparison patient for each isolate (None: a patient without one) and its date."""
    shares = np.array(weights) / sum(weights)
    rows: list[dict[str, str | None]] = []
    for number, (isolate, collected) in enumerate(isolates, 1):
        setting = settings[int(rng.choice(len(settings), p=shares))]
        rows.append(
            {
                "case_id": f"P{number:03d}",
                "isolate_id": isolate,
                "status": "confirmed" if isolate else "probable",
                **person(rng),
                **before_collection(collected, delays, rng),
                **treated_at(setting, rng),
            }
        )
    return rows


def table(rows: Sequence[Row]) -> pl.DataFrame:
    """Make a line list of rows; all columns are text."""
    schema = dict.fromkeys(HEADINGS, pl.String)
    return pl.DataFrame([{h: row.get(h) for h in HEADINGS} for row in rows], schema=schema)


def exposures(cases: pl.DataFrame) -> pl.DataFrame:
    """List every true exposure of a line list: case_id, kind (its heading), value."""
    long = cases.unpivot(EXPOSURES, index="case_id", variable_name="kind", value_name="value")
    values = long.with_columns(pl.col("value").str.split(";")).explode("value")
    kept = values.filter(pl.col("value").is_not_null() & (pl.col("value") != NOT_EXPOSED))
    return kept.sort("case_id", "kind", "value")


def _one(values: Sequence[str], rng: np.random.Generator) -> str:
    return values[int(rng.integers(len(values)))]

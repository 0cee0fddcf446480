"""Facilities that were asked: who answered, who is silent, every attempt, and what comes next."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from abscope.outbreak.contacts import facility_states
from abscope.records.followup import FacilityState
from abscope.records.situations import Situation


@dataclass(frozen=True, slots=True, eq=False)
class FacilityRow:
    """One facility and its attempts, earliest first; late: days past the next step, None if not due."""

    state: FacilityState
    attempts: tuple[dict[str, object], ...]
    late: int | None


def rows(situation: Situation) -> tuple[FacilityRow, ...]:
    """Every facility of the contact log, those overdue longest first; none where no log is kept."""
    log = situation.contacts
    found = [_row(one, log, situation.today) for one in facility_states(log)] if len(log) else []
    return tuple(sorted(found, key=lambda row: (-(row.late or -9999), row.state.facility)))


def _row(one: FacilityState, log: pl.DataFrame, today: date | None) -> FacilityRow:
    late = (today - one.due).days if today and one.due and one.due < today else None
    own = log.filter(pl.col("facility") == one.facility).sort("date")
    return FacilityRow(one, tuple(own.iter_rows(named=True)), late)

"""When things happened to whom."""

import polars as pl

from abscope import tables

_EVENTS = ("exposure", "onset", "collection", "treatment")


def events(cases: pl.DataFrame) -> pl.DataFrame:
    """The dated events of every case, in order of date; tables.CASE_EVENTS. Undated cases have none."""
    dated = cases.select("case_id", *(pl.col(f"date_{event}").alias(event) for event in _EVENTS))
    long = dated.unpivot(
        on=_EVENTS, index="case_id", variable_name="event", value_name="date"
    ).drop_nulls("date")
    return tables.CASE_EVENTS.check(long.sort("date", "case_id", "event"))

"""What is known on the day of a report beside the findings: alerts, contacts, history, backgrounds."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from abscope.records.alerts import Alert
from abscope.records.backgrounds import Background
from abscope.records.empty import empty
from abscope.records.ledgers import Entry

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The day, and what a collection, a contact log and a watch add to an investigation.

    today: None where nobody said. contacts, monitoring: tables of the contact log and of tests done.
    ledger: when (ISO 8601) and what happened to clusters, oldest first. backgrounds: what pairs of
    isolates were held against.
    """

    today: date | None = None
    alerts: tuple[Alert, ...] = ()
    contacts: "pl.DataFrame" = field(default_factory=empty("followup.CONTACTS"))
    monitoring: "pl.DataFrame" = field(default_factory=empty("followup.MONITORING"))
    ledger: tuple[tuple[str, Entry], ...] = ()
    backgrounds: tuple[Background, ...] = ()

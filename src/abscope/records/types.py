"""What every isolate is, as rows that a report shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from abscope.records.remarks import LeftOut


@dataclass(frozen=True, slots=True)
class TypeTables:
    """Rows of types.tsv and resistance.tsv, by column.

    remarks: isolate and what to look at before the rest of its row is believed. left_out: isolates that
    could not be typed. notes: what holds for all of them.
    """

    types: tuple[Mapping[str, object], ...]
    resistance: tuple[Mapping[str, object], ...]
    remarks: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

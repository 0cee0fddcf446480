"""What a run published, read back: the one source of every export."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A run's tables, trees and rankings, as they stand in its output folder.

    types, resistance: empty where isolates were not typed; cases, exposures: empty without a line list.
    trees: Newick by reference. files: names of each isolate's sequence files. sources: every cluster's
    ranking. hamronized: the table as it was published. identified: whether patients can still be told.
    """

    organism: str
    version: str
    isolates: "pl.DataFrame"
    types: "pl.DataFrame"
    pairs: "pl.DataFrame"
    clusters: "pl.DataFrame"
    cases: "pl.DataFrame"
    exposures: "pl.DataFrame"
    links: "pl.DataFrame"
    resistance: "pl.DataFrame"
    hamronized: "pl.DataFrame"
    trees: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    identified: bool = True

    def case_of(self) -> dict[str, str]:
        """Isolates and the cases they came from."""
        import polars as pl

        named = self.cases.select("case_id", pl.col("isolate_ids").str.split(";"))
        rows = named.explode("isolate_ids").drop_nulls().rows()
        return {isolate: case for case, isolate in rows if isolate}

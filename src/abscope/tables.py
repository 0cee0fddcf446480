"""The vocabulary: every table, column by column (type, meaning, rule).

A frame is checked when it crosses an edge (`TABLE.check`) and trusted inside. A missing answer is
null, never 0, -1 or "".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from abscope.errors import TableError


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, meaning, and the rule its values keep."""

    name: str
    type: pl.DataType | type[pl.DataType]
    meaning: str
    required: bool = False
    one_of: tuple[str, ...] = ()
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, its columns, and the columns that together identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())

    @property
    def schema(self) -> pl.Schema:
        """Column names and polars types, in order."""
        return pl.Schema({column.name: column.type for column in self.columns})

    def frame(self, rows: object = None) -> pl.DataFrame:
        """A frame of this table from rows (dicts or tuples), empty without."""
        return pl.DataFrame(rows or [], schema=self.schema, orient="row")  # type: ignore[arg-type]

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return `frame` with this table's columns in order.

        Raises TableError listing every problem: columns missing, types, values out of rule, keys repeated.
        """
        problems = list(self._problems(frame))
        if problems:
            raise TableError.collect(self.name, problems)
        return frame.select(self.schema.names())

    def _problems(self, frame: pl.DataFrame) -> Iterator[str]:
        for column in self.columns:
            if column.name not in frame.columns:
                yield f"{column.name}: column is missing"
            elif frame.schema[column.name] != column.type:
                yield f"{column.name}: is {frame.schema[column.name]}, must be {column.type}"
            else:
                yield from _value_problems(column, frame[column.name])
        if self.key and set(self.key) <= set(frame.columns):
            repeated = frame.filter(frame.select(self.key).is_duplicated()).select(self.key)
            if len(repeated):
                yield f"{'+'.join(self.key)}: repeated {repeated.unique().sort(self.key).rows()[:5]}"


def _value_problems(column: Column, values: pl.Series) -> Iterator[str]:
    if column.required and values.null_count():
        yield f"{column.name}: {values.null_count()} missing"
    known = values.drop_nulls()
    if column.one_of:
        other = known.filter(~known.is_in(list(column.one_of)))
        if len(other):
            yield f"{column.name}: {len(other)} not one of {', '.join(column.one_of)}, e.g. {other[0]!r}"
    if column.between is not None:
        low, high = column.between
        other = known.filter((known < low) | (known > high))
        if len(other):
            yield f"{column.name}: {len(other)} outside {low}-{high}, e.g. {other[0]!r}"


ISOLATES = Table(
    "isolates",
    key=("isolate_id",),
    columns=(
        Column("isolate_id", pl.String, "laboratory name of the isolate", required=True),
        Column("kind", pl.String, "what was read", one_of=("paired", "single", "assembly")),
        Column("reference", pl.String, "genome it was called against"),
        Column("subspecies", pl.String, "subspecies of that reference"),
        Column("ani", pl.Float64, "estimated identity to that reference", between=(0, 1)),
        Column("reads", pl.Int64, "reads, or contigs of an assembly"),
        Column("bases", pl.Int64, "bases in them"),
        Column("q30", pl.Float64, "share of bases at phred 30 or better", between=(0, 1)),
        Column("gc", pl.Float64, "share of G and C", between=(0, 1)),
        Column("mapped", pl.Float64, "share of reads placed on the reference", between=(0, 1)),
        Column("duplicates", pl.Float64, "share of read pairs that are copies", between=(0, 1)),
        Column("insert_median", pl.Int64, "median template length, bases"),
        Column("depth_mean", pl.Float64, "mean reads per reference position"),
        Column("breadth", pl.Float64, "share of positions with enough reads", between=(0, 1)),
        Column("called", pl.Float64, "share of positions with a called base", between=(0, 1)),
        Column("mixed", pl.Int64, "positions at which reads disagree"),
        Column("snps", pl.Int64, "called bases that differ from the reference"),
        Column("warnings", pl.String, "what to look at, separated by semicolons"),
    ),
)

VARIANTS = Table(
    "variants",
    columns=(
        Column("position", pl.Int64, "0-based, on the contigs laid end to end", required=True),
        Column("ref", pl.String, "reference letters", required=True),
        Column("alt", pl.String, "letters seen instead", required=True),
        Column(
            "kind",
            pl.String,
            "what changed",
            one_of=("snp", "mnp", "insertion", "deletion", "complex"),
        ),
        Column("quality", pl.Float64, "phred-scaled chance that this is wrong"),
        Column("depth", pl.Int64, "reads that count here"),
        Column("alt_forward", pl.Int64, "of them, forward reads with the new letters"),
        Column("alt_reverse", pl.Int64, "of them, reverse reads with the new letters"),
        Column("filter", pl.String, "PASS, or why it is not in the consensus"),
    ),
)

PAIRS = Table(
    "pairs",
    columns=(
        Column("isolate_1", pl.String, "first by name", required=True),
        Column("isolate_2", pl.String, "second by name", required=True),
        Column("reference", pl.String, "their common reference; none: different subspecies"),
        Column("snps", pl.Int64, "SNPs outside the mask"),
        Column("comparable", pl.Int64, "sites outside the mask at which both have a base"),
        Column("snps_raw", pl.Int64, "SNPs, masked sites included"),
        Column("comparable_raw", pl.Int64, "sites at which both have a base, masked ones included"),
        Column(
            "verdict",
            pl.String,
            "what the distance can be used for",
            one_of=("compared", "unresolved", "different reference"),
        ),
    ),
)

CASES = Table(
    "cases",
    key=("case_id",),
    columns=(
        Column("case_id", pl.String, "line-list identifier", required=True),
        Column(
            "isolate_ids",
            pl.List(pl.String),
            "laboratory isolates sequenced, none if there are none",
        ),
        Column(
            "status",
            pl.String,
            "case definition verdict",
            one_of=("confirmed", "probable", "suspect", "not a case"),
        ),
        Column("sex", pl.String, "as recorded"),
        Column("age", pl.Float64, "years at onset", between=(0, 120)),
        Column("residence_country", pl.String, "where the patient lives"),
        Column("residence_state", pl.String, "state or province"),
        Column("date_exposure", pl.Date, "procedure or injection"),
        Column("date_onset", pl.Date, "first symptom"),
        Column("date_collection", pl.Date, "specimen taken"),
        Column("date_treatment", pl.Date, "treatment started"),
        Column("row", pl.Int64, "row of the file it came from"),
    ),
)

EXPOSURE_KINDS = (
    "country",
    "city",
    "clinic",
    "clinician",
    "procedure",
    "body_site",
    "route",
    "product",
    "supplier",
    "donor",
    "lot",
    "reagent",
    "diluent",
    "device",
    "water",
    "other",
)

EXPOSURES = Table(
    "exposures",
    key=("case_id", "kind", "value"),
    columns=(
        Column("case_id", pl.String, "the case asked", required=True),
        Column("kind", pl.String, "what sort of exposure", required=True, one_of=EXPOSURE_KINDS),
        Column("value", pl.String, "which one; null where no case names one of this kind"),
        Column(
            "answer",
            pl.String,
            "exposed, not exposed, or not known",
            required=True,
            one_of=("yes", "no", "unknown"),
        ),
    ),
)

CLUSTER_MEMBERS = Table(
    "clusters",
    key=("level", "isolate_id"),
    columns=(
        Column("level", pl.Int64, "SNPs that join two isolates"),
        Column("cluster", pl.String, "name of the cluster; none: alone at this level"),
        Column("isolate_id", pl.String, "laboratory name", required=True),
        Column("case_id", pl.String, "the case it came from, if known"),
    ),
)

SHARED_EXPOSURES = Table(
    "shared_exposures",
    columns=(
        Column("cluster", pl.String, "name of the cluster", required=True),
        Column("kind", pl.String, "what sort of exposure", required=True),
        Column("value", pl.String, "which one", required=True),
        Column("members_exposed", pl.Int64, "cases of the cluster exposed"),
        Column("members_known", pl.Int64, "cases of the cluster with an answer"),
        Column("members", pl.Int64, "cases of the cluster"),
        Column("others_exposed", pl.Int64, "comparison cases exposed"),
        Column("others_known", pl.Int64, "comparison cases with an answer"),
        Column("others", pl.Int64, "comparison cases"),
        Column(
            "odds_ratio", pl.Float64, "conditional maximum-likelihood odds ratio; null if undefined"
        ),
        Column("odds_ratio_low", pl.Float64, "exact 95 % confidence interval, lower end"),
        Column("odds_ratio_high", pl.Float64, "exact 95 % confidence interval, upper end"),
        Column(
            "p_value", pl.Float64, "Fisher's exact test, two-sided; null without comparison cases"
        ),
    ),
)

COMPATIBLE_CASES = Table(
    "compatible_cases",
    columns=(
        Column("case_id", pl.String, "a case without a comparable isolate", required=True),
        Column("cluster", pl.String, "the cluster whose exposures it shares", required=True),
        Column("shares", pl.String, "exposures in common, kind=value, separated by semicolons"),
        Column("shared", pl.Int64, "how many"),
        Column(
            "weight", pl.Float64, "how much they tell: the rarer among comparison cases, the more"
        ),
        Column(
            "common",
            pl.String,
            "exposures in common that tell nothing: comparison cases have them too",
        ),
        Column("known", pl.Int64, "exposure kinds answered by the case and by a member"),
        Column("reason", pl.String, "why there is no isolate to compare"),
    ),
)

CASE_EVENTS = Table(
    "case_events",
    key=("case_id", "event"),
    columns=(
        Column("case_id", pl.String, "line-list identifier", required=True),
        Column(
            "event",
            pl.String,
            "what happened",
            required=True,
            one_of=("exposure", "onset", "collection", "treatment"),
        ),
        Column("date", pl.Date, "when", required=True),
    ),
)

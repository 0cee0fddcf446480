"""The vocabulary: every table, column by column (type, meaning, rule).

A frame is checked when it crosses an edge (`TABLE.check`) and trusted inside. A missing answer is
null, never 0, -1 or "".
"""

import polars as pl

from abscope.tables.cases import (
    ANSWERS,
    CASE_TABLES,
    CASE_VERDICTS,
    CASES,
    EPISODES,
    EXPOSURE_KINDS,
    EXPOSURES,
    LADDERS,
    RESPONSES,
    SAMPLE_KINDS,
    SPECIMENS,
    STATUSES,
    SYMPTOMS,
    TREATMENTS,
)
from abscope.tables.description import (
    ADJUSTED,
    EPI_CURVE,
    EXPOSURE_TESTS,
    MATCHED,
    SAMPLED,
    STRATIFIED,
)
from abscope.tables.table import Column, Table

__all__ = [
    "ADJUSTED",
    "ANSWERS",
    "CASES",
    "CASE_EVENTS",
    "CASE_TABLES",
    "CASE_VERDICTS",
    "CLUSTER_MEMBERS",
    "COMPATIBLE_CASES",
    "EPISODES",
    "EPI_CURVE",
    "EXPOSURES",
    "EXPOSURE_KINDS",
    "EXPOSURE_TESTS",
    "ISOLATES",
    "LADDERS",
    "MATCHED",
    "PAIRS",
    "RESPONSES",
    "SAMPLED",
    "SAMPLE_KINDS",
    "SHARED_EXPOSURES",
    "SPECIMENS",
    "STATUSES",
    "STRATIFIED",
    "SYMPTOMS",
    "TREATMENTS",
    "VARIANTS",
    "Column",
    "Table",
]

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

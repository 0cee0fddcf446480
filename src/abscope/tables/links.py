"""The vocabulary of links: one row for every pair that was judged, and one for every group."""

import polars as pl

from abscope.tables.table import Column, Table

LINKS = Table(
    "links",
    key=("isolate_1", "isolate_2"),
    columns=(
        Column("isolate_1", pl.String, "first by name", required=True),
        Column("isolate_2", pl.String, "second by name", required=True),
        Column("snps", pl.Int64, "SNPs outside the mask; null: too few comparable sites"),
        Column("comparable", pl.Int64, "sites outside the mask at which both have a base"),
        Column(
            "verdict",
            pl.String,
            "what it comes to",
            required=True,
            one_of=("linked", "not linked", "laboratory mix-up", "cannot tell"),
        ),
        Column("linked", pl.Float64, "chance of one source or one chain", between=(0, 1)),
        Column(
            "linked_low", pl.Float64, "the same if chance is as likely as the background allows"
        ),
        Column("linked_high", pl.Float64, "the same if chance is as unlikely as it allows"),
        Column("common_source", pl.Float64, "posterior", between=(0, 1)),
        Column("person_to_person", pl.Float64, "posterior", between=(0, 1)),
        Column("laboratory", pl.Float64, "posterior", between=(0, 1)),
        Column("chance", pl.Float64, "posterior", between=(0, 1)),
        Column("prior_common_source", pl.Float64, "before the distance was seen", between=(0, 1)),
        Column("prior_person_to_person", pl.Float64, "the same", between=(0, 1)),
        Column("prior_laboratory", pl.Float64, "the same; more on one run", between=(0, 1)),
        Column("bayes_factor", pl.Float64, "common source against chance"),
        Column("source_within", pl.Int64, "SNPs that 95 of 100 pairs of one source stay within"),
        Column("stratum", pl.String, "whose unlinked patients it is held against"),
        Column("patients", pl.Int64, "how many of them"),
        Column("chance_share", pl.Float64, "of their pairs as close", between=(0, 1)),
        Column("chance_upper", pl.Float64, "its 95 % upper bound", between=(0, 1)),
        Column("expected_matches", pl.Float64, "by chance, among the patients compared"),
        Column("any_match", pl.Float64, "chance of at least one", between=(0, 1)),
        Column("within", pl.String, "fixed cut-offs it lies within, SNPs"),
        Column(
            "same_patient",
            pl.String,
            "where both are of one patient",
            one_of=("persistence", "reinfection", "mixed", "cannot tell"),
        ),
        Column("reason", pl.String, "the verdict and why, in a sentence", required=True),
        Column("would_change", pl.String, "what to learn next, separated by semicolons"),
    ),
)

STARS = Table(
    "linked_groups",
    key=("isolates",),
    columns=(
        Column("isolates", pl.String, "one a patient, separated by semicolons", required=True),
        Column("left_out", pl.String, "linked too, but not comparable with all of them"),
        Column(
            "verdict",
            pl.String,
            "whether they spread from one point",
            required=True,
            one_of=("star", "nested", "uneven", "cannot tell"),
        ),
        Column("private", pl.String, "SNPs that each alone has, in the same order", required=True),
        Column("variable", pl.Float64, "sites at which they differ, at most"),
        Column(
            "index",
            pl.Float64,
            "share of differences that one isolate alone makes; 1 for a star",
            between=(0, 1),
        ),
        Column("as_even", pl.Float64, "point sources with counts as uneven", between=(0, 1)),
        Column(
            "chance",
            pl.Float64,
            "that they spread from one point; empty for three, who always look so",
            between=(0, 1),
        ),
        Column("reason", pl.String, "the verdict and why, in a sentence", required=True),
    ),
)

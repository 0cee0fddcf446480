"""The tables of a description: when, how often, and which exposures go with being a case."""

import polars as pl

from abscope.tables.table import Column, Table

_SHARE = (0.0, 1.0)

EPI_CURVE = Table(
    "epi_curve",
    key=("first",),
    columns=(
        Column("first", pl.Date, "first day of the period", required=True),
        Column("last", pl.Date, "last day", required=True),
        Column("confirmed", pl.Int64, "confirmed cases"),
        Column("probable", pl.Int64, "probable cases"),
        Column("suspect", pl.Int64, "suspect cases"),
        Column("unclassified", pl.Int64, "cases without a verdict"),
        Column("cases", pl.Int64, "all of them"),
        Column(
            "complete",
            pl.Float64,
            "share of the period's cases that is known by now, from the delays seen; null if unknown",
            between=_SHARE,
        ),
        Column("expected", pl.Float64, "cases to expect once all are reported"),
    ),
)

EXPOSURE_TESTS = Table(
    "exposure_tests",
    key=("kind", "value"),
    columns=(
        Column("kind", pl.String, "what sort of exposure", required=True),
        Column("value", pl.String, "which one", required=True),
        Column("cases_exposed", pl.Int64, "cases exposed"),
        Column("cases_known", pl.Int64, "cases with an answer"),
        Column("others_exposed", pl.Int64, "others exposed"),
        Column("others_known", pl.Int64, "others with an answer"),
        Column("attack_exposed", pl.Float64, "share of the exposed who are cases", between=_SHARE),
        Column("attack_unexposed", pl.Float64, "share of the others", between=_SHARE),
        Column("risk_ratio", pl.Float64, "attack rate of the exposed over that of the others"),
        Column("risk_ratio_low", pl.Float64, "95 % interval (Katz), lower end"),
        Column("risk_ratio_high", pl.Float64, "upper end"),
        Column("odds_ratio", pl.Float64, "conditional maximum-likelihood odds ratio"),
        Column("odds_ratio_low", pl.Float64, "exact 95 % interval, lower end"),
        Column("odds_ratio_high", pl.Float64, "upper end"),
        Column("mid_p_low", pl.Float64, "mid-P 95 % interval of the odds ratio, lower end"),
        Column("mid_p_high", pl.Float64, "upper end"),
        Column("p_value", pl.Float64, "Fisher's exact test, two-sided"),
        Column("q_value", pl.Float64, "false discovery rate (Benjamini-Hochberg)"),
        Column("p_of_all", pl.Float64, "chance that any exposure scores so high, by permutation"),
        Column("note", pl.String, "why it may mean less than it seems"),
    ),
)

STRATIFIED = Table(
    "stratified",
    key=("kind", "value"),
    columns=(
        Column("kind", pl.String, "what sort of exposure", required=True),
        Column("value", pl.String, "which one", required=True),
        Column("by", pl.String, "column whose values are kept apart", required=True),
        Column("strata", pl.Int64, "strata that tell anything"),
        Column("crude", pl.Float64, "odds ratio with all strata in one table"),
        Column("odds_ratio", pl.Float64, "Mantel-Haenszel odds ratio"),
        Column(
            "odds_ratio_low", pl.Float64, "95 % interval (Robins, Breslow, Greenland), lower end"
        ),
        Column("odds_ratio_high", pl.Float64, "upper end"),
        Column("risk_ratio", pl.Float64, "Mantel-Haenszel risk ratio"),
        Column("p_value", pl.Float64, "Mantel-Haenszel test that the odds ratio is 1"),
        Column("p_breslow_day", pl.Float64, "same odds ratio in all strata? Breslow-Day, Tarone"),
        Column("p_woolf", pl.Float64, "the same by Woolf's test"),
    ),
)

MATCHED = Table(
    "matched",
    key=("kind", "value"),
    columns=(
        Column("kind", pl.String, "what sort of exposure", required=True),
        Column("value", pl.String, "which one", required=True),
        Column("sets", pl.Int64, "matched sets that tell anything"),
        Column("odds_ratio", pl.Float64, "conditional odds ratio; null where a side is empty"),
        Column("odds_ratio_low", pl.Float64, "95 % interval, lower end"),
        Column("odds_ratio_high", pl.Float64, "upper end"),
        Column("p_value", pl.Float64, "exact for pairs, else by likelihood ratio"),
    ),
)

ADJUSTED = Table(
    "adjusted",
    key=("exposure",),
    columns=(
        Column("exposure", pl.String, "kind=value", required=True),
        Column("odds_ratio", pl.Float64, "adjusted odds ratio, Firth's penalised likelihood"),
        Column("odds_ratio_low", pl.Float64, "95 % interval by profile likelihood, lower end"),
        Column("odds_ratio_high", pl.Float64, "upper end"),
        Column("p_value", pl.Float64, "penalised likelihood ratio test"),
        Column("cauchy", pl.Float64, "the same with a Cauchy(0, 2.5) prior"),
        Column("people", pl.Int64, "people with every answer"),
    ),
)

SAMPLED = Table(
    "sampled",
    key=("kind", "value"),
    columns=(
        Column("kind", pl.String, "lot, product or clinic", required=True),
        Column("value", pl.String, "which one", required=True),
        Column("samples", pl.Int64, "samples of it, patients' aside"),
        Column("positive", pl.Int64, "of them, those that grew something"),
        Column("negative", pl.Int64, "those that did not"),
        Column("organisms", pl.String, "what grew"),
        Column(
            "likelihood_ratio",
            pl.Float64,
            "of so many negatives if it is the source, to if it is not; null where something grew",
        ),
    ),
)

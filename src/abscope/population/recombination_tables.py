"""Recombination as tables: its blocks, and what every pair lost."""

import numpy as np
import polars as pl

from abscope.records import Recombination
from abscope.tables import Column, Table

RECOMBINATION_BLOCKS = Table(
    "recombination_blocks",
    columns=(
        Column("branch", pl.String, "name of the branch in the guide tree", required=True),
        Column("start", pl.Int64, "first position, 0-based", required=True),
        Column("end", pl.Int64, "position after the last", required=True),
        Column("snps", pl.Int64, "substitutions of the branch in it", required=True),
        Column("expected", pl.Float64, "those that the rest of the branch lets expect"),
        Column("p_value", pl.Float64, "corrected for all stretches looked at", between=(0, 1)),
        Column("isolates", pl.Int64, "isolates below the branch", required=True),
        Column("descendants", pl.String, "their names, separated by semicolons", required=True),
    ),
)

RECOMBINATION_PAIRS = Table(
    "recombination_pairs",
    key=("isolate_1", "isolate_2"),
    columns=(
        Column("isolate_1", pl.String, "first by name", required=True),
        Column("isolate_2", pl.String, "second by name", required=True),
        Column("snps_raw", pl.Int64, "SNPs, recombination included", required=True),
        Column("comparable_raw", pl.Int64, "sites at which both have a base", required=True),
        Column("snps", pl.Int64, "SNPs outside the blocks on their path", required=True),
        Column("comparable", pl.Int64, "sites outside the blocks on their path", required=True),
        Column("removed", pl.Int64, "SNPs inside the blocks on their path", required=True),
    ),
)


def blocks_table(found: Recombination) -> pl.DataFrame:
    """RECOMBINATION_BLOCKS, by place."""
    rows = [
        (
            block.branch,
            block.start,
            block.end,
            block.snps,
            block.expected,
            block.p_value,
            len(block.descendants),
            ";".join(block.descendants),
        )
        for block in found.blocks
    ]
    return RECOMBINATION_BLOCKS.frame(rows).sort("start", "end", "branch")


def pairs_table(found: Recombination) -> pl.DataFrame:
    """RECOMBINATION_PAIRS: one row for every two isolates, by name."""
    one, other = np.triu_indices(len(found.ids), 1)
    names = np.array(found.ids, dtype=np.object_)
    frame = pl.DataFrame(
        {
            "isolate_1": names[one].tolist(),
            "isolate_2": names[other].tolist(),
            "snps_raw": found.raw.snps[one, other],
            "comparable_raw": found.raw.comparable[one, other],
            "snps": found.masked.snps[one, other],
            "comparable": found.masked.comparable[one, other],
            "removed": found.removed[one, other],
        },
        schema=RECOMBINATION_PAIRS.schema,
    )
    return RECOMBINATION_PAIRS.check(frame)

"""Every pair of a run as a row: what was counted, and what it can be used for."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.records import Comparison, Mask
from abscope.tables import PAIRS


def unmasked_length(mask: Mask) -> int:
    """Positions of the reference at which isolates may be compared."""
    return mask.length - int(mask.hidden().sum())


def resolved(comparison: Comparison, *, min_comparable: float = 0.5) -> NDArray[np.bool_]:
    """Whether each pair has enough comparable sites for its distance to mean something, (n, n).

    min_comparable: share of the reference's unmasked positions; one site is always needed.
    """
    needed = max(1.0, min_comparable * unmasked_length(comparison.mask))
    return comparison.masked.comparable >= needed


def pairs_table(comparisons: Sequence[Comparison], *, min_comparable: float = 0.5) -> pl.DataFrame:
    """tables.PAIRS: one row for every two isolates of a run, sorted by name; nobody is left out.

    SNPs are null where they would mislead: too few comparable sites (`unresolved`, the sites are
    kept), or no common reference. Raises DataError where two isolates bear one name.
    """
    check_names(comparisons)
    within = [_within(one, min_comparable) for one in comparisons]
    across = [_across(one, two) for one, two in combinations(comparisons, 2)]
    frames = [PAIRS.frame(), *within, *across]
    return pl.concat(frames).sort("isolate_1", "isolate_2")


def check_names(comparisons: Sequence[Comparison]) -> None:
    """Raise DataError where a name belongs to two isolates of a run."""
    names = [name for one in comparisons for name in one.ids]
    repeated = sorted({name for name in names if names.count(name) > 1}) if _repeats(names) else []
    if repeated:
        raise DataError(
            f"isolates compared twice under one name: {', '.join(repeated)}",
            hint="give every isolate a name of its own",
        )


def _repeats(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)


def _within(comparison: Comparison, min_comparable: float) -> pl.DataFrame:
    first, second = np.triu_indices(len(comparison.ids), 1)
    enough = resolved(comparison, min_comparable=min_comparable)[first, second]
    raw, masked = comparison.raw, comparison.masked
    frame = _named(
        np.array(comparison.ids, dtype=object)[first].tolist(),
        np.array(comparison.ids, dtype=object)[second].tolist(),
    )
    return (
        frame.with_columns(
            reference=pl.lit(comparison.reference),
            snps=pl.Series(masked.snps[first, second]),
            comparable=pl.Series(masked.comparable[first, second]),
            snps_raw=pl.Series(raw.snps[first, second]),
            comparable_raw=pl.Series(raw.comparable[first, second]),
            enough=pl.Series(enough),
        )
        .with_columns(
            pl.when("enough").then("snps").alias("snps"),
            pl.when("enough").then("snps_raw").alias("snps_raw"),
            pl.when("enough")
            .then(pl.lit("compared"))
            .otherwise(pl.lit("unresolved"))
            .alias("verdict"),
        )
        .pipe(_shaped)
    )


def _across(one: Comparison, two: Comparison) -> pl.DataFrame:
    frame = _named(
        [name for name in one.ids for _ in two.ids], [name for _ in one.ids for name in two.ids]
    )
    return frame.with_columns(verdict=pl.lit("different reference")).pipe(_shaped)


def _named(first: list[str], second: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame({"a": first, "b": second}, schema={"a": pl.String, "b": pl.String})
    return frame.select(
        isolate_1=pl.min_horizontal("a", "b"), isolate_2=pl.max_horizontal("a", "b")
    )


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in PAIRS.schema.names() if name not in frame.columns]
    return frame.with_columns(pl.lit(None).alias(name) for name in missing).select(
        pl.col(name).cast(kind) for name, kind in PAIRS.schema.items()
    )

"""Every pair of a run as a row: what was counted, and what it can be used for."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.records import Comparison
from abscope.tables import PAIRS


def resolved(comparison: Comparison, *, min_comparable: float = 0.5) -> NDArray[np.bool_]:
    """Whether each pair has enough comparable sites for its distance to mean something, (n, n).

    min_comparable: share of the reference's unmasked positions; one site is always needed.
    """
    needed = max(1.0, min_comparable * comparison.mask.unmasked)
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
    counts = Counter(name for one in comparisons for name in one.ids)
    repeated = sorted(name for name, times in counts.items() if times > 1)
    if repeated:
        raise DataError(
            f"isolates compared twice under one name: {', '.join(repeated)}",
            hint="give every isolate a name of its own",
        )


def _within(comparison: Comparison, min_comparable: float) -> pl.DataFrame:
    ids, raw, masked = comparison.ids, comparison.raw, comparison.masked
    pairs = np.triu_indices(len(ids), 1)
    enough = resolved(comparison, min_comparable=min_comparable)[pairs]
    first, second = ([ids[row] for row in rows.tolist()] for rows in pairs)
    return (
        _named(first, second)
        .with_columns(
            reference=pl.lit(comparison.reference),
            snps=_known(masked.snps[pairs], enough),
            comparable=pl.Series(masked.comparable[pairs]),
            snps_raw=_known(raw.snps[pairs], enough),
            comparable_raw=pl.Series(raw.comparable[pairs]),
            verdict=pl.Series(np.where(enough, "compared", "unresolved").tolist(), dtype=pl.String),
        )
        .pipe(_shaped)
    )


def _known(counts: NDArray[np.int64], enough: NDArray[np.bool_]) -> pl.Series:
    """The counts, null where they would mislead."""
    values = pl.Series(counts)
    return values.zip_with(pl.Series(enough), pl.Series([None], dtype=pl.Int64))


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

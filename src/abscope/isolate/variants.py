"""The variants frame: substitutions and small gaps, with their support and verdict."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.isolate.calls import (
    FILTERS,
    LOW_DEPTH,
    MIXED_READS,
    NEAR_INDEL,
    PASS,
    READ_WEIGHT,
    Limits,
)
from abscope.isolate.letters import LETTERS, Codes
from abscope.isolate.pileup import Counts
from abscope.isolate.realign import Indels
from abscope.kernels import kernel, signed
from abscope.tables import VARIANTS

_BASES = np.array(["A", "C", "T", "G", "N", "N"])


def variants(
    counts: Counts,
    reasons: NDArray[np.uint8],
    codes: Codes,
    indels: Indels,
    limits: Limits,
) -> pl.DataFrame:
    """Every substitution and every settled gap, by position; follows tables.VARIANTS."""
    frames = [_substitutions(counts, reasons, codes), _gaps(indels, codes, limits)]
    return VARIANTS.check(pl.concat(frames).sort("position", "ref", "alt"))


def _substitutions(counts: Counts, reasons: NDArray[np.uint8], codes: Codes) -> pl.DataFrame:
    """Positions led by another base than the reference's, or mixed with one."""
    both = _by_base(counts, _interesting(counts, reasons, codes))
    positions, forward, reverse = both
    total = forward + reverse
    each = np.arange(len(positions))
    depth = total.sum(axis=1)
    others = total.copy()
    known = codes[positions] < 4
    others[each[known], codes[positions][known]] = -1
    alt = others.argmax(axis=1)
    seen = total[each, alt]
    score = READ_WEIGHT * np.maximum(0, 2 * seen - depth)
    return pl.DataFrame(
        {
            "position": positions,
            "ref": _BASES[codes[positions]],
            "alt": _BASES[alt],
            "kind": ["snp"] * len(positions),
            "quality": score,
            "depth": depth,
            "alt_forward": forward[each, alt],
            "alt_reverse": reverse[each, alt],
            "filter": np.array(FILTERS)[reasons[positions]],
        },
        schema=VARIANTS.schema,
    ).filter(pl.col("alt_forward") + pl.col("alt_reverse") > 0)


@kernel
def _interesting(counts: Counts, reasons: NDArray[np.uint8], codes: Codes) -> NDArray[np.int64]:
    """Where the reference's base has at most half of the reads, or reads are mixed."""
    found = np.empty(1024, dtype=np.int64)
    used = 0
    for p in range(len(codes)):
        if codes[p] > 3:
            continue
        own, depth = signed(counts[p, codes[p]]) + signed(counts[p, codes[p] + 4]), 0
        for column in range(8):
            depth += signed(counts[p, column])
        few = reasons[p] == LOW_DEPTH and 2 * own == depth
        if depth > own and not few and (2 * own <= depth or reasons[p] == MIXED_READS):
            if used == len(found):
                found = np.concatenate((found, np.empty_like(found)))
            found[used] = p
            used += 1
    return found[:used]


def _by_base(
    counts: Counts, positions: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    chosen = counts[positions].astype(np.int64)
    return positions, chosen[:, :4], chosen[:, 4:]


def _gaps(indels: Indels, codes: Codes, limits: Limits) -> pl.DataFrame:
    """Settled gaps with the base before them, as VCF writes them."""
    ends = np.append(indels.table[:, 5], len(indels.letters))[1:]
    rows = [
        _gap(row, indels.letters[row[5] : end], codes, limits)
        for row, end in zip(indels.table, ends, strict=True)
    ]
    return pl.DataFrame(rows, schema=VARIANTS.schema, orient="row")


def _gap(
    row: NDArray[np.int64], inserted: Codes, codes: Codes, limits: Limits
) -> tuple[object, ...]:
    start, end, forward, reverse, against = (int(value) for value in row[:5])
    anchor = max(0, start - 1)
    before = LETTERS[codes[anchor:start]].tobytes().decode()
    ref = before + LETTERS[codes[start:end]].tobytes().decode()
    alt = before + LETTERS[inserted].tobytes().decode()
    kind = (
        "complex" if end > start and len(inserted) else "deletion" if end > start else "insertion"
    )
    depth = forward + reverse + against
    quality = READ_WEIGHT * max(0, 2 * (forward + reverse) - depth)
    reason = LOW_DEPTH if depth < limits.mincov else PASS
    if reason == PASS and quality < limits.minqual:
        reason = NEAR_INDEL
    return (anchor, ref, alt, kind, quality, depth, forward, reverse, FILTERS[reason])

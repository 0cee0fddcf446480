"""A starting background for who has no collection: shares others counted, read between their rows.

Between two rows the share rises evenly in the logarithms of share and SNPs + 1; below the first row evenly
with SNPs + 1, and its lower bound is 0; beyond the last row nothing is claimed, and the upper bound is 1.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from abscope.knowledge.rows import BackgroundShare, Knowledge
from abscope.records import Background

LIMIT = 100
_TINY = 1e-9


def published_backgrounds(knowledge: Knowledge, *, limit: int = LIMIT) -> tuple[Background, ...]:
    """Every background an organism folder gives, in its order; a branch without one has its stem's."""
    rows = groupby(knowledge.backgrounds, key=lambda row: row.stratum)
    found = {stratum: _background(stratum, list(of), limit) for stratum, of in rows}
    for clone in knowledge.clones:
        stem = found.get(clone.part_of or "")
        if stem is not None and clone.clone not in found:
            bounds = (stem.share, stem.lower, stem.upper)
            found[clone.clone] = Background(clone.clone, stem.patients, stem.pairs, *bounds)
    return tuple(found.values())


def stems(knowledge: Knowledge) -> dict[str, str]:
    """Of every branch of a clone, the clone it is part of."""
    return {one.clone: one.part_of for one in knowledge.clones if one.part_of}


def completed(own: Sequence[Background], published: Sequence[Background]) -> tuple[Background, ...]:
    """One background a stratum: a collection's own, or a published one that rests on more patients.

    Raises ValueError where they end at different distances.
    """
    if len({one.limit for one in (*own, *published)}) > 1:
        raise ValueError("backgrounds end at different distances")
    found = {one.stratum: one for one in published}
    for one in own:
        other = found.get(one.stratum)
        if other is None or one.patients >= other.patients:
            found[one.stratum] = one
    return tuple(found[name] for name in sorted(found))


def _background(stratum: str, rows: Sequence[BackgroundShare], limit: int) -> Background:
    at = np.array([row.snps for row in rows])
    share, low, high = (
        _between(at, np.array([getattr(row, name) for row in rows]), limit)
        for name in ("share", "low", "high")
    )
    steps = np.arange(limit + 1)
    low[steps < at[0]] = 0
    high[steps < at[0]] = rows[0].high
    high[steps > at[-1]] = 1
    return Background(stratum, rows[0].patients, rows[0].pairs, share, low, high)


def _between(at: NDArray[np.int64], values: NDArray[np.float64], limit: int) -> NDArray[np.float64]:
    """Values for 0 to limit SNPs: log-linear between rows, proportional below them, level beyond."""
    steps = np.arange(limit + 1)
    logs = np.interp(np.log(steps + 1), np.log(at + 1), np.log(np.maximum(values, _TINY)))
    found = np.exp(logs)
    found[found <= _TINY * (1 + _TINY)] = 0
    below = steps < at[0]
    found[below] = values[0] * (steps[below] + 1) / (at[0] + 1)
    return np.asarray(np.maximum.accumulate(np.minimum(found, 1.0)), dtype=np.float64)

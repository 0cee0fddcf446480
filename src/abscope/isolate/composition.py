"""Base composition of an assembly's contigs: a genome of another GC content stands out."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Letters

Floats = NDArray[np.float64]

SHORTEST = 2_000
APART = 0.06


@dataclass(frozen=True, slots=True)
class Composition:
    """GC (0-1) of most of the assembly, the share of it in contigs far from that, and their GC.

    Contigs under SHORTEST bases are not judged. outlying_gc: None where nothing stands out.
    """

    gc: float
    outlying: float
    outlying_gc: float | None


def composition(contigs: Iterable[Letters]) -> Composition | None:
    """GC of the contigs, and the smaller part more than APART from the rest; None without contigs.

    Half the sequence or more is never called outlying: of two genomes the larger counts as the isolate's.
    """
    sizes, gcs = _measured(contigs)
    if not len(sizes):
        return None
    share = sizes / sizes.sum()
    order = np.argsort(gcs, kind="stable")
    far = np.abs(gcs - _weighted_median(gcs[order], share[order])) > APART
    if far.any() and not far.all():
        main = ~far if share[far].sum() <= 0.5 else far
        outlying = ~main
        return Composition(
            float(np.average(gcs[main], weights=share[main])),
            float(share[outlying].sum()),
            float(np.average(gcs[outlying], weights=share[outlying])),
        )
    return Composition(float(np.average(gcs, weights=share)), 0.0, None)


def _measured(contigs: Iterable[Letters]) -> tuple[Floats, Floats]:
    sizes, gcs = [], []
    for letters in contigs:
        counts = np.bincount(letters, minlength=256)
        bases = int(counts[list(b"ACGT")].sum())
        if bases >= SHORTEST:
            sizes.append(bases)
            gcs.append(int(counts[list(b"GC")].sum()) / bases)
    return np.array(sizes, dtype=np.float64), np.array(gcs, dtype=np.float64)


def _weighted_median(values: Floats, weights: Floats) -> float:
    return float(values[int(np.searchsorted(np.cumsum(weights), 0.5 * weights.sum()))])

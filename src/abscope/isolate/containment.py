"""How much of one genome's k-mers another has, and the identity that follows.

Containment to the power 1/k gives average nucleotide identity (Hera, Pierce-Ward & Koslicki, Genome
Research 2023, 10.1101/gr.277651.123). Three things would bend it:

- accessory genome. Of a known genome whose k-mers have positions, the stretches the isolate lacks are left
  out, so that identity is measured on what both have; else the larger of the two containments counts.
- read errors. Only k-mers of the known genome are looked for, which errors do not make.
- depth. The share of the known genome's k-mers that so few reads would show is estimated from those seen once
  and twice: twice over once is half the mean depth (zero-truncated Poisson; Shaw & Yu, Nature
  Biotechnology 2024, 10.1038/s41587-024-02412-y).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.records import Candidate, KnownGenome, Sketch
from abscope.records.sketches import Hashes

Flags = NDArray[np.bool_]
_FEWEST = 5
_SEEN_TWICE = 30
_DEEP = 6.0
_TWIN_IDENTITY, _TWIN_SHARE = 0.9999, 0.99
_KEPT_OF_MEDIAN = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """K-mers that two sketches share.

    found: flags of the second's hashes. counts: how often the first saw those.
    """

    found: Flags
    counts: NDArray[np.int64]

    @property
    def shared(self) -> int:
        """Number of k-mers shared."""
        return len(self.counts)


def matched(first: Sketch, second: Sketch) -> tuple[Sketch, Sketch]:
    """Two sketches at one sample rate. Raises DataError where their k or seed differ."""
    if (first.ksize, first.seed) != (second.ksize, second.seed):
        raise DataError(
            f"sketches of k={first.ksize} (seed {first.seed}) and k={second.ksize} "
            f"(seed {second.seed}) cannot be compared",
            hint="sketch both again, from the sequences",
        )
    scaled = max(first.scaled, second.scaled)
    return first.thinned(scaled), second.thinned(scaled)


def among(hashes: Hashes, known: Hashes) -> Flags:
    """Whether each hash is one of `known`; both ascending."""
    return _sought(hashes, known)[1]


def _sought(hashes: Hashes, known: Hashes) -> tuple[NDArray[np.int64], Flags]:
    if not len(known):
        return np.zeros(len(hashes), dtype=np.int64), np.zeros(len(hashes), dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return at, known[at] == hashes


def overlap(first: Sketch, second: Sketch) -> Overlap:
    """The k-mers of `second` that `first` has; both at one sample rate."""
    at, found = _sought(second.hashes, first.hashes)
    counts = np.ones(len(first.hashes), np.int64) if first.counts is None else first.counts
    return Overlap(found, counts[at[found]])


def compare(isolate: Sketch, known: KnownGenome) -> Candidate:
    """Identity and containment both ways of an isolate and a known genome.

    Raises DataError where the sketches have different k or seeds.
    """
    sample, reference = matched(isolate, known.sketch)
    both = overlap(sample, reference)
    in_known = min(int(both.counts.sum()) / max(sample.total * sample.intact, 1.0), 1.0)
    seen = visible(sample, both)
    share, aligned = _core(reference, both.found)
    in_isolate = min(both.shared / max(len(reference.hashes), 1) / (seen or 1.0), 1.0)
    core = min(share / (seen or 1.0), 1.0)
    if seen is None:
        core, aligned = in_known, None
    elif aligned is None:
        core = max(in_isolate, in_known)
    enough = both.shared >= _FEWEST
    return Candidate(
        known.name,
        known.species,
        known.subspecies,
        ani=core ** (1 / sample.ksize) if enough else None,
        error=_error(core, both, sample.ksize, seen=seen) if enough else None,
        aligned=aligned,
        isolate_in_known=in_known,
        known_in_isolate=in_isolate,
    )


def nearly_identical(one: Candidate) -> bool:
    """Whether an isolate and a known genome are all but the same, nothing of size gained or lost."""
    both = min(one.isolate_in_known, one.known_in_isolate)
    return one.ani is not None and one.ani >= _TWIN_IDENTITY and both >= _TWIN_SHARE


def visible(sample: Sketch, both: Overlap) -> float | None:
    """Share of k-mers present that the reads show, 1 for assemblies; None where it cannot be told."""
    if sample.counts is None:
        return 1.0
    if both.shared and both.counts.mean() > _DEEP:
        return 1.0
    once, twice = int((both.counts == 1).sum()), int((both.counts == 2).sum())
    if twice < _SEEN_TWICE:
        return None
    depth = 2 * twice / max(once, 1)
    return -math.expm1(-depth)


def _core(reference: Sketch, found: Flags) -> tuple[float, float | None]:
    """Share of k-mers found over the stretches the isolate has, and the share those make up."""
    if reference.windows is None:
        return found.sum() / max(len(found), 1), None
    held, hits = by_window(reference, found)
    rates = hits / np.maximum(held, 1)
    usual = float(np.median(rates[held > 0])) if len(held) else 0.0
    kept = held > 0
    if usual * float(np.median(held[kept])) >= _FEWEST:
        kept &= rates >= _KEPT_OF_MEDIAN * usual
    return float(hits[kept].sum() / held[kept].sum()), float(held[kept].sum() / held.sum())


def by_window(reference: Sketch, found: Flags) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """K-mers of each stretch of the reference, and those of them found."""
    if reference.windows is None:
        raise ValueError("this sketch does not know where its k-mers lie")
    count = int(reference.windows.max(initial=-1)) + 1
    held = np.bincount(reference.windows, minlength=count).astype(np.float64)
    return held, np.bincount(reference.windows[found], minlength=count).astype(np.float64)


def _error(core: float, both: Overlap, ksize: int, *, seen: float | None) -> float:
    """Standard error of the identity: of the k-mers sampled, and of the depth where reads are few."""
    sampled = (1 - min(core, 1.0)) / max(both.shared, 1)
    unseen = 0.0
    if seen is not None and seen < 1.0:
        once, twice = int((both.counts == 1).sum()), int((both.counts == 2).sum())
        slope = -math.log1p(-seen) * (1 - seen) / seen
        unseen = slope**2 * (1 / max(twice, 1) + 1 / max(once, 1))
    return float(core ** (1 / ksize) * math.sqrt(sampled + unseen) / ksize)

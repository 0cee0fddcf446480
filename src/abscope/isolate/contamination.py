"""Sequence of another species in the tube: named where a known genome explains it, else unknown.

A known genome of another species is in the tube where the isolate has k-mers of it that none of its own
species' genomes has, all along the genome. A plasmid or phage that two species share lies in few stretches:
the tenth of the stretches that are covered best is left out of the count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.composition import Composition
from abscope.isolate.containment import among, by_window, matched, overlap
from abscope.knowledge.typing_limits import IdentityLimits
from abscope.records import Candidate, Foreign, KnownGenome, Sketch
from abscope.records.sketches import Hashes

_FEWEST_OWN = 50
_LEFT_OUT = 0.1


@dataclass(frozen=True, slots=True)
class _Rated:
    """A known genome's own k-mers in the isolate: their share, over its limit, and what they make up."""

    known: KnownGenome
    evidence: float
    times: float
    share: float


def foreign_species(
    isolate: Sketch,
    own: Sequence[KnownGenome],
    others: Sequence[KnownGenome],
    *,
    limits: IdentityLimits,
) -> tuple[Foreign, ...]:
    """Other species found beside the isolate's own (genomes `own`), the best explained first.

    Each species is counted on k-mers that those before it do not explain. share: a lower bound, since a
    contaminant has only part of the k-mers of the genome it is known by. Raises DataError where sketches
    have different k or seeds.
    """
    found: list[Foreign] = []
    explained = [one.sketch for one in own]
    left = list(others)
    while left:
        known = _union(explained)
        rated = (_rated(isolate, one, known, limits=limits) for one in left)
        best = max(rated, key=lambda row: (row.times, row.share, row.known.name))
        if best.times < 1:
            break
        text = f"{best.evidence:.1%} of the k-mers that only {best.known.name} has"
        found.append(Foreign(best.known.species, best.share, text))
        explained.append(best.known.sketch)
        left = [one for one in left if one.species != best.known.species]
    return tuple(found)


def _union(sketches: Sequence[Sketch]) -> Hashes:
    parts = [one.hashes for one in sketches]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)


def _rated(
    isolate: Sketch, known: KnownGenome, explained: Hashes, *, limits: IdentityLimits
) -> _Rated:
    sample, reference = matched(isolate, known.sketch)
    both = overlap(sample, reference)
    only = ~among(reference.hashes, explained)
    bound = limits.foreign_unplaced if reference.windows is None else limits.foreign
    if only.sum() < _FEWEST_OWN:
        return _Rated(known, 0.0, 0.0, 0.0)
    if reference.windows is None:
        evidence = float(both.found[only].mean())
    else:
        held, hits = by_window(reference, both.found & only)
        held = np.bincount(reference.windows[only], minlength=len(held)).astype(np.float64)
        evidence = _spread(held, hits)
    seen = both.counts[only[both.found]].sum() * len(reference.hashes) / only.sum()
    share = min(float(seen) / max(sample.total * sample.intact, 1.0), 1.0)
    return _Rated(known, evidence, evidence / bound, share)


def _spread(held: NDArray[np.float64], hits: NDArray[np.float64]) -> float:
    """Share of k-mers found, the best covered tenth of the stretches left out."""
    held, hits = held[held > 0], hits[held > 0]
    order = np.argsort(hits / held, kind="stable")
    kept = order[: max(int(len(order) * (1 - _LEFT_OUT)), 1)]
    return float(hits[kept].sum() / held[kept].sum())


def unexplained(
    isolate: Sketch,
    own: Sequence[KnownGenome],
    nearest: Candidate,
    named: Sequence[Foreign],
) -> float:
    """Share of the isolate's sequence that neither its own species nor a named one explains.

    K-mers the nearest genome lacks only for its distance are allowed for; genes of the isolate's own
    that no known genome has are not, so that a pure isolate shows up to a quarter.
    """
    parts = [matched(isolate, one.sketch)[1] for one in own]
    sample = isolate.thinned(max(one.scaled for one in parts))
    hashes = _union([one.thinned(sample.scaled) for one in parts])
    known = among(sample.hashes, hashes)
    counts = np.ones(len(known), np.int64) if sample.counts is None else sample.counts
    held = counts[known].sum() / max(sample.total * sample.intact, 1.0)
    expected = nearest.ani**sample.ksize if nearest.ani else 1.0
    return max(float(1.0 - min(held / expected, 1.0)) - sum(one.share for one in named), 0.0)


def outlying(made_of: Composition | None, *, limits: IdentityLimits) -> tuple[Foreign, ...]:
    """Contigs of another base composition, where they make up enough of the assembly."""
    if made_of is None or made_of.outlying_gc is None or made_of.outlying < limits.outlying:
        return ()
    text = f"contigs of {made_of.outlying_gc:.0%} GC beside {made_of.gc:.0%}"
    return (Foreign(None, made_of.outlying, text),)

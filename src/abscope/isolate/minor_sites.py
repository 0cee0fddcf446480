"""Second bases: positions at which two reads or more, and one in a hundred, show another base.

Repeats, settled gaps and their surroundings are not looked at: reads there may belong elsewhere.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import LETTERS
from abscope.isolate.pileup import Counts
from abscope.isolate.realign import Track
from abscope.kernels import inner, kernel, signed
from abscope.records import MinorSites

MOST_SITES = 20_000
DEEPEST = 4_096
LEAST_READS, LEAST_PERCENT = 2, 1
_ALPHABETICAL = [0, 1, 3, 2]


def minor_sites(counts: Counts, track: Track, repeated: NDArray[np.bool_]) -> MinorSites:
    """List the second bases of one isolate, evenly thinned to 20,000, and what errors look like."""
    usable = ~(repeated | track.masked | track.closed | (track.deleted > 0))
    looked = np.zeros((4, DEEPEST), dtype=np.int64)
    odd = np.zeros((4, 4, 2), dtype=np.int64)
    clean = np.zeros(4, dtype=np.int64)
    _scan(counts, usable, looked, (odd, clean))
    every = np.flatnonzero(usable)
    thinned = max(1, -(-len(every) // MOST_SITES))
    positions = every[::thinned].astype(np.int64)
    chosen = counts[positions].reshape(-1, 2, 4)
    order = np.argsort(-chosen.sum(axis=1, dtype=np.int64), axis=1, kind="stable")
    rows = np.arange(len(positions))
    pairs = [chosen[rows, strand, order[:, rank]] for rank in (0, 1) for strand in (0, 1)]
    return MinorSites(
        positions,
        LETTERS[order[:, 0]],
        LETTERS[order[:, 1]],
        np.stack(pairs, axis=1),
        looked[_ALPHABETICAL],
        odd[_ALPHABETICAL][:, _ALPHABETICAL],
        clean[_ALPHABETICAL],
        thinned,
        len(counts),
    )


@kernel
def _scan(
    counts: Counts,
    usable: NDArray[np.bool_],
    looked: NDArray[np.int64],
    errors: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    """Fill `looked` and `errors` (odd, clean); leave in `usable` only where a second base is seen."""
    odd, clean = errors
    for p in range(len(counts)):
        if not usable[p]:
            continue
        usable[p] = False
        depth, most, top = _sum_and_most(counts[p])
        if depth == 0 or depth >= DEEPEST:
            continue
        looked[top, depth] += 1
        if most == depth:
            clean[top] += depth
            continue
        seen, second = _second(counts[p], top)
        if most == depth - 1:
            odd[top, second, 0 if counts[p, second] else 1] += 1
        usable[p] = seen >= LEAST_READS and 100 * seen >= LEAST_PERCENT * depth


@inner
def _sum_and_most(row: NDArray[np.uint16]) -> tuple[int, int, int]:
    """Reads of all bases, of the commonest, and which that is (smallest code of equals)."""
    depth, most, top = 0, -1, 0
    for base in range(4):
        here = signed(row[base]) + signed(row[base + 4])
        depth += here
        if here > most:
            most, top = here, base
    return depth, most, top


@inner
def _second(row: NDArray[np.uint16], top: int) -> tuple[int, int]:
    """Reads of the second commonest base, and which that is (smallest code of equals)."""
    seen, second = -1, 0
    for base in range(4):
        here = signed(row[base]) + signed(row[base + 4])
        if base != top and here > seen:
            seen, second = here, base
    return seen, second

"""Where a genome repeats itself: the stretches a short read cannot tell apart.

Exact: every stretch whose k-mers, on either strand, occur again; stretches broken by a letter or two
that differ between the copies are joined.
"""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from abscope.kernels import kernel
from abscope.records import Interval, Letters

_K = 31
_CODE = np.full(256, 4, dtype=np.uint8)
_CODE[list(b"ACGT")] = [0, 1, 2, 3]


def repeats(letters: Letters, *, join: int = 2 * _K) -> tuple[Interval, ...]:
    """Return the repeated stretches of a genome, ascending, gaps of up to `join` bases closed."""
    kmers, known = _canonical(letters, _CODE)
    values, counts = np.unique(kmers[known], return_counts=True)
    repeated = known & np.isin(kmers, values[counts > 1])
    starts = np.flatnonzero(repeated)
    if not len(starts):
        return ()
    breaks = np.flatnonzero(np.diff(starts) > _K + join)
    firsts = starts[np.append(0, breaks + 1)]
    lasts = starts[np.append(breaks, len(starts) - 1)]
    return tuple(
        Interval(int(first), int(last) + _K, "repeat")
        for first, last in zip(firsts, lasts, strict=True)
    )


@kernel
def _canonical(letters: Letters, code: Letters) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return the smaller of k-mer and reverse complement at each start, and where there is one."""
    count = max(len(letters) - _K + 1, 0)
    kmers, known = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.bool_)
    keep, top = uint64((1 << (2 * _K)) - 1), uint64(2 * (_K - 1))
    forward, backward, run = uint64(0), uint64(0), 0
    for place in range(len(letters)):
        base = code[letters[place]]
        run = run + 1 if base < 4 else 0
        forward = ((forward << uint64(2)) | uint64(base & 3)) & keep
        backward = (backward >> uint64(2)) | (uint64(3 - (base & 3)) << top)
        if run >= _K:
            kmers[place - _K + 1] = min(forward, backward)
            known[place - _K + 1] = True
    return kmers, known

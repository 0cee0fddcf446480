"""The variable sites of a comparison, and how many sites of each base never vary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.population.distances import check_reference
from abscope.records import Calls, Letters, Mask

_BIT = np.zeros(256, dtype=np.uint8)
_BIT[list(b"ACGT")] = 1, 2, 4, 8
_BITS_SET = np.array([bits.bit_count() for bits in range(16)])
_SHOWN = np.full(256, ord("N"), dtype=np.uint8)
_SHOWN[list(b"ACGT")] = list(b"ACGT")


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """What differs among isolates of one reference, outside its mask.

    positions: int64 (m,), ascending, at least two bases seen. letters: uint8 (n, m), other than ACGT
    is `N`. constant: sites at which one base only was seen, for A, C, G and T. called: each isolate's
    share of unmasked positions with a base, float64 (n,).
    """

    ids: tuple[str, ...]
    positions: NDArray[np.int64]
    letters: Letters
    constant: tuple[int, int, int, int]
    called: NDArray[np.float64]

    @property
    def length(self) -> int:
        """Sites at which any isolate has a base: the genome a tree speaks of."""
        return len(self.positions) + sum(self.constant)

    def of(self, chosen: Iterable[str]) -> "Sites":
        """The same sites for some of the isolates; a site that no longer varies stays listed."""
        rows = [self.ids.index(name) for name in chosen]
        ids = tuple(self.ids[row] for row in rows)
        return Sites(ids, self.positions, self.letters[rows], self.constant, self.called[rows])


def variable_sites(calls: Mapping[str, Calls], mask: Mask) -> Sites:
    """Find the unmasked positions at which the isolates, sorted by name, hold different bases.

    Raises DataError where an isolate was called against another reference than the mask's.
    """
    check_reference(calls, mask)
    ids = tuple(sorted(calls))
    keep = ~mask.hidden()
    seen = np.zeros(mask.length, dtype=np.uint8)
    for one in calls.values():
        seen |= _BIT[one.bases]
    seen[~keep] = 0
    positions = np.flatnonzero(_BITS_SET[seen] > 1)
    letters = [_SHOWN[calls[name].bases[positions]] for name in ids]
    shares = [float(calls[name].called[keep].mean()) if keep.any() else 0.0 for name in ids]
    a, c, g, t = (int((seen == bit).sum()) for bit in (1, 2, 4, 8))
    return Sites(
        ids,
        positions,
        np.array(letters, dtype=np.uint8).reshape(len(ids), len(positions)),
        (a, c, g, t),
        np.array(shares),
    )

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
_SAMPLED = 100, 1_000  # constant sites whose gaps stand for all: as many as vary, within these
_GENOME = 100_000  # constant sites at least that go with variable ones given alone
_GOLDEN = (5**0.5 - 1) / 2  # its multiples, less whole numbers, are spread without a period


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """What differs among isolates of one reference, outside its mask.

    positions: int64 (m,), ascending, at least two bases seen. letters: uint8 (n, m), other than ACGT
    is `N`. constant: sites at which one base only was seen, for A, C, G and T. called: each isolate's
    share of unmasked positions with a base, float64 (n,). sample: the letters at constant sites spread
    over the genome, uint8 (n, k), as many as vary but 100 to 1,000: who has a base where nothing varies.
    """

    ids: tuple[str, ...]
    positions: NDArray[np.int64]
    letters: Letters
    constant: tuple[int, int, int, int]
    called: NDArray[np.float64]
    sample: Letters

    @property
    def columns(self) -> int:
        """Sites at which any isolate has a base."""
        return len(self.positions) + sum(self.constant)

    @property
    def variable_only(self) -> bool:
        """Whether they were chosen because they vary: more of them do than do not."""
        return sum(self.constant) < len(self.positions)

    @property
    def length(self) -> int:
        """The genome a tree speaks of; where the sites were chosen, they are a twentieth of it at most."""
        chosen = len(self.positions)
        return self.columns + max(_GENOME, 20 * chosen) if self.variable_only else self.columns

    def of(self, chosen: Iterable[str]) -> "Sites":
        """The same sites for some of the isolates; a site that no longer varies stays listed."""
        rows = [self.ids.index(name) for name in chosen]
        ids = tuple(self.ids[row] for row in rows)
        letters, sample = self.letters[rows], self.sample[rows]
        return Sites(ids, self.positions, letters, self.constant, self.called[rows], sample)


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
    same = np.flatnonzero(_BITS_SET[seen] == 1)
    wanted = int(np.clip(len(positions), *_SAMPLED))
    if len(same) > wanted:
        same = same[(np.arange(wanted) * _GOLDEN % 1 * len(same)).astype(np.int64)]
    shares = [float(calls[name].called[keep].mean()) if keep.any() else 0.0 for name in ids]
    a, c, g, t = (int((seen == bit).sum()) for bit in (1, 2, 4, 8))
    return Sites(
        ids,
        positions,
        _letters(calls, ids, positions),
        (a, c, g, t),
        np.array(shares),
        _letters(calls, ids, same),
    )


def _letters(
    calls: Mapping[str, Calls], ids: tuple[str, ...], positions: NDArray[np.int64]
) -> Letters:
    rows = [_SHOWN[calls[name].bases[positions]] for name in ids]
    return np.array(rows, dtype=np.uint8).reshape(len(ids), len(positions))

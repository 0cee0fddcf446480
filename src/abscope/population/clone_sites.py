"""What is kept of a clone's genomes to find recombination in it: variable sites, and gaps.

Reading genomes is what costs; all else works on these few sites. One isolate is added by reading its
genome alone, and gives exactly what reading all of them again would give.
"""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from abscope.errors import DataError
from abscope.kernels import kernel
from abscope.population import gaps
from abscope.population.distances import check_reference
from abscope.population.gaps import Gaps, Longs
from abscope.records import Calls, Distances, Letters, Mask

Bytes = NDArray[np.uint8]

_BIT = np.zeros(256, dtype=np.uint8)
_BIT[list(b"ACGT")] = 1, 2, 4, 8
_SEVERAL = np.array([bits.bit_count() > 1 for bits in range(16)])


@dataclass(frozen=True, slots=True, eq=False)
class CloneSites:
    """A clone's genomes outside a mask, isolates by name.

    seen: uint8 (length,), bits of the bases (A 1, C 2, G 4, T 8) that anybody has at each position.
    positions: int64 (m,), where there are two or more. bits: uint8 (n, m), each isolate's base there,
    0 where it is not called. gaps: where an isolate is not called or masked. raw: distances.
    """

    mask: Mask
    ids: tuple[str, ...]
    seen: Bytes
    positions: Longs
    bits: Bytes
    gaps: Gaps
    raw: Distances

    @property
    def length(self) -> int:
        """Positions of the reference, masked ones included."""
        return self.mask.length


def clone_sites(calls: Mapping[str, Calls], mask: Mask) -> CloneSites:
    """Read the genomes of a clone, all called against one reference.

    Raises DataError where an isolate was called against another reference than the mask's.
    """
    check_reference(calls, mask)
    ids = tuple(sorted(calls))
    keep = ~mask.hidden()
    seen = np.zeros(mask.length, dtype=np.uint8)
    unread = gaps.gathered([_read(calls[name].bases, keep, seen) for name in ids])
    positions = np.flatnonzero(_SEVERAL[seen])
    bits = np.zeros((len(ids), len(positions)), dtype=np.uint8)
    for row, name in enumerate(ids):
        bits[row] = _BIT[calls[name].bases[positions]]
    comparable = np.zeros((len(ids), len(ids)), dtype=np.int64)
    for row in range(len(ids)):
        gaps.readable_by_all(unread.runs, unread.offsets, row, mask.length, comparable[row])
    comparable += np.tril(comparable, -1).T
    snps = np.zeros_like(comparable)
    for row in range(len(ids)):
        _differing(bits, row, snps[row])
    raw = Distances(ids, snps, comparable)
    return CloneSites(mask, ids, seen, positions, bits, unread, raw)


def with_isolate(sites: CloneSites, name: str, calls: Calls) -> CloneSites:
    """The clone with one isolate more, equal to reading all of its genomes together.

    Raises DataError where the name is taken, or it was called against another reference.
    """
    if name in sites.ids:
        raise DataError(f"{name} is in this clone already", hint="give it a name of its own")
    check_reference({name: calls}, sites.mask)
    row = bisect(sites.ids, name)
    ids = (*sites.ids[:row], name, *sites.ids[row:])
    seen = sites.seen.copy()
    runs = _read(calls.bases, ~sites.mask.hidden(), seen)
    positions = np.flatnonzero(_SEVERAL[seen])
    bits = np.insert(_bits_at(sites, positions), row, _BIT[calls.bases[positions]], axis=0)
    unread = sites.gaps.inserted(row, runs)
    raw = _one_more(sites.raw, ids, row, _to_all(unread, bits, row, sites.length))
    return CloneSites(sites.mask, ids, seen, positions, bits, unread, raw)


def of_isolates(sites: CloneSites, rows: Longs) -> CloneSites:
    """Some of the isolates, by row; sites that no longer vary stay listed."""
    raw = sites.raw
    chosen = np.ix_(rows, rows)
    ids = tuple(sites.ids[row] for row in rows)
    return replace(
        sites,
        ids=ids,
        bits=sites.bits[rows],
        gaps=gaps.gathered([sites.gaps.of(row) for row in rows.tolist()]),
        raw=Distances(ids, raw.snps[chosen], raw.comparable[chosen]),
    )


def _read(bases: Letters, keep: NDArray[np.bool_], seen: Bytes) -> Longs:
    """Add a genome's bases to those seen; return where it has none."""
    bounds = np.empty(len(bases) + 2, dtype=np.int64)
    return bounds[: _scan(bases, keep, seen, bounds, _BIT)].reshape(-1, 2).copy()


@kernel
def _scan(bases: Letters, keep: NDArray[np.bool_], seen: Bytes, bounds: Longs, table: Bytes) -> int:
    """Write where unreadable runs begin and end, by turns; return how many bounds there are."""
    count, inside = 0, False
    for i in range(len(bases)):
        bit = table[bases[i]] if keep[i] else np.uint8(0)
        seen[i] |= bit
        if (bit == 0) != inside:
            bounds[count] = i
            count, inside = count + 1, not inside
    if inside:
        bounds[count] = len(bases)
        count += 1
    return count


def _bits_at(sites: CloneSites, positions: Longs) -> Bytes:
    """The bases of all isolates at more positions than those that vary among them."""
    bits = np.repeat(sites.seen[None, positions], len(sites.ids), axis=0)
    known = np.searchsorted(positions, sites.positions)
    fresh = np.setdiff1d(np.arange(len(positions)), known)
    bits[:, known] = sites.bits
    for row in range(len(sites.ids)):
        bits[row, fresh[gaps.covers(sites.gaps.of(row), positions[fresh])]] = 0
    return bits


def _to_all(unread: Gaps, bits: Bytes, row: int, length: int) -> tuple[Longs, Longs]:
    """SNPs and comparable sites of one isolate with every other and itself."""
    snps, comparable = np.zeros((2, len(bits)), dtype=np.int64)
    _differing(bits, row, snps)
    for other in range(len(bits)):
        comparable[other] = gaps.readable(unread.runs, unread.offsets, row, other, 0, length)
    return snps, comparable


def _one_more(
    raw: Distances, ids: tuple[str, ...], row: int, counts: tuple[Longs, Longs]
) -> Distances:
    matrices = []
    for matrix, line in zip((raw.snps, raw.comparable), counts, strict=True):
        wider = np.insert(matrix, row, np.delete(line, row), axis=0)
        matrices.append(np.insert(wider, row, line, axis=1))
    return Distances(ids, *matrices)


@kernel
def _differing(bits: Bytes, row: int, into: Longs) -> None:
    """Sites at which an isolate and each other one are both called, and differ."""
    for other in range(len(bits)):
        count = 0
        for site in range(bits.shape[1]):
            one, two = bits[row, site], bits[other, site]
            count += (one != two) & (one != 0) & (two != 0)
        into[other] = count

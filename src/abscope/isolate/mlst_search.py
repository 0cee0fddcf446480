"""Where the loci of a typing scheme lie in an isolate's sequence: by the 19-mers of their alleles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import Codes, encode
from abscope.isolate.seeds import K, key_at, turn
from abscope.kernels import kernel, signed
from abscope.records import Letters

FEWEST = 10
_APART = 1000
_FILTER_BITS = 20
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _FILTER_BITS)
_NONE = ~np.uint64(0)


@dataclass(frozen=True, slots=True, eq=False)
class AlleleSeeds:
    """The 19-mers of every allele.

    keys: uint64 (n,), sorted. locus, offset: int32 (n,), the locus a 19-mer belongs to and where in one
    of its alleles it begins. maybe: bool (2^20,), whether a 19-mer with that hash may be among them.
    """

    keys: NDArray[np.uint64]
    locus: NDArray[np.int32]
    offset: NDArray[np.int32]
    maybe: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a sequence that looks like a locus.

    start, end: from its first 19-mer to the end of its last, 0-based half-open. turned: on the other
    strand. seeds: 19-mers of the locus's alleles in it.
    """

    locus: int
    start: int
    end: int
    turned: bool
    seeds: int


def seeds_of(loci: Sequence[Sequence[Letters]]) -> AlleleSeeds:
    """Index the alleles of every locus."""
    parts = [_keys(index, encode(allele)) for index, one in enumerate(loci) for allele in one]
    keys, where = np.unique(np.concatenate([part[0] for part in parts]), return_index=True)
    locus = np.concatenate([part[1] for part in parts])[where]
    offset = np.concatenate([part[2] for part in parts])[where]
    maybe = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
    maybe[(keys * _MIX) >> _SHIFT] = True
    return AlleleSeeds(keys, locus, offset, maybe)


def _keys(
    locus: int, codes: Codes
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]]:
    keys = kmers(codes)
    offsets = np.flatnonzero(keys != _NONE).astype(np.int32)
    return keys[offsets], np.full(len(offsets), locus, dtype=np.int32), offsets


@kernel
def kmers(codes: Codes) -> NDArray[np.uint64]:
    """Every 19-mer of a sequence as a number, all ones where it holds another letter."""
    keys = np.empty(max(0, len(codes) - K + 1), dtype=np.uint64)
    for i in range(len(keys)):
        keys[i] = key_at(codes, i)
    return keys


@kernel
def _scan(codes: Codes, keys: NDArray[np.uint64], maybe: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows of position, strand and entry for every known 19-mer, int64 (n, 3)."""
    found = np.empty((1024, 3), dtype=np.int64)
    used = 0
    for i in range(len(codes) - K + 1):
        key = key_at(codes, i)
        if key == _NONE:
            continue
        for strand in range(2):
            if strand == 1:
                key = turn(key)
            if not maybe[(key * _MIX) >> _SHIFT]:
                continue
            entry = np.searchsorted(keys, key)
            if entry == len(keys) or keys[entry] != key:
                continue
            if used == len(found):
                larger = np.empty((2 * used, 3), dtype=np.int64)
                larger[:used] = found
                found = larger
            found[used, 0], found[used, 1], found[used, 2] = i, strand, entry
            used += 1
    return found[:used]


def places(codes: Codes, seeds: AlleleSeeds) -> Iterator[Place]:
    """Stretches with enough of a locus's 19-mers, in the order of loci, then along the sequence."""
    hits = _scan(codes, seeds.keys, seeds.maybe)
    for locus in range(int(seeds.locus.max(initial=-1)) + 1):
        mine = hits[seeds.locus[hits[:, 2]] == locus]
        for turned in (0, 1):
            yield from _runs(locus, mine[mine[:, 1] == turned, 0], bool(turned))


def _runs(locus: int, positions: NDArray[np.int64], turned: bool) -> Iterator[Place]:
    breaks = np.flatnonzero(np.diff(positions) > _APART) + 1
    for run in np.split(positions, breaks):
        if len(run) >= FEWEST:
            yield Place(locus, int(run[0]), int(run[-1]) + K, turned, len(run))


@kernel
def edits(expected: Codes, observed: Codes) -> int:
    """Fewest substitutions, insertions and deletions between two stretches; unread letters are free."""
    before = np.arange(len(observed) + 1)
    row = before.copy()
    for i in range(len(expected)):
        row[0] = i + 1
        for j in range(len(observed)):
            same = expected[i] == observed[j] or observed[j] > 3
            replaced = before[j] + (0 if same else 1)
            row[j + 1] = min(replaced, before[j + 1] + 1, row[j] + 1)
        before, row = row, before
    return signed(before[len(observed)])

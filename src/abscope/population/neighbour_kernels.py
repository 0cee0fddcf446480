"""The inner loops of `neighbours`: encode an isolate, find its clone, and ask everybody's distance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.population.kernels import Index, inner, kernel, lowest, popcount
from abscope.records.genotypes import LONG

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]
Steps = NDArray[np.uint16]

NOBODY = 1 << 40
"""More SNPs than any genome has positions: nobody is further."""
FAR = -1

_BLOCK = 64  # words looked at before asking whether it is enough: 4,096 positions
_STEP = LONG >> 2
_ONE, _THREE, _FULL = np.uint64(1), np.uint64(3), np.uint64(0xFFFFFFFFFFFFFFFF)


class Members(NamedTuple):
    """Everything kept of the isolates, ready for the loops.

    order: isolates, those of one clone side by side; starts: where each clone begins in it (c + 1,).
    delta_ends, run_ends: (n + 1,), from 0. reach: at least the deltas and missing positions of each
    isolate; furthest: the largest of each clone.
    """

    representatives: Words
    deltas: Steps
    runs: Steps
    order: Counts
    starts: Counts
    delta_ends: Counts
    run_ends: Counts
    reach: Counts
    furthest: Counts


class Query(NamedTuple):
    """A new isolate: planes (3, words + 1), and called positions before each word (words + 1,)."""

    planes: Words
    called: Counts


class Asked(NamedTuple):
    """Some of an isolate's clones: from first to before last, k SNPs at most."""

    first: int
    last: int
    k: int


@kernel
def query(row: Words) -> Query:
    """Make an isolate (3, words) ready to ask."""
    words = row.shape[1]
    planes = np.zeros((3, words + 1), np.uint64)
    planes[:, :words] = row
    called = np.zeros(words + 1, np.int64)
    _ranks(planes[2], called)
    return Query(planes, called)


@kernel
def ask(known: Members, new: Query, asked: Asked, snps: Counts, comparable: Counts) -> None:
    """Fill in SNPs and comparable sites of every isolate that is not passed over as further than k."""
    apart = np.zeros(new.called.shape[0], np.uint64)
    before = np.zeros(new.called.shape[0], np.int64)
    for clone in range(asked.first, asked.last):
        first, last = known.starts[clone], known.starts[clone + 1]
        limit = asked.k + known.furthest[clone]
        if first == last or _apart(known.representatives[clone], new.planes, apart, limit) > limit:
            continue
        _ranks(apart, before)
        for slot in range(first, last):
            isolate = known.order[slot]
            if before[-1] <= asked.k + known.reach[isolate]:
                snps[isolate], comparable[isolate] = _distance(known, isolate, new, apart, before)


@inner
def _apart(representative: Words, planes: Words, apart: Words, limit: Index) -> Index:
    """Mark the called positions at which a representative differs; stop at more than the limit."""
    words, total = representative.shape[1], np.int64(0)
    for start in range(0, words, _BLOCK):
        found = np.uint64(0)
        for w in range(np.uint64(start), np.uint64(min(words, start + _BLOCK))):
            apart[w] = _differs(representative, planes, w)
            found += popcount(apart[w])
        total += np.int64(found)
        if total > limit:
            break
    return total


@inner
def _differs(representative: Words, planes: Words, w: Index) -> Index:
    first, second = representative[0, w] ^ planes[0, w], representative[1, w] ^ planes[1, w]
    return (first | second) & planes[2, w]


@inner
def _ranks(words: Words, before: Counts) -> None:
    """Bits set before each word; the last, of an empty word at the end, is how many there are."""
    total = np.int64(0)
    for w in range(len(words)):
        before[w] = total
        total += np.int64(popcount(words[w]))


@inner
def _distance(
    known: Members, isolate: Index, new: Query, apart: Words, before: Counts
) -> tuple[Index, Index]:
    """SNPs and comparable sites of one isolate, from those of its representative."""
    snps, comparable = before[-1], new.called[-1]
    site = np.int64(0)
    for place in range(known.delta_ends[isolate], known.delta_ends[isolate + 1]):
        site += np.int64(known.deltas[place] >> 2)
        if known.deltas[place] != LONG:
            snps += _change(site, np.uint64(known.deltas[place]) & _THREE, new.planes, apart)
    end, within = np.int64(0), False
    for place in range(known.run_ends[isolate], known.run_ends[isolate + 1]):
        start, end = end, end + np.int64(known.runs[place])
        if within:
            snps -= _until(apart, before, end) - _until(apart, before, start)
            comparable -= _until(new.planes[2], new.called, end)
            comparable += _until(new.planes[2], new.called, start)
        within ^= known.runs[place] != LONG
    return snps, comparable


@inner
def _until(words: Words, before: Counts, position: Index) -> Index:
    """Bits set before a position."""
    w = position >> 6
    below = (_ONE << np.uint64(position & 63)) - _ONE
    return before[w] + np.int64(popcount(words[w] & below))


@inner
def _change(site: Index, letter: Index, planes: Words, apart: Words) -> Index:
    """What another letter at a site adds to the differences from the representative: 1, 0 or -1."""
    w, bit = site >> 6, np.uint64(site & 63)
    other = ((planes[0, w] >> bit) & _ONE) | (((planes[1, w] >> bit) & _ONE) << _ONE)
    called = np.int64((planes[2, w] >> bit) & _ONE)
    return called * np.int64(other != letter) - np.int64((apart[w] >> bit) & _ONE)


@kernel
def nearest(representatives: Words, order: Counts, row: Words, limit: int) -> tuple[int, int]:
    """The first of the representatives that differ least from an isolate (3, words), and how much.

    FAR and the limit where none has fewer differences than the limit.
    """
    best, least = FAR, limit
    apart = np.zeros(row.shape[1], np.uint64)
    for clone in order:
        total = _apart(representatives[clone], row, apart, least)
        if total < least:
            best, least = clone, total
    return best, least


@kernel
def complete(row: Words, like: Words, whole: Words) -> None:
    """Fill `whole` (2, words) with the isolate's bases, and with another's where it has none."""
    for w in range(row.shape[1]):
        called = row[2, w]
        whole[0, w] = (row[0, w] & called) | (like[0, w] & ~called)
        whole[1, w] = (row[1, w] & called) | (like[1, w] & ~called)


@kernel
def encode(row: Words, representative: Words, length: int) -> tuple[Steps, Steps, int]:
    """An isolate (3, words) as deltas and runs (see records.Genotypes), and its missing positions."""
    apart = np.zeros(row.shape[1], np.uint64)
    differing = _apart(representative, row, apart, NOBODY)
    deltas = np.empty(differing + length // _STEP, np.uint16)
    used, before = np.int64(0), np.int64(0)
    for site in _places(apart, differing):
        while site - before >= _STEP:
            deltas[used], used, before = LONG, used + 1, before + _STEP
        w, bit = site >> 6, np.uint64(site & 63)
        letter = ((row[0, w] >> bit) & _ONE) | (((row[1, w] >> bit) & _ONE) << _ONE)
        deltas[used] = np.uint64((site - before) << 2) | letter
        used, before = used + 1, site
    runs, missing = _runs(row[2], length)
    return deltas[:used], runs, missing


@inner
def _places(words: Words, count: Index) -> Counts:
    """Where the bits that are set lie, ascending; count: how many there are."""
    places = np.empty(count, np.int64)
    found = np.int64(0)
    for w in range(len(words)):
        left = words[w]
        while left:
            places[found] = w * 64 + np.int64(lowest(left))
            left &= left - _ONE
            found += 1
    return places


@inner
def _runs(called: Words, length: int) -> tuple[Steps, Index]:
    """Stretches of positions that are not called, and how many positions they hold."""
    edges = np.zeros(called.shape[0] + 1, np.uint64)
    carried, count, missing = np.uint64(0), np.int64(0), np.int64(0)
    for w in range(len(called)):
        without = ~called[w] & _valid(w, length)
        edges[w] = without ^ ((without << _ONE) | carried)
        carried = without >> np.uint64(63)
        count += np.int64(popcount(edges[w]))
        missing += np.int64(popcount(without))
    edges[-1] = carried
    count += np.int64(carried)
    runs = np.empty(count + length // LONG + 1, np.uint16)
    used, before = np.int64(0), np.int64(0)
    for edge in _places(edges, count):
        while edge - before >= LONG:
            runs[used], used, before = LONG, used + 1, before + LONG
        runs[used], used, before = edge - before, used + 1, edge
    return runs[:used], missing


@inner
def _valid(w: Index, length: int) -> Index:
    """The bits of a word that are positions."""
    left = length - w * 64
    if left >= 64:
        return _FULL
    return (_ONE << np.uint64(left)) - _ONE if left > 0 else np.uint64(0)

"""The inner loops of `neighbours`: encode an isolate, find its clone, and ask everybody's distance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import Index, inner, kernel, lowest, popcount
from abscope.records.genotypes import LONG

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]
Steps = NDArray[np.uint16]

NOBODY = 1 << 40
"""More SNPs than any genome has positions: nobody is further."""
FAR = -1

_BLOCK = 64  # words looked at before asking whether it is enough: 4,096 positions
_STEP = LONG >> 2
_ONE, _TWO, _SIX, _HALF, _SIXTY_THREE = (np.uint64(n) for n in (1, 2, 6, 32, 63))
_LONG, _LOW, _FULL = (np.uint64(n) for n in (LONG, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF))


class Members(NamedTuple):
    """Everything kept of the isolates, those of one clone side by side, as memory is read fastest.

    order: which isolate each place holds. starts: where each clone begins (c + 1,). delta_ends,
    run_ends: (n + 1,), from 0. reach: at least the deltas and missing positions of each place;
    furthest: the largest of each clone.
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
    """A new isolate: base bits and called positions, (words + 1,) each."""

    first: Words
    second: Words
    called: Words


class Asked(NamedTuple):
    """Some of an isolate's clones: from first to before last, k SNPs at most."""

    first: int
    last: int
    k: int


@kernel
def query(row: Words) -> Query:
    """Make an isolate (3, words) ready to ask."""
    planes = np.zeros((3, row.shape[1] + 1), np.uint64)
    planes[:, : row.shape[1]] = row
    return Query(planes[0].copy(), planes[1].copy(), planes[2].copy())


@kernel
def ask(known: Members, new: Query, asked: Asked, snps: Counts, comparable: Counts) -> None:
    """Fill in SNPs and comparable sites of every isolate that is not passed over as further than k."""
    apart, before = np.zeros_like(new.called), np.zeros_like(new.called)
    for clone in range(asked.first, asked.last):
        first, last = known.starts[clone], known.starts[clone + 1]
        limit = asked.k + known.furthest[clone]
        if first == last or _apart(known.representatives[clone], new, apart, limit) > limit:
            continue
        _count_before(apart, new.called, before)
        near = np.int64(before[-1] >> _HALF) - asked.k
        for place in range(np.uint64(first), np.uint64(last)):
            if near <= known.reach[place]:
                both = before[-1] + _changes(known, place, new, apart)
                both -= _hidden(known, place, (apart, new.called, before))
                isolate = known.order[place]
                snps[isolate], comparable[isolate] = both >> _HALF, both & _LOW


@kernel
def gather(steps: Steps, ends: Counts, order: Counts) -> tuple[Steps, Counts]:
    """The steps of all isolates in another order, and their ends (n + 1,)."""
    moved, moved_ends = np.empty_like(steps), np.zeros_like(ends)
    used = np.int64(0)
    for place in range(len(order)):
        start, end = ends[order[place]], ends[order[place] + 1]
        for step in range(start, end):
            moved[used + step - start] = steps[step]
        used += end - start
        moved_ends[place + 1] = used
    return moved, moved_ends


@inner
def _apart(representative: Words, new: Query, apart: Words, limit: Index) -> Index:
    """Mark the called positions at which a representative differs; stop at more than the limit."""
    words, total = representative.shape[1], np.int64(0)
    for start in range(0, words, _BLOCK):
        found = np.uint64(0)
        for w in range(np.uint64(start), np.uint64(min(words, start + _BLOCK))):
            other = (representative[0, w] ^ new.first[w]) | (representative[1, w] ^ new.second[w])
            apart[w] = other & new.called[w]
            found += popcount(apart[w])
        total += np.int64(found)
        if total > limit:
            break
    return total


@inner
def _count_before(apart: Words, called: Words, before: Words) -> None:
    """Bits set before each word: those of `apart` in the high half, those of `called` in the low.

    The last, of an empty word at the end, says how many there are.
    """
    total = np.uint64(0)
    for w in range(np.uint64(len(before))):
        before[w] = total
        total += (popcount(apart[w]) << _HALF) + popcount(called[w])


@inner
def _changes(known: Members, isolate: Index, new: Query, apart: Words) -> Index:
    """What an isolate's deltas add to the differences from its representative, in the high half."""
    site, total = np.uint64(0), np.uint64(0)
    start, end = known.delta_ends[isolate], known.delta_ends[isolate + _ONE]
    for place in range(np.uint64(start), np.uint64(end)):
        step = np.uint64(known.deltas[place])
        site += step >> _TWO
        w, bit = site >> _SIX, site & _SIXTY_THREE
        other = ((new.first[w] >> bit) ^ step) | ((new.second[w] >> bit) ^ (step >> _ONE))
        change = (other & (new.called[w] >> bit) & _ONE) - ((apart[w] >> bit) & _ONE)
        total += change if step != _LONG else np.uint64(0)
    return total << _HALF


@inner
def _hidden(known: Members, isolate: Index, counted: tuple[Words, Words, Words]) -> Index:
    """Differences (high half) and called positions (low half) within an isolate's runs."""
    place, last = np.uint64(known.run_ends[isolate]), np.uint64(known.run_ends[isolate + _ONE])
    position, total = np.uint64(0), np.uint64(0)
    while place < last:
        position, place = _edge(known.runs, position, place)
        total -= _until(counted, position)
        position, place = _edge(known.runs, position, place)
        total += _until(counted, position)
    return total


@inner
def _edge(runs: Steps, position: Index, place: Index) -> tuple[Index, Index]:
    """The next start or end of a run."""
    step = np.uint64(runs[place])
    while step == _LONG:
        position, place = position + step, place + _ONE
        step = np.uint64(runs[place])
    return position + step, place + _ONE


@inner
def _until(counted: tuple[Words, Words, Words], position: Index) -> Index:
    """Bits set before a position, of `apart` in the high half and of `called` in the low."""
    apart, called, before = counted
    w = position >> _SIX
    below = (_ONE << (position & _SIXTY_THREE)) - _ONE
    return before[w] + (popcount(apart[w] & below) << _HALF) + popcount(called[w] & below)


@kernel
def nearest(representatives: Words, order: Counts, row: Words, limit: int) -> tuple[int, int]:
    """The first of the representatives that differ least from an isolate (3, words), and how much.

    FAR and the limit where none has fewer differences than the limit.
    """
    best, least = FAR, limit
    new, apart = query(row), np.zeros(row.shape[1], np.uint64)
    for clone in order:
        total = _apart(representatives[clone], new, apart, least)
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
    differing = _apart(representative, query(row), apart, NOBODY)
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


@kernel
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


@kernel
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

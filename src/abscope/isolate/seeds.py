"""Where every 19-mer of a reference lies: one hash table, and a list for those that lie twice.

An entry of the table is a position, a strand, whether the 19-mer occurs again, and four bits of its
hash. Both strands share an entry: the smaller of a 19-mer and its reverse complement is looked up.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import Codes, encode
from abscope.kernels import inner, kernel, signed
from abscope.records import Reference

K = 19
LONGEST = 1 << 26
FAR = 65_535
MOST_COPIES = 64
_TOGETHER = 64
_PLACE_BITS = 27
LIKENESS = 32

_KEY_MASK = np.uint64((1 << (2 * K)) - 1)
_FLIP = np.uint64(0xAAAAAAAAAAAAAAAA)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = np.uint32(0xFFFFFFFF)
_AGAIN = np.uint32(1 << 27)
_PLACE = np.uint32((1 << 27) - 1)
_U2, _U4, _U8, _U16, _U32 = (np.uint64(n) for n in (2, 4, 8, 16, 32))
_TAG_SHIFT, _TAG_MASK, _TAG_AT = np.uint64(8), np.uint64(15), np.uint32(28)


class Genome(NamedTuple):
    """A reference as the kernels see it.

    codes: uint8 (n,). table: uint32, a power of two long; shift: 64 less its logarithm.
    to_repeat: uint16 (n,), steps to the next repeated 19-mer with a likeness of 32 or more, up to 65,535.
    slots, starts, places: for every repeated 19-mer its table slot and its places (2 x position + strand).
    """

    codes: Codes
    table: NDArray[np.uint32]
    shift: np.uint64
    to_repeat: NDArray[np.uint16]
    slots: NDArray[np.int64]
    starts: NDArray[np.int64]
    places: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SeedIndex:
    """A reference and the index of its 19-mers."""

    reference: Reference
    genome: Genome

    @property
    def repeated(self) -> NDArray[np.bool_]:
        """Whether a position lies in a stretch that occurs elsewhere too, shape (n,).

        Stretches up to 38 bases apart are one: the letter in which two copies differ belongs to it.
        """
        return _repeated(self.genome.to_repeat)


@kernel
def _repeated(to_repeat: NDArray[np.uint16]) -> NDArray[np.bool_]:
    found = np.zeros(len(to_repeat), dtype=np.bool_)
    end = 0
    for p in range(len(to_repeat)):
        if to_repeat[p] == 0:
            apart = 1 + signed(to_repeat[p + 1]) if p + 1 < len(to_repeat) else FAR
            end = p + (apart if apart <= 3 * K else K)
        found[p] = p < end
    return found


def index(reference: Reference) -> SeedIndex:
    """Index every 19-mer of `reference` that lies within one contig.

    Raises ValueError above 67 million bases.
    """
    if len(reference.sequence) >= LONGEST:
        raise ValueError(f"{reference.name}: longer than {LONGEST:,} bases")
    codes = encode(reference.sequence)
    bits = max(10, int(2 * len(codes)).bit_length())
    table = np.full(1 << bits, _EMPTY, dtype=np.uint32)
    shift = np.uint64(64 - bits)
    borders = np.zeros(len(codes), dtype=np.bool_)
    borders[[contig.start for contig in reference.contigs if contig.start < contig.end]] = True
    again = _fill(codes, borders, table, shift)
    slots, starts, places = _repeats(again)
    to_repeat = _distances(len(codes), _alike(codes, starts, places))
    return SeedIndex(reference, Genome(codes, table, shift, to_repeat, slots, starts, places))


def _repeats(again: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Sorted slots, their first entry, and all places, from rows of (slot, place)."""
    rows = np.unique(again[:, 0] << _PLACE_BITS | again[:, 1])  # as one number: far quicker
    slots, starts = np.unique(rows >> _PLACE_BITS, return_index=True)
    return slots, np.append(starts, len(rows)), rows & ((1 << _PLACE_BITS) - 1)


@kernel
def _alike(codes: Codes, starts: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of repeated 19-mers that lie in longer stretches with a likeness elsewhere."""
    alike = np.zeros(len(places), dtype=np.bool_)
    for group in range(len(starts) - 1):
        for one in range(starts[group], starts[group + 1]):
            for two in range(one + 1, min(starts[group + 1], one + MOST_COPIES)):
                if not (alike[one] and alike[two]) and _likeness(codes, places[one], places[two]):
                    alike[one] = alike[two] = True
    return places[alike] >> 1


@kernel
def _likeness(codes: Codes, one: int, two: int) -> bool:
    """Whether two places of a 19-mer are alike beyond it: a local score of `LIKENESS` or more."""
    turned = (one ^ two) & 1
    score = K
    score += _run(codes, (one >> 1) + K, 1, (two >> 1) - 1 if turned else (two >> 1) + K, turned)
    score += _run(codes, (one >> 1) - 1, -1, (two >> 1) + K if turned else (two >> 1) - 1, turned)
    return score >= LIKENESS


@kernel
def _run(codes: Codes, one: int, step: int, two: int, turned: int) -> int:
    """Best score (1 a match, -4 a mismatch) on from two places, the second one backwards if turned."""
    other_step, flip = (-step, 2) if turned else (step, 0)
    score, best = 0, 0
    while 0 <= one < len(codes) and 0 <= two < len(codes) and best - 12 < score < LIKENESS:
        same = codes[one] < 4 and codes[one] == codes[two] ^ flip
        score += 1 if same else -4
        best = max(best, score)
        one += step
        two += other_step
    return best


@kernel
def _distances(length: int, repeats: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Steps from each position to the next of `repeats`, at most FAR."""
    steps = np.empty(length, dtype=np.uint16)
    steps[:] = FAR
    steps[repeats] = 0
    for i in range(length - 2, -1, -1):
        steps[i] = min(signed(steps[i]), signed(steps[i + 1]) + 1)
    return steps


@inner
def key_at(codes: Codes, start: int) -> np.uint64:
    """The 19-mer at `start` as a number, or all ones where it holds another letter."""
    key = np.uint64(0)
    odd = np.uint8(0)
    for i in range(start, start + K):
        key = (key << _U2) | np.uint64(codes[i])
        odd |= codes[i]
    return key if odd < 4 else ~np.uint64(0)


@inner
def turn(key: np.uint64) -> np.uint64:
    """The reverse complement of a 19-mer."""
    key = key ^ _FLIP
    key = ((key >> _U2) & np.uint64(0x3333333333333333)) | (
        (key & np.uint64(0x3333333333333333)) << _U2
    )
    key = ((key >> _U4) & np.uint64(0x0F0F0F0F0F0F0F0F)) | (
        (key & np.uint64(0x0F0F0F0F0F0F0F0F)) << _U4
    )
    key = ((key >> _U8) & np.uint64(0x00FF00FF00FF00FF)) | (
        (key & np.uint64(0x00FF00FF00FF00FF)) << _U8
    )
    key = ((key >> _U16) & np.uint64(0x0000FFFF0000FFFF)) | (
        (key & np.uint64(0x0000FFFF0000FFFF)) << _U16
    )
    key = (key >> _U32) | (key << _U32)
    return key >> np.uint64(64 - 2 * K)


@inner
def slot_of(genome: Genome, key: np.uint64) -> int:
    """Where in the table the search for a 19-mer (smaller strand) starts."""
    return signed((key * _MIX) >> genome.shift)


@inner
def find(genome: Genome, key: np.uint64) -> tuple[int, int]:
    """Slot and entry of a 19-mer (smaller strand), or (-1, 0) where the reference lacks it."""
    slot = slot_of(genome, key)
    tag = signed(((key * _MIX) >> _TAG_SHIFT) & _TAG_MASK)
    last = len(genome.table) - 1
    while genome.table[slot] != _EMPTY:
        entry = signed(genome.table[slot])
        if entry >> 28 == tag and _same(genome.codes, entry, key):
            return slot, entry
        slot = (slot + 1) & last
    return -1, 0


@inner
def _same(codes: Codes, entry: int, key: np.uint64) -> bool:
    there = key_at(codes, (entry & 0x7FFFFFF) >> 1)
    return bool((turn(there) if entry & 1 else there) == key)


@kernel
def _fill(
    codes: Codes, borders: NDArray[np.bool_], table: NDArray[np.uint32], shift: np.uint64
) -> NDArray[np.int64]:
    """Enter every 19-mer; return (slot, place) of those met before, first places included."""
    again = np.empty((1024, 2), dtype=np.int64)
    found = 0
    rolling = Rolling(np.zeros(2, dtype=np.uint64), np.zeros(1, dtype=np.int64))
    keys, places = np.empty(_TOGETHER, dtype=np.uint64), np.empty(_TOGETHER, dtype=np.int64)
    touched = np.zeros(1, dtype=np.uint32)
    for first in range(0, len(codes), _TOGETHER):
        number = _roll(codes, borders, rolling, first, (keys, places))
        _fetch(table, shift, keys[:number], touched)
        for k in range(number):
            slot = _enter(codes, table, shift, keys[k], places[k])
            if slot >= 0:
                again = _room(again, found)
                again[found] = slot, signed(table[slot] & _PLACE)
                again[found + 1] = slot, places[k]
                found += 2
    return again[:found]


class Rolling(NamedTuple):
    """The last 19-mer on both strands, uint64 (2,), and how many bases of it are usable, int64 (1,)."""

    keys: NDArray[np.uint64]
    run: NDArray[np.int64]


@inner
def _roll(
    codes: Codes,
    borders: NDArray[np.bool_],
    rolling: Rolling,
    first: int,
    into: tuple[NDArray[np.uint64], NDArray[np.int64]],
) -> int:
    """The 19-mers (smaller strand) that end at the next positions, and their places; how many."""
    forward, backward, run = rolling.keys[0], rolling.keys[1], rolling.run[0]
    number = 0
    for i in range(first, min(first + _TOGETHER, len(codes))):
        run = 0 if codes[i] > 3 else (1 if borders[i] else run + 1)
        code = np.uint64(codes[i] & np.uint8(3))
        forward = ((forward << _U2) | code) & _KEY_MASK
        backward = (backward >> _U2) | ((code ^ _U2) << np.uint64(2 * K - 2))
        if run >= K:
            into[0][number] = min(forward, backward)
            into[1][number] = ((i - K + 1) << 1) | (1 if backward < forward else 0)
            number += 1
    rolling.keys[0], rolling.keys[1], rolling.run[0] = forward, backward, run
    return number


@inner
def _fetch(
    table: NDArray[np.uint32],
    shift: np.uint64,
    keys: NDArray[np.uint64],
    touched: NDArray[np.uint32],
) -> None:
    """Ask slow memory for all the slots together, so that the answers come together."""
    for k in range(len(keys)):
        touched[0] ^= table[signed((keys[k] * _MIX) >> shift)]


@kernel
def _room(rows: NDArray[np.int64], used: int) -> NDArray[np.int64]:
    if used + 2 <= len(rows):
        return rows
    larger = np.empty((2 * len(rows), 2), dtype=np.int64)
    larger[:used] = rows[:used]
    return larger


@kernel
def _enter(
    codes: Codes, table: NDArray[np.uint32], shift: np.uint64, key: np.uint64, place: int
) -> int:
    """Put a place into the table; its slot if the 19-mer was there already, else -1."""
    mixed = key * _MIX
    slot = signed(mixed >> shift)
    tag = np.uint32((mixed >> _TAG_SHIFT) & _TAG_MASK)
    last = len(table) - 1
    while table[slot] != _EMPTY:
        entry = table[slot]
        if entry >> _TAG_AT == tag and _same(codes, signed(entry), key):
            table[slot] = entry | _AGAIN
            return slot
        slot = (slot + 1) & last
    table[slot] = np.uint32(place) | (tag << _TAG_AT)
    return -1

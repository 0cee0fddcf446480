"""The kernels that fill FASTQ records: letters, qualities, errors.

Randomness is a hash of (seed, read, cycle) (SplitMix64; Steele, Lea & Flood, OOPSLA 2014), so a
read is the same in whatever block it is made.
"""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from abscope.kernels import inner, kernel
from abscope.records import Letters

LEVELS = (37, 25, 11, 2)
"""Qualities as current sequencers bin them; 2 is given to no-calls (`N`), and only to them."""
_SYMBOLS = np.array([level + 33 for level in LEVELS], dtype=np.uint8)
_WRONG = np.array([round(2**32 * 10 ** (-level / 10)) for level in LEVELS], dtype=np.uint64)
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")
_CODE = np.zeros(256, dtype=np.uint8)
_CODE[list(b"ACGT")] = [0, 1, 2, 3]
_LETTERS = np.frombuffer(b"ACGT", dtype=np.uint8)
_N, _G, _NO_CALL = ord("N"), ord("G"), len(LEVELS) - 1
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


def write_reads(
    records: Letters,
    spans: NDArray[np.int64],
    letters: Letters,
    *,
    levels: NDArray[np.float64],
    adapter: Letters,
    seed: int,
) -> None:
    """Fill sequence and quality of every record, in place.

    records: uint8 (n, size), whole FASTQ records of one size. spans: int64 (n, 4), each read's
    number, first letter, step (+1 or -1) and fragment size. levels: chance of each of LEVELS,
    (cycles, 4).
    """
    name_length = records.shape[1] - 2 * len(levels) - len("\n+\n\n")
    thresholds = np.rint(np.cumsum(levels, axis=1) * 2**20).astype(np.uint64)
    _fill(records, name_length, spans, letters, (thresholds, adapter), np.uint64(seed))


@inner
def _hashed(key):  # type: ignore[no-untyped-def]
    key = (key ^ (key >> uint64(30))) * _MIX1
    key = (key ^ (key >> uint64(27))) * _MIX2
    return key ^ (key >> uint64(31))


@inner
def _level(draw, thresholds, cycle):  # type: ignore[no-untyped-def]
    level = 0
    while level < _NO_CALL and draw >= thresholds[cycle, level]:
        level += 1
    return level


@inner
def _template(letters, adapter, span, cycle):  # type: ignore[no-untyped-def]
    """Return the letter read: the fragment, then the adapter, then nothing (seen as G)."""
    if cycle < span[3]:
        letter = letters[span[1] + span[2] * cycle]
        return letter if span[2] > 0 else _COMPLEMENT[letter]
    beyond = cycle - span[3]
    return adapter[beyond] if beyond < len(adapter) else np.uint8(_G)


@inner
def _read_as(letter, level, chance):  # type: ignore[no-untyped-def]
    """Return the letter as called: wrong as often as the quality says, evenly to the others."""
    if level == _NO_CALL:
        return np.uint8(_N)
    if (chance & uint64(0xFFFFFFFF)) < _WRONG[level] and letter != _N:
        turn = np.uint8(_hashed(chance) % uint64(3)) + np.uint8(1)
        return _LETTERS[(_CODE[letter] + turn) & np.uint8(3)]
    return letter


@kernel
def _fill(records, name_length, spans, letters, model, seed):  # type: ignore[no-untyped-def]
    thresholds, adapter = model
    cycles = len(thresholds)
    to_quality = cycles + 3
    for row in range(len(records)):
        span, record = spans[row], records[row]
        key = _hashed(seed + uint64(span[0]) * _GOLDEN)
        held = uint64(0)
        for cycle in range(cycles):
            chance = _hashed(key + uint64(cycle + 1) * _GOLDEN)
            # One bit says whether the luck of the cycle before holds: poor bases come in runs.
            if cycle == 0 or (chance >> uint64(63)):
                held = (chance >> uint64(32)) & uint64(0xFFFFF)
            level = _level(held, thresholds, cycle)
            letter = _template(letters, adapter, span, cycle)
            at = name_length + cycle
            records[row, at] = _read_as(letter, level, chance)
            record[at + to_quality] = _SYMBOLS[level]

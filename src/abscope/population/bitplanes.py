"""Bases as bits, so that one instruction compares 64 positions of two isolates.

Three planes a genome: two bits that name the base and one that says it is called. A position that
is not called, or hidden by a mask, counts for nothing. Counting is exact.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from abscope.records import Calls

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]
Totals = tuple[Counts, Counts]
Stretch = tuple[np.uint64, np.uint64]

_BLOCK = 64  # isolates a block: two blocks of words fit the second-level cache
_STRETCH = np.uint64(256)  # words counted before the next isolate's turn: 16,384 positions
_ONE, _TWO = np.uint64(1), np.uint64(2)


def pack(calls: Iterable[Calls], *, isolates: int, length: int) -> Words:
    """Planes of `isolates` genomes, (n, 3, words): two base bits and `called`, least bit first.

    n is even, and words are a multiple of eight: the rest is empty.
    """
    words = -(-length // 512) * 8
    planes = np.zeros((isolates + isolates % 2, 3, words), dtype=np.uint64)
    octets = planes.view(np.uint8)
    used = -(-length // 8)
    for row, one in zip(octets, calls, strict=False):
        # Bits 1 and 2 of the ASCII letters tell A, C, G and T apart.
        row[0, :used] = np.packbits(one.bases & 2, bitorder="little")
        row[1, :used] = np.packbits(one.bases & 4, bitorder="little")
        row[2, :used] = np.packbits(one.called, bitorder="little")
    return planes


def hide(planes: Words, hidden: NDArray[np.bool_]) -> None:
    """Take the hidden positions (bool, (length,)) out of every genome, in place."""
    keep = np.zeros(planes.shape[2] * 64, dtype=np.bool_)
    keep[: len(hidden)] = ~hidden
    planes[:, 2] &= np.packbits(keep, bitorder="little").view(np.uint64)


def count(planes: Words, *, threads: int = 1) -> Totals:
    """Differing and comparable positions of every pair, each int64 (n, n) and symmetric."""
    isolates = len(planes)
    snps = np.zeros((isolates, isolates), dtype=np.int64)
    comparable = np.zeros_like(snps)

    def block(corner: tuple[int, int]) -> None:
        rows, columns = (np.array([c, min(c + _BLOCK, isolates)], np.uint64) for c in corner)
        _count_block(planes, (snps, comparable), rows, columns)

    corners = combinations_with_replacement(range(0, isolates, _BLOCK), 2)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(block, corners))
    return _mirror(snps), _mirror(comparable)


def _mirror(upper: Counts) -> Counts:
    upper = np.triu(upper)
    return upper + np.triu(upper, 1).T


@intrinsic
def _popcount(typing: Any, word: Any) -> Any:
    """Bits set in a word: the processor's own instruction where it has one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@njit(cache=True, nogil=True, inline="always")
def _known(planes: Words, i: np.uint64, j: np.uint64, w: np.uint64) -> Any:
    return planes[i, 2, w] & planes[j, 2, w]


@njit(cache=True, nogil=True, inline="always")
def _differ(planes: Words, i: np.uint64, j: np.uint64, w: np.uint64) -> Any:
    other = (planes[i, 0, w] ^ planes[j, 0, w]) | (planes[i, 1, w] ^ planes[j, 1, w])
    return other & _known(planes, i, j, w)


@njit(cache=True, nogil=True, inline="always")
def _add_four(counts: Counts, i: np.uint64, j: np.uint64, found: tuple[np.uint64, ...]) -> None:
    counts[i, j] += found[0]
    counts[i, j + _ONE] += found[1]
    counts[i + _ONE, j] += found[2]
    counts[i + _ONE, j + _ONE] += found[3]


@njit(cache=True, nogil=True)
def _count_four(
    planes: Words, totals: Totals, i: np.uint64, j: np.uint64, stretch: Stretch
) -> None:
    """Add up two isolates against two: each word is loaded once for two pairs."""
    k, m = i + _ONE, j + _ONE
    s0 = s1 = s2 = s3 = c0 = c1 = c2 = c3 = np.uint64(0)
    for w in range(stretch[0], stretch[1]):
        s0 += _popcount(_differ(planes, i, j, w))
        s1 += _popcount(_differ(planes, i, m, w))
        s2 += _popcount(_differ(planes, k, j, w))
        s3 += _popcount(_differ(planes, k, m, w))
        c0 += _popcount(_known(planes, i, j, w))
        c1 += _popcount(_known(planes, i, m, w))
        c2 += _popcount(_known(planes, k, j, w))
        c3 += _popcount(_known(planes, k, m, w))
    _add_four(totals[0], i, j, (s0, s1, s2, s3))
    _add_four(totals[1], i, j, (c0, c1, c2, c3))


@njit(cache=True, nogil=True)
def _count_block(planes: Words, totals: Totals, rows: Words, columns: Words) -> None:
    """Count every pair of a block; unsigned indices keep the loads in vectors."""
    words = np.uint64(planes.shape[2])
    for start in range(np.uint64(0), words, _STRETCH):
        stretch = (start, min(words, start + _STRETCH))
        for i in range(rows[0], rows[1], _TWO):
            for j in range(columns[0], columns[1], _TWO):
                _count_four(planes, totals, i, j, stretch)

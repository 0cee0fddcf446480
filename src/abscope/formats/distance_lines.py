"""Distances as text while they are counted: as many as there are, in little memory.

The lines are those of `distance_table`: a square table as snp-dists writes it, or a line a pair.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import Index, inner, kernel
from abscope.population.bitplanes import Strip
from abscope.records.cells import safe_cell

LONG_HEAD = b"isolate_1\tisolate_2\tsnps\tcomparable\n"

Text = NDArray[np.uint8]
Counts = NDArray[np.int32]
Names = tuple[Text, NDArray[np.int64]]
_TAB, _LINE, _ZERO, _N, _A = 9, 10, 48, 78, 65
_WIDEST = 12  # a tab and the largest 32-bit number


def matrix(ids: Sequence[str], strips: Iterable[Strip], *, needed: float) -> Iterator[bytes]:
    """The square table, piece by piece; `NA` where fewer sites than `needed` could be compared.

    strips: every pair, in order, from the first isolate on.
    """
    ids = [safe_cell(name) for name in ids]
    yield "\t".join(["abscope", *ids]).encode() + b"\n"
    for strip in strips:
        for number in range(strip.start, strip.stop):
            name = np.frombuffer(ids[number].encode(), np.uint8)
            out = np.empty(len(name) + _WIDEST * len(ids) + 1, np.uint8)
            at = number - strip.start
            used = _row(out, name, strip.snps[at], strip.comparable[at], number, needed)
            yield out[:used].tobytes()


def long(ids: Sequence[str], strips: Iterable[Strip], *, needed: float) -> Iterator[bytes]:
    """A heading, then two names, SNPs and comparable sites of every pair, each once.

    strips: made with `once`.
    """
    yield LONG_HEAD
    names = [safe_cell(name).encode() for name in ids]
    ends = np.cumsum([len(name) for name in names])
    text = np.frombuffer(b"".join(names), np.uint8)
    widest = max(len(name) for name in names)
    for strip in strips:
        for number in range(strip.start, strip.stop):
            pairs = len(ids) - number - 1
            out = np.empty(max(1, pairs) * (2 * widest + 2 * _WIDEST + 3), np.uint8)
            at = number - strip.start
            later = number + 1 - strip.after
            counts = strip.snps[at, later:], strip.comparable[at, later:]
            used = _pairs(out, (text, ends), number, counts, needed)
            yield out[:used].tobytes()


@kernel
def _row(out: Text, name: Text, snps: Counts, comparable: Counts, own: int, needed: float) -> Index:
    used = _word(out, 0, name)
    for other in range(len(snps)):
        out[used] = _TAB
        told = other == own or comparable[other] >= needed
        used = _count(out, used + 1, snps[other], told)
    out[used] = _LINE
    return used + 1


@kernel
def _pairs(
    out: Text, names: Names, number: int, counts: tuple[Counts, Counts], needed: float
) -> Index:
    snps, comparable = counts
    used = np.int64(0)
    for place in range(len(snps)):
        for one in (number, number + 1 + place):
            used = _word(out, used, names[0][(names[1][one - 1] if one else 0) : names[1][one]])
            out[used] = _TAB
            used += 1
        used = _count(out, used, snps[place], comparable[place] >= needed)
        out[used] = _TAB
        used = _count(out, used + 1, comparable[place], True)
        out[used] = _LINE
        used += 1
    return used


@inner
def _word(out: Text, used: Index, word: Text) -> Index:
    for place in range(len(word)):
        out[used + place] = word[place]
    return used + len(word)


@inner
def _count(out: Text, used: Index, number: Index, told: bool) -> Index:
    """A number's digits, or `NA`."""
    if not told:
        out[used], out[used + 1] = _N, _A
        return used + 2
    width, left = 1, number
    while left > 9:
        left, width = left // 10, width + 1
    left = number
    for place in range(used + width - 1, used - 1, -1):
        out[place] = _ZERO + left % 10
        left //= 10
    return used + width

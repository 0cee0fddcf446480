"""Stretches of a genome that occur more than once in it, from the genome alone.

A read from a repeat can be placed on either copy, so bases there are not comparable between
isolates. Shared k-mers are seeds; each is extended along its diagonal without gaps; pieces that an
indel parts are joined. Either strand, every contig, tandem copies too.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import kernel
from abscope.records import Letters

Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

_K = 17  # odd: no k-mer is its own reverse complement
_COPIES = 32  # a k-mer's occurrence is compared with this many that follow it
_PIECE = 50  # shortest ungapped piece that counts, bases
_MISMATCH = 5  # a match scores 1; a piece goes on while more than 5 in 6 bases match
_DROP = 25  # extension stops this far below its best score
_OTHER = 4  # code of a letter that is not a base

_CODE = np.full(256, _OTHER, dtype=np.uint8)
_CODE[list(b"ACGT")] = range(4)


def repeats(
    sequence: Letters, *, shortest: int = 100, identity: float = 0.9
) -> list[tuple[int, int]]:
    """Half-open stretches of at least `shortest` bases found elsewhere at `identity` or better."""
    codes = _CODE[sequence]
    flags = np.zeros(len(codes) + 1, dtype=np.bool_)
    _extend_all(codes, *_seeds(codes), identity, flags)
    return _stretches(flags, gap=_PIECE, shortest=shortest)


def _seeds(codes: NDArray[np.uint8]) -> tuple[Longs, Longs, Flags]:
    """Pairs of positions that share a k-mer, and whether on the same strand; by diagonal."""
    words, forward = _kmers(codes)
    places = np.flatnonzero(words != _NO_WORD).astype(np.uint64)
    keys = np.sort(words[places] << _PLACE_BITS | places)  # one number: far quicker than an argsort
    order, words = (keys & _PLACE).astype(np.int64), keys >> _PLACE_BITS
    shared = np.zeros(len(order), dtype=np.bool_)
    shared[1:] = words[1:] == words[:-1]
    shared[:-1] |= shared[1:]
    order, words = order[shared], words[shared]
    firsts, seconds = [order[:0]], [order[:0]]
    for step in range(1, _COPIES + 1):
        same = words[step:] == words[:-step]
        if not same.any():
            break
        firsts.append(order[:-step][same])
        seconds.append(order[step:][same])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    same_strand = forward[first] == forward[second]
    diagonal = np.where(same_strand, second - first, -(second + first))
    by_diagonal = np.lexsort((first, diagonal))
    return first[by_diagonal], second[by_diagonal], same_strand[by_diagonal]


_NO_WORD = np.uint64(2**64 - 1)
_PLACE_BITS = np.uint64(64 - 2 * _K)  # a k-mer and its place in 64 bits: genomes up to 1 Gb
_PLACE = (np.uint64(1) << _PLACE_BITS) - np.uint64(1)


@kernel
def _kmers(codes: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], Flags]:
    """The lesser of each k-mer and its reverse complement, and whether it is the k-mer itself."""
    words = np.full(len(codes), _NO_WORD, np.uint64)
    forward = np.zeros(len(codes), np.bool_)
    there = back = np.uint64(0)
    full, top = np.uint64(4**_K - 1), np.uint64(2 * _K - 2)
    good = 0
    for i in range(len(codes)):
        base = np.uint64(codes[i])
        good = good + 1 if base < np.uint64(_OTHER) else 0
        there = ((there << np.uint64(2)) | (base & np.uint64(3))) & full
        back = (back >> np.uint64(2)) | ((base & np.uint64(3)) ^ np.uint64(3)) << top
        if good >= _K:
            words[i - _K + 1] = min(there, back)
            forward[i - _K + 1] = there < back
    return words, forward


@kernel
def _extend_all(
    codes: NDArray[np.uint8],
    first: Longs,
    second: Longs,
    same_strand: Flags,
    identity: float,
    flags: Flags,
) -> None:
    """Flag both copies of every piece that is long and alike enough; seeds come by diagonal."""
    reached, diagonal = -1, np.int64(0)
    for s in range(len(first)):
        p, q, step = first[s], second[s], 1 if same_strand[s] else -1
        here = q - step * p
        if s and here == diagonal and same_strand[s] == same_strand[s - 1] and p < reached:
            continue
        diagonal = here
        q = q if step > 0 else q + _K - 1
        right, same_right = _extend(codes, p, q, 1, step)
        left, same_left = _extend(codes, p - 1, q - step, -1, -step)
        reached = p + right
        length = left + right
        if length >= _PIECE and same_left + same_right >= identity * length:
            flags[p - left : p + right] = True
            if step > 0:
                flags[q - left : q + right] = True
            else:
                flags[q - right + 1 : q + left + 1] = True


@kernel
def _extend(codes: NDArray[np.uint8], p: int, q: int, p_step: int, q_step: int) -> tuple[int, int]:
    """Bases, and matches among them, of the best-scoring extension from p and q on."""
    score = best = length = matches = best_matches = 0
    i = 0
    while score > best - _DROP and 0 <= p < len(codes) and 0 <= q < len(codes):
        base = codes[q] if p_step == q_step else np.uint8(3) - codes[q]
        if codes[p] == _OTHER or codes[q] == _OTHER:
            break
        if codes[p] == base:
            score, matches = score + 1, matches + 1
        else:
            score -= _MISMATCH
        p, q, i = p + p_step, q + q_step, i + 1
        if score > best:
            best, length, best_matches = score, i, matches
    return length, best_matches


def _stretches(flags: Flags, *, gap: int, shortest: int) -> list[tuple[int, int]]:
    """Runs of set flags, joined over gaps up to `gap`, at least `shortest` long."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    starts, ends = edges[::2], edges[1::2]
    apart = starts[1:] - ends[:-1] > gap
    starts = starts[np.concatenate(([True], apart))] if len(starts) else starts
    ends = ends[np.concatenate((apart, [True]))] if len(ends) else ends
    long = ends - starts >= shortest
    return list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))

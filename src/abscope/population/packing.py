"""Letters to bits, eight at a time.

A genome is three planes of 64-bit words, least bit first: two bits that name the base (bits 1 and 2
of the ASCII letters tell A, C, G and T apart) and one that says it is called. The rest of the last
words is empty: nothing is called there.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import inner, kernel
from abscope.records import Calls, Letters

Words = NDArray[np.uint64]

AS_WRITTEN, ANY_CASE = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0xDFDFDFDFDFDFDFDF)

_EACH = np.uint64(0x0101010101010101)
_LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
_GATHER = np.uint64(0x0102040810204080)
_A, _C, _G, _T = (np.uint64(letter) * _EACH for letter in b"ACGT")
_TOP, _FIRST, _SECOND, _SEVENTH = (np.uint64(n) for n in (56, 1, 2, 7))
_ALL = np.uint64(0xFF)


def words_for(length: int) -> int:
    """Words a plane of `length` positions takes: a multiple of eight, for whole vectors."""
    return -(-length // 512) * 8


def pack(calls: Iterable[Calls], *, isolates: int, length: int) -> Words:
    """Planes of `isolates` genomes, (n, 3, words). n is even: the last may be empty."""
    planes = np.zeros((isolates + isolates % 2, 3, words_for(length)), dtype=np.uint64)
    for row, one in zip(planes, calls, strict=False):
        pack_letters(one.bases, row, AS_WRITTEN)
    return planes


def pack_letters(letters: Letters, row: Words, case: np.uint64) -> None:
    """Pack one genome into `row` (3, words), which must be large enough.

    case: AS_WRITTEN, and only capital letters are bases; or ANY_CASE.
    """
    octets = row.shape[1] * 8
    padded = np.zeros(octets * 8, dtype=np.uint8)
    padded[: len(letters)] = letters
    _pack(padded.view(np.uint64), row.view(np.uint8), case)


def strange_letter(letters: Letters, row: Words, known: NDArray[np.bool_]) -> int | None:
    """The place of the first letter that is no base and not `known` (256,); None without."""
    place = _strange(letters, row.view(np.uint8)[2], known)
    return None if place < 0 else place


def hide(planes: Words, hidden: NDArray[np.bool_]) -> None:
    """Take the hidden positions (bool, (length,)) out of every genome (n, 3, words), in place."""
    planes[:, 2] &= ~np.packbits(padded_flags(hidden, planes.shape[2]), bitorder="little").view(
        np.uint64
    )


def padded_flags(flags: NDArray[np.bool_], words: int) -> NDArray[np.bool_]:
    """Flags of all positions that `words` words hold; False beyond the last."""
    whole = np.zeros(words * 64, dtype=np.bool_)
    whole[: len(flags)] = flags
    return whole


@kernel
def _pack(letters: Words, octets: Letters, case: np.uint64) -> None:
    for at in range(octets.shape[1]):
        eight = letters[at]
        octets[0, at] = _bits(eight >> _FIRST)
        octets[1, at] = _bits(eight >> _SECOND)
        octets[2, at] = _called(eight & case)


@kernel
def _strange(letters: Letters, called: Letters, known: NDArray[np.bool_]) -> int:
    for octet in range(called.shape[0]):
        if called[octet] != _ALL:
            for place in range(octet * 8, min(octet * 8 + 8, letters.shape[0])):
                if not known[letters[place]]:
                    return place
    return -1


@inner
def _bits(eight: np.uint64) -> np.uint64:
    """The lowest bit of each of eight bytes, as one byte."""
    return (((eight & _EACH) * _GATHER) >> _TOP) & _ALL


@inner
def _called(eight: np.uint64) -> np.uint64:
    """Whether each of eight letters is A, C, G or T."""
    other = _other(eight ^ _A) & _other(eight ^ _C) & _other(eight ^ _G) & _other(eight ^ _T)
    return _bits(~other >> _SEVENTH)


@inner
def _other(eight: np.uint64) -> np.uint64:
    """The top bit of each byte that is not zero (exact: no carry leaves a byte)."""
    return ((eight & _LOW7) + _LOW7) | eight

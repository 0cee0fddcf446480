"""Bases as small numbers, chosen so that ASCII letters turn into them by arithmetic alone.

A 0, C 1, T 2, G 3; the complement of a base is `base ^ 2`. A reference's other letters are 4 and a
read's are 5, so that the two never match each other.
"""

import numpy as np
from numpy.typing import NDArray

from abscope.kernels import inner
from abscope.records import Letters

OTHER_IN_REFERENCE, OTHER_IN_READ = 4, 5
CHUNK = 16
LETTERS = np.frombuffer(b"ACTGNN", dtype=np.uint8)
Codes = NDArray[np.uint8]


@inner
def encode_into(letters: Letters, codes: Codes, other: int) -> None:
    """Write the codes of ASCII `letters` (either case) into `codes`, `other` for all but A C G T."""
    for i in range(len(letters)):
        upper = letters[i] & np.uint8(0xDF)
        known = (upper == 65) | (upper == 67) | (upper == 71) | (upper == 84)
        codes[i] = (upper >> np.uint8(1)) & np.uint8(3) if known else np.uint8(other)


@inner
def reverse_complement_into(codes: Codes, turned: Codes) -> None:
    """Write the other strand of `codes` into `turned`; other letters stay as they are."""
    last = len(codes) - 1
    for i in range(len(codes)):
        code = codes[np.uint64(last - i)]  # unsigned: no check for a negative index
        turned[i] = code ^ np.uint8(2) if code < 4 else code


@inner
def find_unlike(one: Codes, two: Codes, found: NDArray[np.int32]) -> int:
    """Write the places at which two sequences of one length differ into `found`; return how many."""
    count = 0
    full = len(one) // CHUNK * CHUNK
    for start in range(0, full, CHUNK):
        left, right = one[start : start + CHUNK], two[start : start + CHUNK]
        unlike = np.uint8(0)
        for i in range(CHUNK):  # at once: most chunks are alike
            unlike |= left[i] ^ right[i]
        if unlike:
            for i in range(CHUNK):
                found[count] = start + i
                count += left[i] != right[i]
    for i in range(full, len(one)):
        found[count] = i
        count += one[i] != two[i]
    return count


def encode(letters: Letters) -> Codes:
    """Codes of a reference's letters, same shape."""
    codes = np.empty(len(letters), dtype=np.uint8)
    encode_into(letters, codes, OTHER_IN_REFERENCE)
    return codes

"""A read as it is counted: on the reference's strand, without its poor bases."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.letters import OTHER_IN_READ, Codes, encode_into, reverse_complement_into
from abscope.kernels import inner, signed
from abscope.records import Letters

LONGEST_READ = 1024
"""Bases of a read that are looked at; more are cut off."""


class Bar(NamedTuple):
    """What a read and a base must reach to count: mapping quality, and quality letter."""

    mapq: int
    quality: int


@inner
def orient(
    buffer: Letters, record: NDArray[np.int64], strand: int, quality: int, strands: Codes
) -> int:
    """Write a read's codes on the reference's strand into `strands[strand]`; return its length.

    Bases of poor quality become 5. strands: room, uint8 (2, 1024).
    """
    length = min(record[2], LONGEST_READ)
    read = strands[0, :length]
    encode_into(buffer[record[1] : record[1] + length], read, OTHER_IN_READ)
    qualities = buffer[record[3] : record[3] + length]
    for i in range(length):
        read[i] = read[i] if qualities[i] >= quality else np.uint8(OTHER_IN_READ)
    if strand == 1:
        reverse_complement_into(read, strands[1, :length])
    return signed(length)

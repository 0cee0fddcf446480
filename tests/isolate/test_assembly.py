"""Contigs as pieces."""

import numpy as np
import pytest

from abscope.isolate.assembly import LAYERS, PIECE, STEP, pieces
from isolate.small_reads import random_bases


@pytest.mark.parametrize("length", [100, 499, 500, 501, 1000, 1001, 12_345, 600_000])
def test_every_base_of_a_contig_is_covered_and_the_middle_evenly(length):
    contig = random_bases(length, 1)
    depth = np.zeros(length, dtype=int)
    for block in pieces([contig]):
        assert block.buffer is contig
        for start, _, size, _ in block.records:
            depth[start : start + size] += 1
    assert depth.min() >= 1
    assert depth.max() <= LAYERS + 1
    if length > 4 * PIECE:
        assert (depth[PIECE : -PIECE - STEP] == LAYERS).all()


def test_contigs_too_short_to_place_are_left_out():
    assert not list(pieces([random_bases(99, 1), random_bases(0, 1)]))

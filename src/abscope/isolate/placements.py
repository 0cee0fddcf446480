"""One row per read: how it was placed. Columns of the int32 arrays that the kernels hand on.

STATE    0 nowhere, 1 only in repeats that cannot be told apart, 2 placed
STRAND   1 where the read was turned to fit the reference
MAPQ     mapping quality (see mapping.py)
SCORE    alignment score
SEGMENTS how many of the (diagonal, a, b) triples that follow, from FIRST, are used
"""

import numpy as np
from numpy.typing import NDArray

Placements = NDArray[np.int32]

STATE, STRAND, MAPQ, SCORE, SEGMENTS, FIRST = range(6)
MOST_SEGMENTS = 8
WIDTH = FIRST + 3 * MOST_SEGMENTS
UNPLACED, AMBIGUOUS, PLACED = range(3)

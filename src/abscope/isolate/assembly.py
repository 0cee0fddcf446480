"""Contigs as overlapping pieces, so that assemblies go the same way as reads."""

from collections.abc import Iterator, Sequence

import numpy as np

from abscope.records import Block, Letters

PIECE = 500
STEP = 125
LAYERS = PIECE // STEP
PER_BLOCK = 4096


def pieces(contigs: Sequence[Letters], *, shortest: int = 100) -> Iterator[Block]:
    """Blocks of pieces: 500 bases, starting every 125; the last of a contig ends with it.

    Contigs below `shortest` are left out. Qualities are the letters themselves: all are good.
    """
    for contig in contigs:
        length = min(PIECE, len(contig))
        if length < shortest:
            continue
        starts = np.append(np.arange(0, len(contig) - length, STEP), len(contig) - length)
        records = np.stack([starts, starts, np.full(len(starts), length), starts], axis=1)
        for k in range(0, len(records), PER_BLOCK):
            yield Block(contig, np.ascontiguousarray(records[k : k + PER_BLOCK]))

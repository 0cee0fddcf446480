"""Contigs as overlapping pieces, so that assemblies go the same way as reads."""

from collections.abc import Iterator, Sequence

import numpy as np

from abscope.records import Block, Letters, ReadStats

PIECE = 500
STEP = 125
LAYERS = PIECE // STEP
PER_BLOCK = 4096
SHORTEST = 100


def pieces(contigs: Sequence[Letters]) -> Iterator[Block]:
    """Blocks of pieces: 500 bases, starting every 125; the last of a contig ends with it.

    Contigs below SHORTEST are left out. Qualities are the letters themselves: all are good.
    """
    for contig in contigs:
        length = min(PIECE, len(contig))
        if length < SHORTEST:
            continue
        starts = np.append(np.arange(0, len(contig) - length, STEP), len(contig) - length)
        records = np.stack([starts, starts, np.full(len(starts), length), starts], axis=1)
        for k in range(0, len(records), PER_BLOCK):
            yield Block(contig, np.ascontiguousarray(records[k : k + PER_BLOCK]))


def contig_stats(contigs: Sequence[Letters], *, mapped: float | None) -> ReadStats:
    """What an assembly looks like: its contigs stand where a library's reads do.

    mapped: share of the assembly that was placed on the reference.
    """
    bases = sum(len(contig) for contig in contigs)
    strong = sum(int(np.isin(contig, list(b"GC")).sum()) for contig in contigs)
    known = sum(int((contig != ord("N")).sum()) for contig in contigs)
    mean = bases / max(len(contigs), 1)
    return ReadStats(len(contigs), bases, mean, strong / max(known, 1), mapped=mapped)

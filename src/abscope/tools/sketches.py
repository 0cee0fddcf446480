"""FracMinHash sketches (sourmash): how alike two genomes are, before anything is aligned.

Containment of one k-mer set in another gives average nucleotide identity as containment^(1/k)
(Hera, Pierce-Ward & Koslicki, Genome Research 2023, 10.1101/gr.277651.123).
"""

from collections.abc import Iterable, Mapping
from itertools import islice

import numpy as np
from sourmash import MinHash

from abscope.records import Block, Letters

KSIZE, SCALED = 21, 200
SAMPLED_READS = 20_000
_GOOD_BASE = 20 + 33


def sketch(sequences: Iterable[Letters]) -> MinHash:
    """The k-mers of `sequences` (ASCII letters), both strands, one in SCALED kept."""
    kept = MinHash(n=0, ksize=KSIZE, scaled=SCALED)
    for sequence in sequences:
        kept.add_sequence(sequence.tobytes().decode("ascii"), force=True)
    return kept


def sketch_reads(batches: Iterable[tuple[Block, Block | None]]) -> MinHash:
    """The k-mers of the first SAMPLED_READS reads, bases under phred 20 left out."""
    reads = (
        row for batch in batches for block in batch if block is not None for row in _good(block)
    )
    return sketch([np.concatenate(list(islice(reads, SAMPLED_READS)) or [_GAP])])


_GAP = np.frombuffer(b"N", dtype=np.uint8)


def _good(block: Block) -> Iterable[Letters]:
    for _, start, length, quality in block.records:
        letters = block.buffer[start : start + length]
        poor = block.buffer[quality : quality + length] < _GOOD_BASE
        yield np.where(poor, ord("N"), letters).astype(np.uint8)
        yield _GAP


def identities(query: MinHash, candidates: Mapping[str, MinHash]) -> dict[str, float]:
    """Estimated identity (0-1) of the query to every candidate, best first; ties by name."""
    total = max(len(query), 1)
    found = {
        name: (query.count_common(candidate) / total) ** (1 / KSIZE)
        for name, candidate in candidates.items()
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

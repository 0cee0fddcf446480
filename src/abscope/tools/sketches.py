"""FracMinHash sketches (sourmash): how alike two genomes are, before anything is aligned.

Containment of one k-mer set in another gives average nucleotide identity as containment^(1/k)
(Hera, Pierce-Ward & Koslicki, Genome Research 2023, 10.1101/gr.277651.123).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sourmash import MinHash

from abscope.records import Block, Letters

KSIZE, SCALED = 21, 200
SAMPLED_READS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """A sample of k-mers, and the share of them that sequencing left intact (1 for assemblies)."""

    kmers: MinHash
    intact: float = 1.0


def sketch(sequences: Iterable[Letters]) -> Sketch:
    """The k-mers of `sequences` (ASCII letters), both strands, one in SCALED kept."""
    return Sketch(_kmers(sequences))


def _kmers(sequences: Iterable[Letters]) -> MinHash:
    kept = MinHash(n=0, ksize=KSIZE, scaled=SCALED)
    for sequence in sequences:
        kept.add_sequence(sequence.tobytes().decode("ascii"), force=True)
    return kept


def sketch_reads(batches: Iterable[tuple[Block, Block | None]]) -> Sketch:
    """The k-mers of the first SAMPLED_READS reads, and how many of them their qualities trust."""
    reads = (
        part
        for batch in batches
        for block in batch
        if block is not None
        for part in _letters_and_errors(block)
    )
    sampled = list(islice(reads, SAMPLED_READS)) or [(_GAP, np.ones(1))]
    letters = np.concatenate([part for one, _ in sampled for part in (one, _GAP)])
    return Sketch(_kmers([letters]), _intact([errors for _, errors in sampled]))


_GAP = np.frombuffer(b"N", dtype=np.uint8)
_ERROR = 10.0 ** (-np.clip(np.arange(256) - 33, 0, 93) / 10)


def _letters_and_errors(block: Block) -> Iterator[tuple[Letters, NDArray[np.float64]]]:
    for _, start, length, quality in block.records:
        yield (
            block.buffer[start : start + length],
            _ERROR[block.buffer[quality : quality + length]],
        )


def _intact(errors: list[NDArray[np.float64]]) -> float:
    """Mean chance that all bases of a k-mer were read right, from the qualities."""
    logs = [np.concatenate([[0.0], np.cumsum(np.log1p(-np.minimum(e, 0.75)))]) for e in errors]
    kmers = [np.exp(sums[KSIZE:] - sums[:-KSIZE]) for sums in logs if len(sums) > KSIZE]
    return float(np.concatenate(kmers).mean()) if kmers else 1.0


def identities(query: Sketch, candidates: Mapping[str, Sketch]) -> dict[str, float]:
    """Estimated identity (0-1) of the query to every candidate, best first; ties by name.

    The share of the query's intact k-mers that a candidate holds, to the power 1/k.
    """
    total = max(len(query.kmers) * query.intact, 1.0)
    shares = {
        name: min(query.kmers.count_common(candidate.kmers) / total, 1.0)
        for name, candidate in candidates.items()
    }
    found = {name: share ** (1 / KSIZE) for name, share in shares.items()}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

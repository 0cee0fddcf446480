"""FracMinHash sketches of genomes and reads, by sourmash.

k is 31, as in the public collections of sketches, so that theirs can be compared with ours; one k-mer in
200 is kept, a finer sample than theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sourmash import MinHash

from abscope.isolate.containment import compare
from abscope.records import Block, KnownGenome, Letters, Sketch

KSIZE, SCALED = 31, 200
WINDOW = 20_000
SAMPLED_BLOCKS = 4
_GAP = ord("N")
_ERROR = np.log1p(-np.minimum(10.0 ** (-np.clip(np.arange(256) - 33, 0, 93) / 10), 0.75))


def sketch(sequences: Iterable[Letters]) -> Sketch:
    """The k-mers of `sequences` (ASCII letters), both strands, one in SCALED kept."""
    kept = MinHash(n=0, ksize=KSIZE, scaled=SCALED)
    for sequence in sequences:
        kept.add_sequence(sequence.tobytes().decode("ascii"), force=True)
    return Sketch(np.sort(_hashes(kept)), KSIZE, SCALED)


def sketch_genome(sequences: Iterable[Letters]) -> Sketch:
    """The same of a genome to compare with: each k-mer with the WINDOW bases it first lies in."""
    hashes, windows = [], []
    for number, part in enumerate(_windows(sequences)):
        kept = MinHash(n=0, ksize=KSIZE, scaled=SCALED)
        kept.add_sequence(part.tobytes().decode("ascii"), force=True)
        hashes.append(_hashes(kept))
        windows.append(np.full(len(kept), number, dtype=np.int32))
    if not hashes:
        return Sketch(np.zeros(0, dtype=np.uint64), KSIZE, SCALED)
    found, first = np.unique(np.concatenate(hashes), return_index=True)
    return Sketch(found, KSIZE, SCALED, windows=np.concatenate(windows)[first])


def _windows(sequences: Iterable[Letters]) -> Iterator[Letters]:
    for sequence in sequences:
        for start in range(0, len(sequence), WINDOW):
            yield sequence[start : start + WINDOW + KSIZE - 1]


def _hashes(kept: MinHash) -> NDArray[np.uint64]:
    return np.fromiter(kept.hashes, dtype=np.uint64, count=len(kept))


def sketch_reads(batches: Iterable[tuple[Block, Block | None]]) -> Sketch:
    """The k-mers of the first SAMPLED_BLOCKS blocks of reads, with how often each was seen.

    Of pairs only the first mates: mates that overlap would count the same molecule twice.
    """
    kept = MinHash(n=0, ksize=KSIZE, scaled=SCALED, track_abundance=True)
    chances = []
    for block, _ in islice(batches, SAMPLED_BLOCKS):
        letters, errors = _joined(block)
        kept.add_sequence(letters.tobytes().decode("ascii"), force=True)
        chances.append(_intact(letters, errors))
    counted = kept.hashes
    hashes = np.fromiter(counted.keys(), dtype=np.uint64, count=len(counted))
    counts = np.fromiter(counted.values(), dtype=np.int64, count=len(counted))
    order = np.argsort(hashes)
    known = np.concatenate(chances) if chances else np.zeros(0)
    intact = float(known.mean()) if len(known) else 1.0
    return Sketch(hashes[order], KSIZE, SCALED, counts=counts[order], intact=max(intact, 1e-6))


def _joined(block: Block) -> tuple[Letters, NDArray[np.float64]]:
    """All reads of a block with a gap after each, and the log chance that a base was read right."""
    starts, lengths, qualities = block.records[:, 1], block.records[:, 2], block.records[:, 3]
    ends = np.cumsum(lengths + 1)
    read = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(read)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = within + np.repeat(ends - lengths - 1, lengths)
    letters = np.full(int(ends[-1]) if len(ends) else 0, _GAP, dtype=np.uint8)
    letters[place] = block.buffer[starts[read] + within]
    errors = np.zeros(len(letters))
    errors[place] = _ERROR[block.buffer[qualities[read] + within]]
    return letters, errors


def _intact(letters: Letters, errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that a k-mer was read right, for every k-mer that spans no gap."""
    if len(letters) < KSIZE:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(errors)])
    gaps = np.concatenate([[0], np.cumsum(letters == _GAP)])
    whole = gaps[KSIZE:] == gaps[:-KSIZE]
    chances: NDArray[np.float64] = np.exp((sums[KSIZE:] - sums[:-KSIZE])[whole])
    return chances


def identities(query: Sketch, candidates: Mapping[str, Sketch]) -> dict[str, float]:
    """Estimated identity (0-1) of the query to every candidate, best first; ties by name."""
    found = {
        name: compare(query, KnownGenome(name, "", known)).ani or 0.0
        for name, known in candidates.items()
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

"""Paired Illumina reads from one genome or a mixture, as FASTQ bytes.

    for block1, block2 in paired_reads((Source(genome),), Sequencing(depth=60), rng=rng):
        file1.write(block1), file2.write(block2)

Qualities fall towards the 3' end and R2 is worse; a base is wrong exactly as often as its quality
says. Fragments follow the insert sizes, the depth wave, the GC bias and the share of duplicates
asked for; short inserts are read through into the adapter. The same generator state gives the same
bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Letters
from abscope.simulate.library import Fragments, Sequencing, Source, fragment
from abscope.simulate.read_kernels import write_reads

ADAPTERS = (b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCAC", b"AGATCGGAAGAGCGTCGTGTAGGGAAAGAGTGTA")
"""What R1 and R2 read when they run past a short insert (TruSeq)."""
_PAIRS_A_BLOCK = 20_000


def paired_reads(
    sources: Sequence[Source],
    sequencing: Sequencing,
    *,
    rng: np.random.Generator,
    prefix: str = "sim",
) -> Iterator[tuple[bytes, bytes]]:
    """Whole FASTQ records of R1 and R2, in blocks of equal numbers of reads.

    Depth counts against the mean length of the sources, weighted by their shares.
    """
    letters = np.concatenate([source.genome.letters for source in sources])
    fragments = fragment(sources, sequencing, rng)
    seed = int(rng.integers(2**62))
    for first in range(0, len(fragments.start), _PAIRS_A_BLOCK):
        last = min(first + _PAIRS_A_BLOCK, len(fragments.start))
        block = _Block(prefix, np.arange(first, last), sequencing, seed)
        yield _records(block, letters, fragments, 0), _records(block, letters, fragments, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    prefix: str
    numbers: NDArray[np.int64]
    sequencing: Sequencing
    seed: int


def _records(block: _Block, letters: Letters, fragments: Fragments, mate: int) -> bytes:
    length = block.sequencing.read_length
    records = _empty_records(block.prefix, block.numbers, mate, length)
    write_reads(
        records,
        _spans(fragments, block.numbers, mate),
        letters,
        levels=quality_table(block.sequencing, mate),
        adapter=np.frombuffer(ADAPTERS[mate], dtype=np.uint8),
        seed=block.seed + (mate << 60),
    )
    return records.tobytes()


def quality_table(sequencing: Sequencing, mate: int) -> NDArray[np.float64]:
    """Return the chance of each of LEVELS at each cycle, float64 (cycles, levels); rows sum to 1.

    Poor bases are some at the first cycles, few in the middle, many at the 3' end; mate 1 (R2) has
    more.
    """
    cycle = np.arange(sequencing.read_length) / max(sequencing.read_length - 1, 1)
    poor = 0.02 + 0.06 * np.exp(-cycle * 60) + (0.10, 0.18)[mate] * cycle**3
    poor = np.minimum(poor * sequencing.quality * (1.0, 1.3)[mate], 0.9)
    worst = poor * (0.15 + 0.25 * cycle)
    table = np.stack([1 - poor, poor - worst, worst, np.zeros_like(poor)], axis=1)
    table *= 1 - sequencing.no_call
    table[:, 3] = sequencing.no_call
    return table


def _empty_records(
    prefix: str, numbers: NDArray[np.int64], mate: int, length: int
) -> NDArray[np.uint8]:
    """Make records of one size, complete but for sequence and quality."""
    name = f"@{prefix}.0000000000 {mate + 1}\n".encode()
    row = np.frombuffer(name + b"N" * length + b"\n+\n" + b"!" * length + b"\n", dtype=np.uint8)
    records = np.tile(row, (len(numbers), 1))
    digits = numbers[:, None] // 10 ** np.arange(9, -1, -1) % 10
    first = len(prefix) + 2
    records[:, first : first + 10] = digits + ord("0")
    return records


def _spans(fragments: Fragments, numbers: NDArray[np.int64], mate: int) -> NDArray[np.int64]:
    """For each read: number, first letter, step (+1 or -1), size of the fragment; int64 (n, 4)."""
    start, size = fragments.start[numbers], fragments.size[numbers]
    backward = fragments.reverse[numbers] != bool(mate)
    first = np.where(backward, start + size - 1, start)
    return np.stack([numbers, first, np.where(backward, -1, 1), size], axis=1)

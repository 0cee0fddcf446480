"""Draft assemblies: contigs as an assembler of short reads leaves them."""

import numpy as np
from numpy.typing import NDArray

from abscope.records import Interval, Letters
from abscope.simulate.genomes import Genome

_RESOLVED = 250
_OVERLAP = 50
_SHORTEST = 500
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")


def draft(
    genome: Genome,
    repeats: tuple[Interval, ...],
    *,
    extra_breaks: int = 20,
    rng: np.random.Generator,
) -> list[tuple[str, Letters]]:
    """Break a genome at repeats longer than a read, and at some badly covered places.

    Contigs come longest first, on either strand, named `contig_1`...; they reach a little into the
    repeats, which are otherwise missing, as collapsed repeats are. None is shorter than 500 bases.
    """
    kept = np.ones(len(genome), dtype=np.bool_)
    for repeat in repeats:
        if repeat.end - repeat.start > _RESOLVED:
            kept[repeat.start + _OVERLAP : repeat.end - _OVERLAP] = False
    kept[rng.integers(0, len(genome), extra_breaks)] = False
    pieces = [
        genome.letters[start:end]
        for contig in genome.contigs
        for start, end in _stretches(kept, contig.start, contig.end)
        if end - start >= _SHORTEST
    ]
    pieces = [_COMPLEMENT[piece[::-1]] if rng.random() < 0.5 else piece for piece in pieces]
    pieces.sort(key=len, reverse=True)
    return [(f"contig_{number}", piece) for number, piece in enumerate(pieces, 1)]


def _stretches(kept: NDArray[np.bool_], start: int, end: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(kept[start:end].astype(np.int8), prepend=0, append=0)) + start
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))

"""Reads written by hand or simulated, as blocks, for the fast caller's tests."""

from collections.abc import Iterator, Sequence

import numpy as np

from abscope.formats.fastq_kernels import parse
from abscope.isolate.letters import LETTERS
from abscope.isolate.seeds import SeedIndex, index
from abscope.records import Block, Contig, Letters, Reference
from abscope.simulate.genomes import Genome
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads

COMPLEMENT = bytes.maketrans(b"ACGTacgt", b"TGCAtgca")


def text_of(codes: np.ndarray) -> str:
    return LETTERS[codes].tobytes().decode()


def turned(letters: bytes) -> bytes:
    return letters.translate(COMPLEMENT)[::-1]


def random_bases(length: int, seed: int) -> Letters:
    return np.random.default_rng(seed).choice(np.frombuffer(b"ACGT", dtype=np.uint8), length)


def reference_of(*contigs: Letters) -> Reference:
    ends = np.cumsum([len(contig) for contig in contigs]).tolist()
    parts = tuple(
        Contig(f"c{k}", end - len(contig), end)
        for k, (contig, end) in enumerate(zip(contigs, ends, strict=True))
    )
    return Reference("r", parts, np.concatenate(contigs))


def indexed(*contigs: Letters) -> SeedIndex:
    return index(reference_of(*contigs))


def block_of(reads: Sequence[bytes], *, quality: str = "I") -> Block:
    """Reads of one quality, as a FASTQ file would hold them."""
    records = (b"@r%d\n%s\n+\n%s\n" % (k, read, quality.encode() * len(read))
               for k, read in enumerate(reads))  # fmt: skip
    return as_block(b"".join(records))


def as_block(text: bytes) -> Block:
    buffer = np.frombuffer(text, dtype=np.uint8).copy()
    records, _, problem = parse(buffer, text.count(b"\n") // 4 + 1, True)
    assert problem == 0
    return Block(buffer, records)


def sequenced(
    genome: Genome, rng: np.random.Generator, **settings: float
) -> list[tuple[Block, Block]]:
    """Simulated mates of one genome, as blocks."""
    made = paired_reads((Source(genome),), Sequencing(**settings), rng=rng)  # type: ignore[arg-type]
    return [(as_block(one), as_block(two)) for one, two in made]


def only_first(batches: Sequence[tuple[Block, Block]]) -> Iterator[tuple[Block, None]]:
    return ((one, None) for one, _ in batches)

"""The fast caller: short reads or an assembly to a letter at every reference position.

Blocks are mapped and piled up by threads; between the two, copies of a template are found in the order
of the file, so that the number of threads changes nothing.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.assembly import LAYERS, pieces
from abscope.isolate.calls import Limits, call, doubt_clusters
from abscope.isolate.kept import Kept, join
from abscope.isolate.letters import encode
from abscope.isolate.mapping import map_block
from abscope.isolate.minor_sites import minor_sites
from abscope.isolate.oriented import LONGEST_READ, Bar
from abscope.isolate.pairs import LONGEST_INSERT, Copies, pair_up, whole_spans
from abscope.isolate.pileup import (
    Counts,
    Found,
    Tally,
    count,
    empty_tally,
    expand,
    pile_block,
    pile_kept,
)
from abscope.isolate.placements import Placements
from abscope.isolate.realign import Indels, Site, Track, realign
from abscope.isolate.regions import find_regions
from abscope.isolate.seeds import SeedIndex
from abscope.isolate.summary import depth_of, read_stats
from abscope.isolate.variants import variants
from abscope.records import Block, Called, Calls, Letters, ReadStats
from abscope.settings import CallRules

T = TypeVar("T")
R = TypeVar("R")

PHRED = 33
UNLIMITED = 1 << 40


def call_reads(
    batches: Iterator[tuple[Block, Block | None]],
    index: SeedIndex,
    *,
    rules: CallRules,
    threads: int = 1,
) -> Called:
    """Call one isolate from blocks of mates, or of single reads (second block None)."""
    bar = Bar(rules.mapqual, PHRED + rules.basequal)
    pile = _Heap(index, bar, empty_tally(len(index.genome.codes)))
    pile.run(batches, threads)
    limits = Limits(rules.mincov, rules.minfrac, rules.minqual, UNLIMITED)
    return _finish(pile, limits, Site(2, rules.minfrac), seconds=True)


def call_assembly(
    contigs: Sequence[Letters], index: SeedIndex, *, rules: CallRules, threads: int = 1
) -> Called:
    """Call one isolate from its assembled contigs: every covering piece must agree.

    A position covered by more pieces than one contig gives is not called: it lies in the assembly twice.
    """
    pile = _Heap(index, Bar(rules.mapqual, 0), empty_tally(len(index.genome.codes)))
    pile.run(((block, None) for block in pieces(contigs)), threads)
    return _finish(pile, Limits(1, 1.0, 0.0, 2 * LAYERS - 2), Site(1, 1.0))


@dataclass(slots=True)
class _Mapped:
    """One batch on its way: blocks, their placements and spans, template keys."""

    blocks: tuple[Block, ...]
    rows: tuple[Placements, ...]
    spans: tuple[NDArray[np.int32], ...]
    keys: NDArray[np.uint64] | None
    totals: NDArray[np.int64]
    inserts: NDArray[np.int64] | None


@dataclass(slots=True)
class _Heap:
    """Everything counted so far."""

    index: SeedIndex
    bar: Bar
    tally: Tally
    copies: Copies = field(default_factory=Copies)
    totals: NDArray[np.int64] = field(default_factory=lambda: np.zeros(4, dtype=np.int64))
    inserts: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(LONGEST_INSERT + 1, dtype=np.int64)
    )
    reads: int = 0
    pairs: int = 0
    kept: list[Kept] = field(default_factory=list)

    def run(self, batches: Iterator[tuple[Block, Block | None]], threads: int) -> None:
        """Map, mark copies in order, pile up."""
        with ThreadPoolExecutor(threads) as pool:
            mapped = _in_order(pool, self._map, batches, 2 * threads)
            for found in _in_order(pool, self._pile, map(self._mark, mapped), 2 * threads):
                for (
                    one
                ) in found:  # by one thread: the tally would wander between processors' caches
                    count(one, self.tally)
                    self.kept.append(one.kept)

    def _map(self, batch: tuple[Block, Block | None]) -> _Mapped:
        blocks = tuple(block for block in batch if block is not None)
        results = [map_block(block.buffer, block.records, self.index.genome) for block in blocks]
        rows = tuple(result[0] for result in results)
        totals = np.sum([result[1] for result in results], axis=0)
        lengths = [np.minimum(block.records[:, 2], LONGEST_READ) for block in blocks]
        if len(blocks) == 1:
            return _Mapped(blocks, rows, (whole_spans(lengths[0]),), None, totals, None)
        keys, spans1, spans2, inserts = pair_up(rows[0], rows[1], lengths[0], lengths[1])
        return _Mapped(blocks, rows, (spans1, spans2), keys, totals, inserts)

    def _mark(self, batch: _Mapped) -> _Mapped:
        self.totals += batch.totals
        self.reads += sum(len(block.records) for block in batch.blocks)
        if batch.keys is not None and batch.inserts is not None:
            self.inserts += batch.inserts
            self.pairs += len(batch.keys)
            repeated = self.copies.mark(batch.keys)
            for spans in batch.spans:
                spans[repeated] = 0
        return batch

    def _pile(self, batch: _Mapped) -> list[Found]:
        codes = self.index.genome.codes
        return [
            pile_block(block.buffer, block.records, (rows, spans), codes, self.bar)
            for block, rows, spans in zip(batch.blocks, batch.rows, batch.spans, strict=True)
        ]

    def stats(self) -> ReadStats:
        """What the reads look like."""
        if not self.pairs:
            return read_stats(self.totals, self.reads)
        copies = (self.copies.copies, self.pairs)
        return read_stats(self.totals, self.reads, copies=copies, inserts=self.inserts)


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[T], R], items: Iterator[T], ahead: int
) -> Iterator[R]:
    """Results of `work` in the order of `items`, at most `ahead` under way."""
    waiting: deque[Future[R]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _finish(pile: _Heap, limits: Limits, site: Site, *, seconds: bool = False) -> Called:
    """Settle regions, call every position, and sum up; `seconds`: list second bases."""
    codes, repeated = pile.index.genome.codes, pile.index.repeated
    counts, track, indels = _settle(pile, site)
    letters, reasons, depths = call(counts, track, codes, repeated, limits)
    doubt_clusters(letters, reasons, encode(letters), codes)
    return Called(
        Calls(pile.index.reference.name, letters),
        variants(counts, reasons, codes, indels, limits),
        depth_of(depths, mincov=limits.mincov),
        pile.stats(),
        minor_sites(counts, track, repeated) if seconds else None,
    )


def _settle(pile: _Heap, site: Site) -> tuple[Counts, Track, Indels]:
    """Counts of all reads, those set aside included; these and the tally are let go of."""
    codes = pile.index.genome.codes
    expanded, kept = expand(pile.tally, codes), join(pile.kept)
    pile.tally = empty_tally(0)
    regions = find_regions(kept, expanded.counts, pile.index, least=site.least)
    track, indels = realign(regions, kept, codes, expanded, site)
    pile_kept(kept, track.closed, expanded.counts)
    return expanded.counts, track, indels

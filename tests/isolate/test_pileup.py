"""Counting, against counting one base at a time."""

import numpy as np
import pytest

from abscope.isolate.kept import NONE, Kept, join
from abscope.isolate.mapping import map_block
from abscope.isolate.oriented import Bar
from abscope.isolate.pairs import whole_spans
from abscope.isolate.pileup import FULL, Found, count, empty_tally, expand, pile_block, pile_kept
from abscope.isolate.placements import FIRST, MAPQ, PLACED, SEGMENTS, STATE, STRAND
from abscope.isolate.seeds import index
from abscope.records import Block, Contig, Reference
from abscope.simulate.genomes import from_reference
from abscope.simulate.mutation import mutated
from isolate.small_reads import random_bases, sequenced

CODE = {ord("A"): 0, ord("C"): 1, ord("T"): 2, ord("G"): 3}
POOREST = 33 + 13


@pytest.fixture(scope="module")
def genome():
    letters = random_bases(20_000, 4)
    return from_reference(Reference("r", (Contig("c", 0, 20_000),), letters))


@pytest.fixture(scope="module")
def seeds(genome):
    return index(genome.as_reference("r"))


@pytest.fixture(scope="module")
def mapped(genome, seeds) -> list[tuple[Block, np.ndarray]]:
    isolate = mutated(genome, 0.02, rng=np.random.default_rng(1))
    batches = sequenced(isolate, np.random.default_rng(2), depth=12)
    blocks = [block for pair in batches for block in pair]
    return [(b, map_block(b.buffer, b.records, seeds.genome)[0]) for b in blocks]


def slow_count(mapped, counts, *, fitting: bool) -> None:
    """Every good base of every segment of reads that are in one piece, or of the others."""
    for block, rows in mapped:
        for record, row in zip(block.records.tolist(), rows.tolist(), strict=True):
            if row[STATE] != PLACED or row[MAPQ] < 60:
                continue
            length, segments = record[2], row[SEGMENTS]
            outside = max(row[FIRST + 1], length - row[FIRST + 3 * segments - 1])
            if (segments == 1 and outside < 10) != fitting:
                continue
            bases = [
                CODE.get(x & 0xDF, 5) for x in block.buffer[record[1] : record[1] + length].tolist()
            ]
            good = [q >= POOREST for q in block.buffer[record[3] : record[3] + length].tolist()]
            if row[STRAND]:
                bases, good = [b ^ 2 for b in reversed(bases)], list(reversed(good))
            for s in range(segments):
                diagonal, a, b = row[FIRST + 3 * s : FIRST + 3 * s + 3]
                a += 5 * (not fitting and s == 0 and a > 0)
                b -= 5 * (not fitting and s == segments - 1 and b < length)
                for i in range(a, b):
                    if good[i] and bases[i] < 4:
                        counts[diagonal + i, 4 * row[STRAND] + bases[i]] += 1


def piled(mapped, seeds) -> tuple[np.ndarray, Kept]:
    codes = seeds.genome.codes
    tally, kept = empty_tally(len(codes)), []
    for block, rows in mapped:
        placed = (rows.copy(), whole_spans(block.records[:, 2]))
        found = pile_block(block.buffer, block.records, placed, codes, Bar(60, POOREST))
        count(found, tally)
        kept.append(found.kept)
    return expand(tally, codes).counts, join(kept)


def test_reads_that_fit_are_counted_base_by_base_in_any_order(mapped, seeds):
    counts, kept = piled(mapped, seeds)
    expected = np.zeros_like(counts)
    slow_count(mapped, expected, fitting=True)
    np.testing.assert_array_equal(counts, expected)
    np.testing.assert_array_equal(piled(mapped[::-1], seeds)[0], expected)
    assert len(kept.rows) > 50


def test_reads_set_aside_are_joined_in_the_order_of_the_reference(mapped, seeds):
    _, kept = piled(mapped, seeds)
    starts = kept.rows[:, FIRST] + kept.rows[:, FIRST + 1]
    assert (np.diff(starts) >= 0).all()
    for j in range(len(starts)):
        read, row = kept.codes[kept.starts[j] : kept.starts[j + 1]], kept.rows[j]
        for s in range(row[SEGMENTS]):
            diagonal, a, b = row[FIRST + 3 * s : FIRST + 3 * s + 3]
            unlike = read[a:b] != seeds.genome.codes[diagonal + a : diagonal + b]
            assert unlike[read[a:b] < 4].mean() < 0.34


def test_reads_set_aside_are_counted_but_for_five_bases_beside_a_break(mapped, seeds):
    counts, kept = piled(mapped, seeds)
    expected = counts.copy()
    slow_count(mapped, expected, fitting=False)
    pile_kept(kept, np.zeros(len(counts), dtype=np.bool_), counts)
    np.testing.assert_array_equal(counts, expected)


def test_closed_positions_take_no_read_set_aside(mapped, seeds):
    counts, kept = piled(mapped, seeds)
    before = counts.copy()
    pile_kept(kept, np.ones(len(counts), dtype=np.bool_), counts)
    np.testing.assert_array_equal(counts, before)


def test_reads_over_a_position_are_counted_poor_bases_included(mapped, seeds):
    codes = seeds.genome.codes
    tally = empty_tally(len(codes))
    block, rows = mapped[0]
    placed = (rows, whole_spans(block.records[:, 2]))
    count(pile_block(block.buffer, block.records, placed, codes, Bar(60, 0)), tally)
    pile = expand(tally, codes)
    covered = pile.cover[:-1].astype(int)
    known = pile.counts.sum(axis=1)
    assert (known <= covered).all()
    assert (known == covered).mean() > 0.9
    assert pile.cover[-1] == 0


def test_counts_stop_at_their_limit_instead_of_turning_over():
    codes = np.zeros(4, dtype=np.uint8)
    tally = empty_tally(4)
    odd, edges = np.full(80_000, 8 * 2 + 1), np.repeat([4 * 1, 4 * 3 + 2], 100_000)
    count(Found(odd, edges, NONE), tally)
    counts = expand(tally, codes).counts
    assert counts[1, :4].tolist() == [FULL, 0, 0, 0]
    assert counts[2, :2].tolist() == [100_000 - FULL, FULL]

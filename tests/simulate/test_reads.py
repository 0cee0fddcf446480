"""Reads have the qualities, errors, sizes, depth and shares asked for."""

from dataclasses import replace

import numpy as np
import pytest

from abscope.simulate import genomes, library, mutation
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import ADAPTERS, paired_reads, quality_table

PLAIN = Sequencing(depth=20, duplicates=0, depth_wave=0, gc_bias=0)


def lines(sources, sequencing, seed=1, mate=0):
    blocks = list(paired_reads(sources, sequencing, rng=np.random.default_rng(seed)))
    return b"".join(block[mate] for block in blocks).split(b"\n")[:-1]


def letters_and_qualities(text):
    def table(rows):
        return np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), -1)

    return table(text[1::4]), table(text[3::4]) - 33


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(make):
    genome = (Source(make(20_000, np.random.default_rng(1))),)
    assert lines(genome, PLAIN) == lines(genome, PLAIN)
    assert lines(genome, PLAIN) != lines(genome, PLAIN, seed=2)


def test_mates_come_in_step_and_every_record_has_four_lines(make):
    genome = (Source(make(20_000, np.random.default_rng(1))),)
    one, two = lines(genome, PLAIN), lines(genome, PLAIN, mate=1)
    assert len(one) == len(two) == 4 * round(20 * 20_000 / 300)
    assert [name[:-1] for name in one[::4]] == [name[:-1] for name in two[::4]]
    assert len(set(one[::4])) == len(one) // 4
    assert {name[-1:] for name in one[::4]} == {b"1"}


@pytest.mark.parametrize("mate", [0, 1])
def test_bases_are_wrong_as_often_as_their_quality_says(make, mate):
    genome = make(100_000, np.random.default_rng(2))
    sequencing = replace(PLAIN, depth=60, insert_mean=400, insert_sd=10)
    fragments = library.fragment((Source(genome),), sequencing, np.random.default_rng(7))
    text = lines((Source(genome),), sequencing, seed=7, mate=mate)
    letters, qualities = letters_and_qualities(text)
    backward = fragments.reverse != bool(mate)
    first = np.where(backward, fragments.start + fragments.size - 1, fragments.start)
    steps = np.where(backward, -1, 1)[:, None] * np.arange(150)
    true = genome.letters[first[:, None] + steps]
    flip = np.arange(256, dtype=np.uint8)
    flip[list(b"ACGT")] = list(b"TGCA")
    true = np.where(backward[:, None], flip[true], true)
    for quality in (37, 25, 11):
        chosen = qualities == quality
        rate = (letters[chosen] != true[chosen]).mean()
        expected = 10 ** (-quality / 10)
        assert rate == pytest.approx(expected, abs=4 * (expected / chosen.sum()) ** 0.5)
    assert ((letters == ord("N")) == (qualities == 2)).all()


def test_qualities_follow_the_table_fall_towards_the_end_and_are_worse_in_r2(make):
    genome = (Source(make(100_000, np.random.default_rng(2))),)
    means = []
    for mate in (0, 1):
        _, qualities = letters_and_qualities(lines(genome, replace(PLAIN, depth=60), mate=mate))
        share = (qualities == 37).mean(axis=0)
        np.testing.assert_allclose(share, quality_table(PLAIN, mate)[:, 0], atol=0.015)
        assert qualities[:, -20:].mean() < qualities[:, 40:60].mean() - 1
        means.append(qualities.mean())
    assert means[1] < means[0]


def test_inserts_depth_and_duplicates_are_as_asked(make):
    genome = Source(make(200_000, np.random.default_rng(3)))
    sequencing = Sequencing(depth=40, insert_mean=300, insert_sd=40, duplicates=0.1)
    found = library.fragment((genome,), sequencing, np.random.default_rng(1))
    assert found.size.mean() == pytest.approx(300, abs=2)
    assert found.size.std() == pytest.approx(40, abs=2)
    assert len(found.start) * 300 / 200_000 == pytest.approx(40, abs=0.01)
    whole = np.stack([found.start, found.size, found.reverse], axis=1)
    copies = 1 - len(np.unique(whole, axis=0)) / len(whole)
    assert copies == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("bias", [-3.0, 0.0, 3.0])
def test_depth_follows_gc_as_asked(make, bias):
    rng = np.random.default_rng(4)
    poor = np.frombuffer(b"ACGT", dtype=np.uint8)[rng.choice(4, 50_000, p=[0.3, 0.2, 0.2, 0.3])]
    rich = np.frombuffer(b"ACGT", dtype=np.uint8)[rng.choice(4, 50_000, p=[0.1, 0.4, 0.4, 0.1])]
    genome = make(100_000, rng)
    genome = replace(genome, letters=np.concatenate([poor, rich]))
    sequencing = replace(PLAIN, depth=100, gc_bias=bias)
    start = library.fragment((Source(genome),), sequencing, rng).start
    ratio = (start >= 50_000).sum() / (start < 50_000).sum()
    assert np.log(ratio) == pytest.approx(bias * 0.4, abs=0.1)


def test_a_mixture_has_the_shares_asked(make):
    rng = np.random.default_rng(5)
    one = make(50_000, rng)
    other = mutation.mutated(one, 0.01, large_indels=3, rng=rng)
    sources = (Source(one, 0.8), Source(other, 0.2))
    found = library.fragment(sources, replace(PLAIN, depth=100), rng)
    assert (found.source == 1).mean() == pytest.approx(0.2, abs=0.01)
    assert (found.start[found.source == 1] >= len(one)).all()


def test_fragments_stay_inside_their_contig(make):
    rng = np.random.default_rng(6)
    genome = make(9000, rng, contigs=3)
    found = library.fragment((Source(genome),), replace(PLAIN, depth=200), rng)
    contig = found.start // 3000
    assert ((found.start + found.size - 1) // 3000 == contig).all()
    assert found.start.min() >= 0


def test_a_short_insert_is_read_through_into_the_adapter(make):
    genome = Source(make(5000, np.random.default_rng(7)))
    sequencing = replace(PLAIN, insert_mean=100, insert_sd=0, no_call=0.0, quality=0.0)
    for mate in (0, 1):
        reads = lines((genome,), sequencing, mate=mate)[1::4]
        good = np.mean([read[100:134] == ADAPTERS[mate] for read in reads])
        assert good > 0.95


def test_reads_of_an_unknown_stretch_are_unknown(make):
    genome = make(2000, np.random.default_rng(8))
    genome = replace(genome, letters=np.full(2000, ord("N"), dtype=np.uint8))
    reads = lines((Source(genome),), replace(PLAIN, insert_mean=300, insert_sd=0))[1::4]
    assert set(b"".join(reads)) == {ord("N")}


def test_a_truth_survives_the_reads_of_a_descendant(make):
    rng = np.random.default_rng(9)
    root = make(20_000, rng)
    child = mutation.mutated(root, 0.01, indel_share=0, rng=rng)
    found = genomes.truth(child, root)
    text = lines((Source(child),), replace(PLAIN, quality=0.0, no_call=0.0, depth=40))
    joined = b"\n".join(text[1::4])
    seen = [
        child.letters[p - 15 : p + 16].tobytes() in joined
        for p in found.positions
        if 500 < p < 19_500
    ]
    assert np.mean(seen) > 0.98

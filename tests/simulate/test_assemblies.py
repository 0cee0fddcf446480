"""Drafts break where short reads cannot go on."""

import numpy as np

from abscope.records import Interval
from abscope.simulate.assemblies import draft

COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")


def test_contigs_are_pieces_of_the_genome_broken_at_repeats(make):
    rng = np.random.default_rng(1)
    genome = make(60_000, rng)
    repeats = (Interval(10_000, 11_500, "repeat"), Interval(30_000, 30_200, "repeat"))
    contigs = draft(genome, repeats, extra_breaks=0, rng=rng)
    whole = genome.letters.tobytes()
    places = []
    for _, letters in contigs:
        text = letters.tobytes()
        place = whole.find(text)
        places.append(place if place >= 0 else whole.find(text.translate(COMPLEMENT)[::-1]))
    assert sorted(places) == [0, 11_450]
    assert sorted(len(letters) for _, letters in contigs) == [10_050, 48_550]
    assert [name for name, _ in contigs] == ["contig_1", "contig_2"]


def test_extra_breaks_make_more_contigs_longest_first(make):
    rng = np.random.default_rng(2)
    contigs = draft(make(200_000, rng), (), extra_breaks=30, rng=rng)
    lengths = [len(letters) for _, letters in contigs]
    assert 20 <= len(contigs) <= 31
    assert lengths == sorted(lengths, reverse=True)
    assert min(lengths) >= 500
    assert sum(lengths) > 190_000


def test_no_contig_spans_two_replicons(make):
    rng = np.random.default_rng(3)
    contigs = draft(make(90_000, rng, contigs=3), (), extra_breaks=0, rng=rng)
    assert [len(letters) for _, letters in contigs] == [30_000] * 3

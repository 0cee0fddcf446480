"""The index of a reference's 19-mers, against a dictionary."""

from collections import defaultdict

import numpy as np
import pytest

from abscope.isolate.letters import OTHER_IN_READ, encode_into
from abscope.isolate.seeds import K, find, key_at, turn
from abscope.records import Letters
from isolate.small_reads import indexed, random_bases, turned


def slow_index(*contigs: Letters) -> dict[bytes, list[int]]:
    """Canonical 19-mers and where they lie."""
    places, start = defaultdict(list), 0
    for contig in contigs:
        text = contig.tobytes()
        for i in range(len(text) - K + 1):
            kmer = text[i : i + K]
            if b"N" not in kmer:
                places[min(kmer, turned(kmer))].append(start + i)
        start += len(text)
    return places


def looked_up(seeds, kmer: bytes) -> tuple[list[int], bool]:
    """Positions of a 19-mer, and whether the index says it is repeated."""
    codes = np.empty(K, dtype=np.uint8)
    encode_into(np.frombuffer(kmer, dtype=np.uint8), codes, OTHER_IN_READ)
    key = np.uint64(key_at(codes, 0))
    slot, entry = find(seeds.genome, min(key, np.uint64(turn(key))))
    if slot < 0:
        return [], False
    if not entry >> 27 & 1:
        return [(entry & 0x7FFFFFF) >> 1], False
    at = np.searchsorted(seeds.genome.slots, slot)
    places = seeds.genome.places[seeds.genome.starts[at] : seeds.genome.starts[at + 1]]
    return sorted(int(place) >> 1 for place in places), True


@pytest.fixture(scope="module")
def contigs() -> tuple[Letters, Letters]:
    first, second = random_bases(6000, 1), random_bases(3000, 2)
    first[2000:2300] = first[500:800]
    second[100:400] = np.frombuffer(turned(first[4000:4300].tobytes()), dtype=np.uint8)
    first[5000] = ord("N")
    return first, second


def test_every_19mer_is_found_at_all_its_places_from_either_strand(contigs):
    seeds = indexed(*contigs)
    for kmer, places in slow_index(*contigs).items():
        expected = (places, len(places) > 1)
        assert looked_up(seeds, kmer) == looked_up(seeds, turned(kmer)) == expected


def test_a_19mer_the_reference_lacks_is_not_found(contigs):
    seeds, known = indexed(*contigs), slow_index(*contigs)
    text = contigs[0][-K + 1 :].tobytes() + contigs[1][: K - 1].tobytes()
    across = [text[i : i + K] for i in range(K - 1)]
    strange = [random_bases(K, seed).tobytes() for seed in range(200)]
    for kmer in (*across, *strange):
        if min(kmer, turned(kmer)) not in known:
            assert looked_up(seeds, kmer) == ([], False)


def test_repeats_are_the_stretches_that_occur_again_on_either_strand(contigs):
    flagged = np.zeros(9000, dtype=bool)
    for start in (500, 2000, 4000, 6100):
        flagged[start : start + 300] = True
    assert (indexed(*contigs).repeated == flagged)[~flagged].mean() > 0.99
    assert indexed(*contigs).repeated[flagged].all()


def test_a_chance_19mer_without_a_likeness_around_it_is_no_repeat():
    letters = random_bases(5000, 3)
    letters[3000 : 3000 + K] = letters[1000 : 1000 + K]
    seeds = indexed(letters)
    assert looked_up(seeds, letters[1000 : 1000 + K].tobytes()) == ([1000, 3000], True)
    assert not seeds.repeated.any()


def test_a_reference_shorter_than_a_19mer_has_none():
    seeds = indexed(random_bases(10, 1))
    assert not seeds.repeated.any()
    assert looked_up(seeds, random_bases(K, 1).tobytes()) == ([], False)

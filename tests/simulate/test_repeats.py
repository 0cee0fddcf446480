"""Repeats are exactly the k-mers that occur again."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.simulate.repeats import repeats

COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")


def slow(text: bytes) -> list[tuple[int, int]]:
    def canonical(kmer: bytes) -> bytes:
        return min(kmer, kmer.translate(COMPLEMENT)[::-1])

    starts = [k for k in range(len(text) - 30) if b"N" not in text[k : k + 31]]
    counts = Counter(canonical(text[k : k + 31]) for k in starts)
    found: list[list[int]] = []
    for k in starts:
        if counts[canonical(text[k : k + 31])] > 1:
            if found and k <= found[-1][1] + 62:
                found[-1][1] = k + 31
            else:
                found.append([k, k + 31])
    return [(start, end) for start, end in found]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), turned=st.booleans(), unknown=st.booleans())
def test_repeats_are_those_found_by_looking_at_every_kmer(seed, turned, unknown):
    rng = np.random.default_rng(seed)
    letters = np.frombuffer(b"ACGT", dtype=np.uint8)[rng.integers(0, 4, 900)]
    start, length = int(rng.integers(0, 300)), int(rng.integers(20, 200))
    copy = letters[start : start + length].tobytes()
    if turned:
        copy = copy.translate(COMPLEMENT)[::-1]
    letters[600 : 600 + length] = np.frombuffer(copy, dtype=np.uint8)
    letters[600 + length // 2] = ord("N" if unknown else "A")
    assert [(r.start, r.end) for r in repeats(letters)] == slow(letters.tobytes())


def test_a_genome_shorter_than_a_word_has_no_repeats():
    assert repeats(np.frombuffer(b"ACGT", dtype=np.uint8)) == ()

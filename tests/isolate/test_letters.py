"""Bases as small numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abscope.isolate.letters import (
    LETTERS,
    OTHER_IN_READ,
    encode,
    encode_into,
    find_unlike,
    reverse_complement_into,
)
from isolate.small_reads import turned

reads = st.binary(min_size=1, max_size=80).map(
    lambda raw: bytes(b"ACGTNacgtnR"[x % 11] for x in raw)
)


def codes_of(read: bytes) -> np.ndarray:
    codes = np.empty(len(read), dtype=np.uint8)
    encode_into(np.frombuffer(read, dtype=np.uint8), codes, OTHER_IN_READ)
    return codes


@given(reads)
def test_letters_come_back_in_upper_case_and_all_but_acgt_as_n(read):
    expected = bytes(x if x in b"ACGT" else ord("N") for x in read.upper())
    assert LETTERS[codes_of(read)].tobytes() == expected


@given(reads)
def test_the_reverse_complement_is_that_of_the_letters(read):
    codes = codes_of(read)
    other = np.empty_like(codes)
    reverse_complement_into(codes, other)
    assert LETTERS[other].tobytes() == LETTERS[codes_of(turned(read))].tobytes()


@given(reads, st.data())
def test_unlike_places_are_those_where_two_reads_differ(read, data):
    one = codes_of(read)
    two = codes_of(
        bytes(data.draw(st.lists(st.sampled_from(read), min_size=len(read), max_size=len(read))))
    )
    found = np.empty(len(read) + 1, dtype=np.int32)
    count = find_unlike(one, two, found)
    assert found[:count].tolist() == np.flatnonzero(one != two).tolist()


def test_a_letter_unknown_in_the_reference_never_matches_one_unknown_in_a_read():
    assert encode(np.frombuffer(b"N", dtype=np.uint8))[0] != codes_of(b"N")[0]

"""The rules by which a position is called, against the same rules in plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.isolate.calls import (
    ABSENT,
    FILTERS,
    PASS,
    READ_WEIGHT,
    Limits,
    call,
    doubt_clusters,
)
from abscope.isolate.letters import LETTERS, encode
from abscope.isolate.realign import Track

LIMITS = Limits(10, 0.9, 100.0, 1 << 40)
reads = st.integers(0, 3) | st.integers(0, 40)
column = st.lists(reads, min_size=8, max_size=8)


def called(columns, codes, *, deleted=None, masked=None, repeated=None, limits=LIMITS):
    n = len(codes)
    track = Track(
        np.array(deleted or [0] * n, dtype=np.uint16),
        np.array(masked or [False] * n, dtype=np.bool_),
        np.zeros(n, dtype=np.bool_),
    )
    again = np.array(repeated or [False] * n, dtype=np.bool_)
    codes = np.array(codes, dtype=np.uint8)
    return call(np.array(columns, dtype=np.uint16), track, codes, again, limits)


def slow_call(column, code, deleted, limits) -> str:
    both = [column[b] + column[b + 4] for b in range(4)]
    depth, top = sum(both), both.index(max(both))
    if depth + deleted == 0 or deleted > depth:
        return "-"
    if depth < limits.mincov:
        return "N"
    if both[top] < limits.minfrac * (depth + deleted):
        return "n"
    for strand in (column[:4], column[4:]):
        if sum(strand) >= 4 and 2 * strand[top] < sum(strand):
            return "n"
    if top != code and READ_WEIGHT * (2 * both[top] - depth - deleted) < limits.minqual:
        return "N"
    return "ACTG"[top]


@given(column, st.integers(0, 3), st.integers(0, 40), st.integers(1, 20), st.floats(0.51, 1))
def test_a_position_is_called_by_the_written_rules(column, code, deleted, mincov, minfrac):
    limits = Limits(mincov, minfrac, 100.0, 1 << 40)
    letters, reasons, depths = called([column], [code], deleted=[deleted], limits=limits)
    expected = slow_call(column, code, deleted, limits)
    assert chr(letters[0]) == expected
    assert (reasons[0] == PASS) == (expected in "ACGT")
    assert depths[0] == sum(column)


@given(column, st.integers(0, 3))
def test_more_reads_that_agree_never_uncall_a_base(column, code):
    letters, _, _ = called([column], [code])
    if chr(letters[0]) in "ACGT":
        base = "ACTG".index(chr(letters[0]))
        more = [n + 5 * (k % 4 == base) for k, n in enumerate(column)]
        assert called([more], [code])[0][0] == letters[0]


@pytest.mark.parametrize(
    ("column", "letter", "reason"),
    [
        ([0, 0, 0, 0, 0, 0, 0, 0], "-", "absent"),
        ([4, 0, 0, 0, 5, 0, 0, 0], "N", "low_depth"),
        ([5, 0, 0, 0, 5, 0, 0, 0], "A", "PASS"),
        ([0, 15, 0, 0, 0, 15, 0, 0], "C", "PASS"),
        ([12, 3, 0, 0, 12, 3, 0, 0], "n", "mixed"),
        ([46, 0, 0, 0, 0, 4, 0, 0], "n", "one_strand"),
    ],
)
def test_a_letter_comes_with_the_reason(column, letter, reason):
    letters, reasons, _ = called([column], [0])
    assert chr(letters[0]) == letter
    assert FILTERS[reasons[0]] == reason


def test_no_read_in_a_repeat_is_not_known_to_be_no_base():
    nothing = [[0] * 8] * 2
    letters, reasons, _ = called(nothing, [0, 0], repeated=[False, True])
    assert letters.tobytes() == b"-N"
    assert reasons.tolist() == [ABSENT, ABSENT]


def test_a_masked_position_is_not_called():
    letters, reasons, _ = called([[9, 0, 0, 0, 9, 0, 0, 0]], [0], masked=[True])
    assert letters.tobytes() == b"N"
    assert FILTERS[reasons[0]] == "near_indel"


def test_a_position_covered_too_often_is_not_called():
    limits = LIMITS._replace(mincov=1, most=6)
    letters, _, _ = called(
        [[6, 0, 0, 0, 0, 0, 0, 0], [7, 0, 0, 0, 0, 0, 0, 0]], [0, 0], limits=limits
    )
    assert letters.tobytes() == b"An"


def doubted(reference: bytes, isolate: bytes) -> bytes:
    letters = np.frombuffer(isolate, dtype=np.uint8).copy()
    reasons = np.zeros(len(letters), dtype=np.uint8)
    called = encode(letters)
    doubt_clusters(letters, reasons, called, encode(np.frombuffer(reference, dtype=np.uint8)))
    assert ((reasons == PASS) == (letters == np.frombuffer(isolate, dtype=np.uint8))).all()
    return letters.tobytes()


FLANK = b"GATTACAGGCTTAACCGTAGGCATCGATC"


def test_mismatches_that_two_gaps_explain_better_are_not_called_snps():
    reference = FLANK + b"ACGTTGCAAC" + FLANK
    isolate = FLANK + b"TACGTTGCAA" + FLANK
    seen = doubted(reference, isolate)
    assert not any(r != s and s in b"ACGT" for r, s in zip(reference, seen, strict=True))


def test_snps_that_merely_stand_close_are_kept():
    reference = FLANK + b"ACGTTGCAAC" + FLANK
    isolate = FLANK + b"AGGTCGCATC" + FLANK
    assert doubted(reference, isolate) == isolate


def test_letters_and_codes_agree():
    assert LETTERS[:4].tobytes() == b"ACTG"

"""The gapped alignment against every alignment there is."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abscope.isolate.alignment import (
    DELETED,
    EXTEND,
    MATCH,
    OPEN,
    SLACK,
    TRANSITION,
    TRANSVERSION,
    align,
    gapless_score,
)

short = st.lists(st.integers(0, 3), min_size=1, max_size=5).map(
    lambda x: np.array(x, dtype=np.uint8)
)
Moves = tuple[str, ...]


def all_alignments(n: int, m: int) -> Iterator[Moves]:
    if n == m == 0:
        yield ()
    for move, i, j in (("P", 1, 1), ("D", 1, 0), ("I", 0, 1)):
        if n >= i and m >= j:
            yield from ((move, *rest) for rest in all_alignments(n - i, m - j))


def pairs_of(moves: Moves) -> list[int]:
    pairs, j = [], 0
    for move in moves:
        if move != "I":
            pairs.append(DELETED if move == "D" else j)
        j += move != "D"
    return pairs


def slow_score(moves: Moves, reference, other) -> int:
    gaps = sum(OPEN + EXTEND * len(list(run)) for move, run in groupby(moves) if move != "P")
    paired = [(i, j) for i, j in enumerate(pairs_of(moves)) if j != DELETED]
    return gaps + sum(slow_step(int(reference[i]), int(other[j])) for i, j in paired)


def slow_step(one: int, two: int) -> int:
    if one == two:
        return MATCH
    purines = "ACTG"[one] in "AG", "ACTG"[two] in "AG"
    return TRANSITION if purines[0] == purines[1] else TRANSVERSION


def slow_uncertain(reference, other, pairs, good: list[Moves]) -> list[bool]:
    """Whether an alignment nearly as good reads a column differently."""
    unsure = []
    for i, j in enumerate(pairs):
        seen = {pairs_of(moves)[i] for moves in good}
        letters = {other[k] for k in seen if k != DELETED}
        snp = j != DELETED and other[j] != reference[i]
        unsure.append(j != DELETED and (len(letters) > 1 or (snp and DELETED in seen)))
    return unsure


@settings(deadline=None)
@given(short, short)
def test_the_alignment_is_one_of_the_best_and_its_doubts_those_of_all_nearly_as_good(
    reference, other
):
    scored = [
        (slow_score(m, reference, other), m) for m in all_alignments(len(reference), len(other))
    ]
    best = max(score for score, _ in scored)
    pairs, unsure, score = align(reference, other)
    assert score == best
    assert pairs.tolist() in [pairs_of(moves) for value, moves in scored if value == best]
    good = [moves for value, moves in scored if value >= best - SLACK]
    assert unsure.tolist() == slow_uncertain(reference, other, pairs.tolist(), good)


def codes(text: str) -> np.ndarray:
    return np.array(["ACTG".index(letter) for letter in text], dtype=np.uint8)


def test_a_gap_lies_as_far_left_as_it_can():
    pairs, unsure, _ = align(codes("GATTTTTACGGATC"), codes("GATTTACGGATC"))
    assert pairs.tolist() == [0, 1, -1, -1, *range(2, 12)]
    assert not unsure.any()


def test_substitutions_stay_substitutions_where_no_gap_explains_them():
    reference, other = codes("ACGTTGCATCGATTGCAACG"), codes("ACGTTGCTTCGGTTGCAACG")
    pairs, unsure, score = align(reference, other)
    assert pairs.tolist() == list(range(20))
    assert score == gapless_score(reference, other) == 18 * MATCH + TRANSITION + TRANSVERSION
    assert not unsure.any()


@pytest.mark.parametrize(("lost", "kept_at"), [("ATCC", 7), ("CCTA", 10)])
def test_a_snp_beside_a_deletion_is_placed_where_it_is_a_transition(lost, kept_at):
    reference, other = (codes(f"GATTACA{middle}TGATGA") for middle in (lost, "G"))
    pairs, unsure, _ = align(reference, other)
    assert [i for i in range(7, 11) if pairs[i] != DELETED] == [kept_at]
    assert not unsure[kept_at]


def test_a_snp_beside_a_deletion_is_left_open_where_both_places_are_as_likely():
    reference, other = codes("GATTACACTCCTGATGA"), codes("GATTACAGTGATGA")
    pairs, unsure, _ = align(reference, other)
    (at,) = (i for i in range(7, 11) if pairs[i] != DELETED)
    assert unsure[at]

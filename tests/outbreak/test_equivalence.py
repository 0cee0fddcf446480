"""Exposures that the cases cannot tell apart are reported as one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from abscope.outbreak.equivalence import AGREEMENT, equivalence_groups

ANSWERS = hnp.arrays(np.int8, (5, 6), elements=st.sampled_from([-1, 0, 1]))


def by_hand(answers: np.ndarray, weights: np.ndarray, posterior: np.ndarray) -> list[set[int]]:
    """The rule, word for word, one exposure after the other."""
    left = sorted(range(answers.shape[1]), key=lambda at: -posterior[at])
    groups = []
    while left:
        lead = left[0]
        group = {lead} | {at for at in left if _goes_with(answers, weights, lead, at)}
        groups.append(group)
        left = [at for at in left if at not in group]
    return groups


def _goes_with(answers: np.ndarray, weights: np.ndarray, lead: int, at: int) -> bool:
    pairs = [(w, a, b) for w, a, b in zip(weights, answers[:, lead], answers[:, at], strict=True)]
    both = sum(w for w, a, b in pairs if a >= 0 and b >= 0)
    same = sum(w for w, a, b in pairs if a >= 0 and a == b)
    named, leads = (sum(w for w, *x in pairs if x[n] == 1) for n in (1, 0))
    return both > 0 and same >= AGREEMENT * both and named > 0 and named >= leads - 1


@given(
    ANSWERS,
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=5, max_size=5),
    st.permutations(range(6)),
)
def test_the_groups_follow_the_rule(
    answers: np.ndarray, weights: list[float], places: list[int]
) -> None:
    posterior = np.array(places) / 21
    found = equivalence_groups(answers, np.array(weights), posterior)
    slow = by_hand(answers, np.array(weights), posterior)
    assert {frozenset(group) for group in found} == {frozenset(group) for group in slow}
    assert sorted(at for group in found for at in group) == list(range(6))


def test_exposures_of_the_same_cases_are_one_group_and_others_are_not() -> None:
    answers = np.array([[1, 1, 1], [1, 1, 0], [1, 1, 0], [1, -1, 0]], np.int8)
    groups = equivalence_groups(answers, np.ones(4), np.array([0.5, 0.3, 0.2]))
    assert groups == ((0, 1), (2,))


def test_comparison_patients_do_not_make_groups() -> None:
    answers = np.array([[1, 1], [1, 1], *[[0, 1]] * 9], np.int8)
    groups = equivalence_groups(answers, np.array([1, 1, *[0] * 9]), np.array([0.9, 0.1]))
    assert groups == ((0, 1),)
